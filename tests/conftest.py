"""What the tests share: engines and browsers where they are; what is missing is named, and fails in CI."""

import logging
import os
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from flask import Flask

from handler.templates import checked_library
from infra.packaging.runtime import RUNTIME, has_runtime
from local import dynamodb_local
from local.ministack import PROGRAM, ROOT, aws_at, start_ministack, stop
from local.servers import free_port
from survey_flow.library import Library
from tests.browser import CHROMIUM, started
from tests.machine import Machine, machine
from tests.page_client import PageClient
from tests.roles import held_to_roles
from tests.world import World, made_world

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from local.carrier.testing import World as Carrier

Flask.test_client_class = PageClient
NOTHING_LEFT_OUT = os.environ.get("KUULOLLA_TEST_ALL") == "1"
TOOLS = ROOT / ".tools"
MISSING = {
    "engine": (PROGRAM.exists(), "MiniStack is missing: get it with 'make setup'"),
    "browser": (CHROMIUM is not None, "Chromium is missing: get it with 'apt-get install chromium'"),
    "runtime": (
        has_runtime() and (TOOLS / "lambda" / "installed").exists(),
        f"Lambda's Python {RUNTIME} or its runtime client is missing: install the first, then 'make tools'",
    ),
    "osls": (
        (TOOLS / "osls" / "installed").exists(),
        "the Serverless Framework is missing: install Node.js 20.19 or newer, then 'make tools'",
    ),
    "policies": ((TOOLS / "policies" / "installed").exists(), "cfn-lint and checkov are missing: 'make tools'"),
    "oidc": (
        (TOOLS / "oidc" / "installed").exists(),
        "the OpenID Connect provider is missing: install Node.js 20.19 or newer, then 'make tools'",
    ),
    "second_engine": (
        dynamodb_local.is_installed(),
        f"DynamoDB Local is missing: {dynamodb_local.HOW_TO_GET_IT}",
    ),
    "faults": ((TOOLS / "microburst" / "installed").exists(), "microburst is missing: 'make tools'"),
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test whose part is missing is left out with one line that says how to get it; in CI it runs, and fails."""
    for item in items:
        for marker, (there, sentence) in MISSING.items():
            if item.get_closest_marker(marker) and not there and not NOTHING_LEFT_OUT:
                item.add_marker(pytest.mark.skip(reason=sentence))


def empty(ministack: str) -> None:
    urllib.request.urlopen(urllib.request.Request(f"{ministack}/_ministack/reset", method="POST")).close()


@pytest.fixture(scope="session")
def library() -> Library:
    return checked_library()


@pytest.fixture
def empty_aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """moto's AWS, with nothing in it."""
    from moto import mock_aws

    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_REGION", "eu-north-1")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-north-1")
    with mock_aws():
        yield


@pytest.fixture
def world(library: Library, empty_aws: None) -> Iterator[World]:
    """The use cases over moto's DynamoDB, a carrier that writes down, and a clock that stands still."""
    with held_to_roles("test-", "eu-north-1"):
        yield made_world(library, prefix="test-")


@pytest.fixture(scope="session")
def ministack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a MiniStack of this test run."""
    port = free_port()
    log: Path = tmp_path_factory.mktemp("ministack") / "log"
    process = start_ministack(port, log=log)
    yield f"http://127.0.0.1:{port}"
    stop(process)


@pytest.fixture
def engine(ministack: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """An empty MiniStack, found by whatever speaks to AWS in this process."""
    empty(ministack)
    for name, value in aws_at(ministack).items():
        monkeypatch.setenv(name, value)
    return ministack


@pytest.fixture(scope="session")
def second_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a DynamoDB Local of this test run."""
    port = free_port()
    process = dynamodb_local.start_dynamodb_local(port, log=tmp_path_factory.mktemp("dynamodb") / "log")
    yield f"http://127.0.0.1:{port}"
    stop(process)


@pytest.fixture(
    params=[
        pytest.param("ministack", marks=pytest.mark.engine, id="MiniStack"),
        pytest.param("second_engine", marks=pytest.mark.second_engine, id="DynamoDB Local"),
    ]
)
def each_engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """An empty DynamoDB, once of each engine that keeps its promises under threads."""
    address: str = request.getfixturevalue(request.param)
    key = "test"
    if request.param == "ministack":
        empty(address)
    else:  # a database for each access key
        key = uuid4().hex
    for name, value in aws_at(address, key=key).items():
        monkeypatch.setenv(name, value)
    return address


@pytest.fixture
def running(engine: str, tmp_path: Path) -> Iterator[Machine]:
    """The app and the carrier as processes of their own."""
    with machine(engine, tmp_path) as running:
        yield running


@pytest.fixture
def net() -> "Iterator[Carrier]":
    """The stand-in carrier, with an app that writes down what it is posted."""
    from local.carrier.testing import world

    with world() as made:
        yield made


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    with started() as chromium:
        yield chromium


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Where pictures go: KUULOLLA_PICTURES, else pytest's own folder."""
    folder = Path(os.environ.get("KUULOLLA_PICTURES", tmp_path))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def all_told(caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Callable[[], str]:
    """Gives what was logged and printed until then, the logs of other processes in the test's folder included."""
    caplog.set_level(logging.INFO)

    def read() -> str:
        printed = capsys.readouterr()
        logs = [path.read_text() for path in tmp_path.glob("*.log")]
        return "\n".join([caplog.text, printed.out, printed.err, *logs])

    return read
