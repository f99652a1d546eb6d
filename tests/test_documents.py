"""What the documents of deploying say is there: commands with their options, files, make targets, sections, figures."""

import ast
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from handler.app import create_app
from handler.settings import NEEDED
from survey_flow.library import Library

ROOT = Path(__file__).resolve().parent.parent
DEPLOYING, RUN_BOOK = "docs/deploying.md", "docs/run-book.md"
TEXTS = {name: (ROOT / name).read_text(encoding="utf-8") for name in (DEPLOYING, RUN_BOOK)}
WORKFLOWS = {path.stem: path.read_text(encoding="utf-8") for path in (ROOT / ".github" / "workflows").glob("*.yml")}

FENCED = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
INLINE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)\s]+)\)")


class Template(yaml.SafeLoader):
    """YAML with CloudFormation's short forms, which stand for themselves here."""


def _as_written(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return f"{suffix} {loader.construct_scalar(node)}"
    if isinstance(node, yaml.SequenceNode):
        return {suffix: loader.construct_sequence(node, deep=True)}
    assert isinstance(node, yaml.MappingNode)
    return {suffix: loader.construct_mapping(node, deep=True)}


Template.add_multi_constructor("!", _as_written)


def template(path: str) -> Any:
    return yaml.load((ROOT / path).read_text(encoding="utf-8"), Template)  # noqa: S506 a safe loader of our own file


FUNCTIONS = template("serverless.yml")["functions"]
ALARMS = {
    resource["Properties"]["AlarmName"].removeprefix("${self:custom.tablePrefix}"): resource["Properties"]
    for resource in template("infra/alarms.yml")["Resources"].values()
    if resource["Type"] == "AWS::CloudWatch::Alarm"
}


def blocks(name: str, language: str = "sh") -> list[str]:
    return [body for kind, body in FENCED.findall(TEXTS[name]) if kind == language]


def code(name: str) -> Iterator[str]:
    """Every command that the document names: the lines of its blocks, joined where one goes on, and inline."""
    for block in blocks(name):
        yield from block.replace("\\\n", " ").splitlines()
    yield from INLINE.findall(FENCED.sub("", TEXTS[name]))


def anchors(text: str) -> set[str]:
    """As GitHub makes them of headings."""
    headings = re.findall(r"^#+ (.+)$", FENCED.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


# --- the run book and the alarms


@pytest.mark.parametrize("name", ALARMS)
def test_an_alarm_has_its_section_in_the_run_book_and_names_it(name: str) -> None:
    assert f"\n## {name}\n" in TEXTS[RUN_BOOK]
    assert ALARMS[name]["AlarmDescription"].rstrip().endswith(f"{RUN_BOOK}#{name}.")


def test_the_run_book_has_no_section_of_an_alarm_that_is_gone() -> None:
    after = TEXTS[RUN_BOOK].partition("\n# Alarms:")[2]
    sections = [heading for heading in re.findall(r"^## (.+)$", after, re.MULTILINE) if heading[0].islower()]
    assert sections == list(ALARMS)


# --- what both name


@pytest.mark.parametrize("name", TEXTS)
def test_every_command_of_ours_exists_with_its_options(name: str) -> None:
    commands = create_app().cli
    named = [line.partition("flask --app handler.app ")[2] for line in code(name) if "flask --app handler.app " in line]
    assert len(named) > 5
    wrong = [fault for words in named for fault in _faults(commands, re.split(r"[|;>&]", words)[0].split())]
    assert wrong == []


def _faults(command: click.Command, words: list[str]) -> Iterator[str]:
    known: set[str] = set()
    for word in words:
        if isinstance(command, click.Group):
            found = command.commands.get(word)
            if found is None:
                yield f"there is no {word} in {command.name}"
                return
            command = found
            known |= {option for parameter in command.params for option in parameter.opts}
        elif word.startswith("--") and word not in known:
            yield f"{command.name} has no {word}"


@pytest.mark.parametrize("name", TEXTS)
def test_every_make_target_exists(name: str) -> None:
    lines = [line for line in code(name) if line.startswith("make ")]
    wrong = [target for line in lines for target in line.split()[1:] if target not in _targets()]
    assert lines
    assert wrong == []


def _targets() -> set[str]:
    return set(re.findall(r"^([\w./-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


@pytest.mark.parametrize("name", TEXTS)
def test_every_file_named_exists(name: str) -> None:
    beginnings = tuple(f"{path.name}/" for path in ROOT.iterdir() if path.is_dir())
    named = {
        word
        for line in code(name)
        for word in re.findall(r"[\w./-]+", line)
        if word.startswith(beginnings) and not word.startswith((".venv/", ".tools/", "build/"))
    }
    assert named
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("name", TEXTS)
def test_every_link_within_the_repository_leads_somewhere(name: str) -> None:
    wrong = []
    for link in LINK.findall(TEXTS[name]):
        if not link.startswith("https://"):
            path, _, anchor = link.partition("#")
            target = ROOT / "docs" / path if path else ROOT / name
            if not target.exists() or (anchor and anchor not in anchors(target.read_text(encoding="utf-8"))):
                wrong.append(link)
    assert wrong == []


BASH = shutil.which("bash")


@pytest.mark.skipif(BASH is None, reason="bash is missing: get it with your system's packages")
@pytest.mark.parametrize("name", TEXTS)
def test_every_block_of_commands_can_be_read_by_the_shell(name: str) -> None:
    for block in blocks(name):
        done = subprocess.run([str(BASH), "-n"], input=block, capture_output=True, text=True, check=False)
        assert done.stderr == "", block
        for program in re.findall(r"python -c '\n(.*?)'", block, re.DOTALL):
            compile(program, name, "exec")


# --- deploying


def test_the_steps_are_ten_and_each_tells_how_it_is_seen_and_undone() -> None:
    steps = re.split(r"^## (?=\d)", TEXTS[DEPLOYING], flags=re.MULTILINE)[1:]
    steps[-1] = re.split(r"^## ", steps[-1], flags=re.MULTILINE)[0]
    assert [step.split(".")[0] for step in steps] == [str(number) for number in range(1, 11)]
    assert [step.splitlines()[0] for step in steps if "*It worked when*" not in step or "*To undo:*" not in step] == []


def test_the_quota_asked_for_holds_what_the_functions_reserve() -> None:
    together = sum(function["reservedConcurrency"] for function in FUNCTIONS.values())
    sentence = re.search(
        r"one stage\s+reserve (\d+) together.*?two stages in one account (\d+),.*?less than (\d+)",
        TEXTS[DEPLOYING],
        re.DOTALL,
    )
    assert sentence is not None
    assert [int(figure) for figure in sentence.groups()] == [together, 2 * together, 2 * together + 100]


def test_every_setting_of_a_stage_is_explained() -> None:
    stages = template("infra/stages.yml")
    settings = {setting for stage in stages.values() for setting in stage}
    rows = [line.split("|")[1] for line in TEXTS[DEPLOYING].splitlines() if line.startswith("| `")]
    explained = {setting for row in rows for setting in INLINE.findall(row)}
    assert settings - explained == set()


STAGES = template("infra/stages.yml")


def test_what_a_stage_has_for_itself_alone_is_filled_in_by_stage() -> None:
    own = {"sender", "twilioAccountSid", "alarmsTo", "domain", "certificate", "mostOpeningsADay"}
    assert {name: set(settings) for name, settings in STAGES.items() if name != "default"} == {"test": own, "prod": own}
    assert not own & set(STAGES["default"])


@pytest.mark.parametrize("setting", ["sender", "domain", "certificate"])
def test_two_stages_do_not_share_what_only_one_can_have(setting: str) -> None:
    filled_in = [stage[setting] for stage in STAGES.values() if stage.get(setting)]
    assert len(filled_in) == len(set(filled_in))


def test_reports_come_from_what_the_functions_may_mail_from(library: Library) -> None:
    # "" where an organisation wants no reports by mail
    sender, identity = library.organisation.reports_from, STAGES["default"]["mailIdentity"]
    assert sender in ("", identity) or sender.endswith(f"@{identity}")


def test_a_command_on_a_stage_is_given_every_setting() -> None:
    exported = {name for block in blocks(DEPLOYING) for name in re.findall(r"\b([A-Z_]+)=", block)}
    assert set(NEEDED) - exported == set()


def test_every_output_that_is_asked_for_is_one() -> None:
    outputs = {"HttpApiId", "HttpApiUrl"}  # the framework's own
    for path in (ROOT / "infra").glob("*.yml"):
        outputs |= set((template(f"infra/{path.name}") or {}).get("Outputs", {}))
    asked = {name for text in TEXTS.values() for name in re.findall(r"\$\(told (\w+)\)", text)}
    assert asked >= {"PublicUrl", "Sender", "TwilioAccountSid"}
    assert asked - outputs == set()


# --- switching off and on


def test_switching_on_gives_back_what_serverless_yml_reserves() -> None:
    off = re.search(r"for f in ([\w ]+); do aws lambda put-function-concurrency .* 0; done", TEXTS[RUN_BOOK])
    assert off is not None
    on = dict(
        re.findall(r"--function-name kuulolla-\$stage-(\w+) --reserved-concurrent-executions (\d+)", TEXTS[RUN_BOOK])
    )
    assert set(off.group(1).split()) == {"deliver", "rescue", "tick"}
    for function in (*off.group(1).split(), "sms"):  # sms as the last resort
        assert int(on[function]) == FUNCTIONS[function]["reservedConcurrency"]


def test_what_may_still_leave_is_what_the_functions_take_at_once() -> None:
    taken = {name: FUNCTIONS[name]["events"][0]["sqs"] for name in ("deliver", "rescue")}
    most = {name: queue["maximumConcurrency"] * queue["batchSize"] for name, queue in taken.items()}
    assert most == {"deliver": 2 * 5, "rescue": 5}
    assert (
        "some fifteen messages at most may still leave (two batches of five, and five rescued replies)"
        in (TEXTS[RUN_BOOK])
    )


def test_the_stage_is_stopped_wherever_something_leaves_by_itself() -> None:
    starts = {
        name for name, function in FUNCTIONS.items() if not any("httpApi" in event for event in function["events"])
    }
    assert starts == {"deliver", "rescue", "tick", "report"}  # reports go to colleagues


# --- restoring


def _copying() -> ast.Call:
    """The write of the program that copies what is missing from a restored table."""
    (program,) = [
        each
        for block in blocks(RUN_BOOK)
        for each in re.findall(r"python -c '\n(.*?)'", block, re.DOTALL)
        if "put_item" in each
    ]
    (call,) = [
        node
        for node in ast.walk(ast.parse(program))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "put_item"
    ]
    return call


def test_a_copied_row_writes_over_nothing_whatever_its_key_is_called() -> None:
    # DynamoDB reserves some of our keys' names (unit, month) and refuses them bare.
    given = {keyword.arg: ast.unparse(keyword.value) for keyword in _copying().keywords}
    assert given == {
        "Item": "row",
        "ConditionExpression": "'attribute_not_exists(#key)'",
        "ExpressionAttributeNames": "{'#key': key}",
    }


# --- the role that deploys

# Called by the framework itself; all else by CloudFormation, from the template.
ITS_OWN = re.compile(r"(cloudformation|s3):\w+|\w+:(Validate|List|Describe|Get)\w*")


def _role() -> Any:
    (body,) = blocks(DEPLOYING, "yaml")
    return yaml.load(body, Template)["Resources"]["Deployer"]["Properties"]  # noqa: S506 a safe loader of our own file


def test_the_deploying_role_is_for_one_environment_of_one_repository() -> None:
    role = _role()
    (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Action"] == "sts:AssumeRoleWithWebIdentity"
    assert trust["Condition"] == {
        "StringEquals": {
            "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
            "token.actions.githubusercontent.com:sub": "Sub repo:${Repository}:environment:${Stage}",
        }
    }
    # Its own name is none of those that it may change.
    assert not role["RoleName"].removeprefix("Sub ").startswith("kuulolla-${Stage}-")


def test_the_deploying_role_changes_things_by_their_name_or_through_the_template_alone() -> None:
    for statement in _role()["Policies"][0]["PolicyDocument"]["Statement"]:
        if statement["Effect"] == "Deny":
            continue
        resources = statement["Resource"] if isinstance(statement["Resource"], list) else [statement["Resource"]]
        if "aws:CalledVia" in str(statement.get("Condition")):
            continue
        actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
        assert [action for action in actions if not ITS_OWN.fullmatch(action)] == [], statement["Sid"]
        if statement["Sid"] == "LooksBefore":
            assert all(re.search(":(Validate|List)", action) for action in actions)
        else:
            assert all("kuulolla-${Stage}" in resource for resource in resources), statement["Sid"]


def test_the_deploying_role_reads_nobodys_data() -> None:
    statements = _role()["Policies"][0]["PolicyDocument"]["Statement"]
    denied = {
        action
        for each in statements
        if each["Effect"] == "Deny" and "Condition" not in each
        for action in each["Action"]
    }
    assert denied >= {
        "dynamodb:*Item",
        "dynamodb:DeleteTable",
        "dynamodb:Query",
        "dynamodb:Scan",
        "lambda:InvokeFunction",
        "sqs:ReceiveMessage",
        "ssm:*",
    }


def test_the_deploying_role_unseals_nothing_but_what_dynamodb_asks_for_its_tables() -> None:
    (unseals,) = [
        each for each in _role()["Policies"][0]["PolicyDocument"]["Statement"] if "kms:Decrypt" in each["Action"]
    ]
    assert (unseals["Effect"], unseals["Action"], unseals["Resource"]) == ("Deny", "kms:Decrypt", "*")
    # A key that is asked directly has no such value, and a negated condition holds then: denied.
    assert unseals["Condition"] == {"StringNotLike": {"kms:ViaService": "dynamodb.*.amazonaws.com"}}


# --- the workflows


def _jobs(name: str) -> dict[str, Any]:
    jobs: dict[str, Any] = yaml.safe_load(WORKFLOWS[name])["jobs"]
    return jobs


@pytest.mark.parametrize("name", WORKFLOWS)
def test_an_action_stands_by_the_digest_of_its_commit(name: str) -> None:
    used = re.findall(r"uses: (.+)", WORKFLOWS[name])
    assert used
    pinned = re.compile(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+|\./\.github/workflows/\w+\.yml")
    assert [action for action in used if not pinned.fullmatch(action)] == []


@pytest.mark.parametrize("name", WORKFLOWS)
def test_a_workflow_may_only_read_and_holds_no_secret(name: str) -> None:
    assert yaml.safe_load(WORKFLOWS[name])["permissions"] == {"contents": "read"}
    assert "secrets" not in WORKFLOWS[name]


@pytest.mark.parametrize("name", WORKFLOWS)
def test_a_workflow_calls_make_targets_that_exist(name: str) -> None:
    runs = [step["run"] for job in _jobs(name).values() for step in job.get("steps", ()) if "run" in step]
    assert [run for run in runs if run.startswith("make ") and set(run.split()[1:]) - _targets()] == []


def test_a_pull_request_is_tested_and_nothing_else() -> None:
    triggers = {name: yaml.safe_load(text)[True] for name, text in WORKFLOWS.items()}  # YAML reads "on" as true
    assert [name for name, on in triggers.items() if "pull_request" in on] == ["test"]
    assert not any("pull_request_target" in on for on in triggers.values())
    assert all("id-token" not in str(job) for job in _jobs("test").values())


def test_what_was_tested_and_audited_goes_to_test_and_then_to_production() -> None:
    jobs = _jobs("deploy")
    deploying = {name: job for name, job in jobs.items() if "id-token" in str(job.get("permissions"))}
    assert {name: job["environment"] for name, job in deploying.items()} == {
        "deploy-test": "test",
        "deploy-prod": "prod",
    }
    assert all(job["permissions"] == {"contents": "read", "id-token": "write"} for job in deploying.values())
    assert [jobs[name]["needs"] for name in ("package", "deploy-test", "deploy-prod")] == [
        "test",
        "package",
        "deploy-test",
    ]
    built = [step.get("run") for step in jobs["package"]["steps"]]
    assert built.index("make package") < built.index("make audit")
    assert "build/sbom.json" in str(jobs["package"]["steps"][-1]["with"]["path"])
    for job in deploying.values():
        assert job["steps"][-1]["run"].endswith(f"osls deploy --stage {job['environment']}")
        assert {
            step["with"]["role-to-assume"] for step in job["steps"] if "role-to-assume" in step.get("with", ())
        } == {"${{ vars.AWS_ROLE }}"}


def test_the_workflow_deploys_to_the_region_of_the_stages() -> None:
    assert set(re.findall(r"aws-region: (\S+)", WORKFLOWS["deploy"])) == {STAGES["default"]["region"]}


def test_deployments_come_one_after_another() -> None:
    assert yaml.safe_load(WORKFLOWS["deploy"])["concurrency"] == {"group": "deploy", "cancel-in-progress": False}
