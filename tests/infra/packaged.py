"""The CloudFormation template that `osls package` makes of serverless.yml and infra/, without asking anybody."""

import json
import os
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
OSLS = ROOT / ".tools" / "osls" / "node_modules" / ".bin" / "osls"
NOWHERE = "http://127.0.0.1:9"
CERTIFICATE = "arn:aws:acm:eu-north-1:123456789012:certificate/11111111-2222-4333-8444-555555555555"


@dataclass(frozen=True)
class Variant:
    """A stage, and what an organisation or a stand-in sets beside it."""

    stage: str
    params: tuple[tuple[str, str], ...] = ()


SIGN_IN = (("oidcIssuer", "https://login.example.fi"), ("oidcClientId", "kuulolla"))
VARIANTS = {
    "test": Variant("test"),
    "prod": Variant("prod"),
    "prod with a domain": Variant("prod", (("domain", "palaute.example.fi"), ("certificate", CERTIFICATE), *SIGN_IN)),
    "test on a stand-in": Variant("test", (("standIn", "ministack"), ("twilioUrl", "http://127.0.0.1:8011"))),
}


@dataclass(frozen=True)
class Template:
    variant: Variant
    body: Mapping[str, Any]

    @property
    def prefix(self) -> str:
        return f"kuulolla-{self.variant.stage}-"

    @property
    def resources(self) -> dict[str, dict[str, Any]]:
        """What is made: resources whose condition holds, with the branches of theirs that are taken."""
        every = self.body["Resources"]
        return {name: self._taken(each) for name, each in every.items() if self.holds(each.get("Condition"))}

    def of(self, kind: str) -> dict[str, dict[str, Any]]:
        """The properties of what is made of a kind, by logical id."""
        return {name: each.get("Properties", {}) for name, each in self.resources.items() if each["Type"] == kind}

    def holds(self, condition: str | None) -> bool:
        return condition is None or bool(self._value(self.body["Conditions"][condition]))

    def _taken(self, part: Any) -> Any:
        """A part of the template without its choices."""
        match part:
            case {"Fn::If": [condition, one, other]}:
                return self._taken(one if self.holds(condition) else other)
            case dict():
                return {key: self._taken(inner) for key, inner in part.items()}
            case list():
                taken = (self._taken(inner) for inner in part)
                return [inner for inner in taken if inner != {"Ref": "AWS::NoValue"}]
        return part

    def _value(self, expression: Any) -> Any:
        """What a condition comes to."""
        match expression:
            case {"Fn::Not": [inner]}:
                return not self._value(inner)
            case {"Fn::Equals": [one, other]}:
                return self._value(one) == self._value(other)
            case {"Ref": parameter}:
                return self.body["Parameters"][parameter]["Default"]
            case {"Condition": name}:
                return self.holds(name)
            case str():
                return expression
        raise ValueError(f"a condition of a kind that nobody expected: {expression}")


@cache
def packaged(variant: Variant) -> Template:
    """The template of a variant. The package in it is an empty one: what is in that is another test's."""
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        shutil.copy(ROOT / "serverless.yml", here)
        shutil.copytree(ROOT / "infra", here / "infra", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
        with zipfile.ZipFile(here / "empty.zip", "w") as package:
            package.writestr("empty", "")
        params = {"artifact": "empty.zip", **dict(variant.params)}
        given = [f"--param={name}={value}" for name, value in params.items()]
        run = subprocess.run(
            [str(OSLS), "package", "--stage", variant.stage, *given],
            cwd=here,
            env=_offline(here),
            capture_output=True,
            text=True,
            check=False,
        )
        if run.returncode:
            raise RuntimeError(f"osls package failed:\n{run.stdout}\n{run.stderr}")
        made = here / ".serverless" / "cloudformation-template-update-stack.json"
        return Template(variant, json.loads(made.read_text(encoding="utf-8")))


def _offline(home: Path) -> dict[str, str]:
    """An environment without credentials, in which every call to AWS or elsewhere fails at once."""
    ways_out = dict.fromkeys(("AWS_ENDPOINT_URL", "HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), NOWHERE)
    return {"PATH": os.environ["PATH"], "HOME": str(home), "AWS_EC2_METADATA_DISABLED": "true", **ways_out}
