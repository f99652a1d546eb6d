"""What cfn-lint and checkov say of the packaged template: nothing but what is listed with its reason."""

import json
import os
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.infra.packaged import ROOT, VARIANTS, Template, packaged

pytestmark = [pytest.mark.osls, pytest.mark.policies]

POLICIES = ROOT / "infra" / "policies"
PROGRAMS = ROOT / ".tools" / "policies" / "bin"
EXCEPTIONS = tomllib.loads((POLICIES / "exceptions.toml").read_text(encoding="utf-8"))["exception"]


# A stage without the optional parts, the other with them: the checkers look at nothing else that differs.
LOOKED_AT = {name: VARIANTS[name] for name in ("test", "prod with a domain")}


@pytest.fixture(params=LOOKED_AT.values(), ids=LOOKED_AT)
def template(request: pytest.FixtureRequest) -> Template:
    return packaged(request.param)


def checked(program: str, *arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """A checker's run, without a way out and without the settings of whoever runs it."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "HTTPS_PROXY": "http://127.0.0.1:9"}
    return subprocess.run(
        [str(PROGRAMS / program), *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def written(body: Any, folder: Path) -> str:
    path = folder / "template.json"
    path.write_text(json.dumps(body, indent=1), encoding="utf-8")
    return str(path)


def linted(path: str, folder: Path, *options: str) -> list[str]:
    """What cfn-lint finds, a line each."""
    config = str(POLICIES / "cfnlint.yaml")
    run = checked("cfn-lint", "--config-file", config, *options, "--format", "parseable", "--", path, folder=folder)
    assert run.stderr == ""
    return run.stdout.splitlines()


def failures(body: Any, folder: Path) -> set[tuple[str, str]]:
    """The checks of checkov that fail, each with its resource."""
    config = str(POLICIES / "checkov.yaml")
    run = checked("checkov", "--config-file", config, "--file", written(body, folder), folder=folder)
    report = json.loads(run.stdout)
    assert report["summary"]["parsing_errors"] == 0
    assert report["summary"]["passed"] > 100
    return {(each["check_id"], each["resource"].rpartition(".")[2]) for each in report["results"]["failed_checks"]}


def excepted(template: Template) -> set[tuple[str, str]]:
    return {
        (exception["check"], name)
        for exception in EXCEPTIONS
        for name in exception.get("resources") or template.of(exception["kind"])
    }


def test_cfn_lint_finds_nothing(template: Template, tmp_path: Path) -> None:
    assert linted(written(template.body, tmp_path), tmp_path) == []


def test_cfn_lint_finds_nothing_in_the_budget_s_own_stack_in_the_region_that_it_is_for(tmp_path: Path) -> None:
    budget = ROOT / "infra" / "budget.yml"
    (region,) = re.findall(r"--region (\S+)", budget.read_text(encoding="utf-8"))
    assert linted(str(budget), tmp_path, "--regions", region) == []
    assert "E3006" in linted(str(budget), tmp_path)[0], "if eu-north-1 knows budgets by now, it can join the stack"


def test_checkov_finds_what_is_listed_and_nothing_else(template: Template, tmp_path: Path) -> None:
    assert failures(template.body, tmp_path) == excepted(template)


def test_checkov_finds_a_table_that_is_made_carelessly(tmp_path: Path) -> None:
    template = packaged(VARIANTS["test"])
    body = json.loads(json.dumps(template.body))
    del body["Resources"]["ResponsesTable"]["Properties"]["PointInTimeRecoverySpecification"]
    assert failures(body, tmp_path) - excepted(template) == {("CKV_AWS_28", "ResponsesTable")}


@pytest.mark.parametrize("exception", EXCEPTIONS, ids=lambda exception: exception["check"])
def test_an_exception_has_a_reason_in_words_and_says_what_it_is_about(exception: dict[str, Any]) -> None:
    assert len(exception["reason"].split()) > 10
    assert ("kind" in exception) != ("resources" in exception)
