"""What the tests share: engines and browsers where they are; what is missing is named, and fails in CI."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from handler.templates import checked_library
from local.ministack import PROGRAM, start_ministack, stop
from local.servers import free_port
from survey_flow.library import Library
from tests.browser import CHROMIUM
from tests.world import World, made_world

NOTHING_LEFT_OUT = os.environ.get("KUULOLLA_TEST_ALL") == "1"
MISSING = {
    "engine": (PROGRAM.exists(), "MiniStack is missing: get it with 'make setup'"),
    "browser": (CHROMIUM is not None, "Chromium is missing: get it with 'apt-get install chromium'"),
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test whose part is missing is left out with one line that says how to get it; in CI it runs, and fails."""
    for item in items:
        for marker, (there, sentence) in MISSING.items():
            if item.get_closest_marker(marker) and not there and not NOTHING_LEFT_OUT:
                item.add_marker(pytest.mark.skip(reason=sentence))


@pytest.fixture(scope="session")
def library() -> Library:
    return checked_library()


@pytest.fixture
def world(library: Library, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """The use cases over moto's DynamoDB, a carrier that writes down, and a clock that stands still."""
    from moto import mock_aws

    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_REGION", "eu-north-1")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-north-1")
    with mock_aws():
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
    import urllib.request

    urllib.request.urlopen(urllib.request.Request(f"{ministack}/_ministack/reset", method="POST")).close()
    monkeypatch.setenv("AWS_ENDPOINT_URL", ministack)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_REGION", "eu-north-1")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-north-1")
    return ministack
