"""The list of what is inside (SBOM), in CycloneDX's JSON: made from the names and licences that lie in the package.

No serial number and no time: the same package has the same list, byte for byte.
Format: https://cyclonedx.org/docs/1.6/json/
"""

import hashlib
import json
import tomllib
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Any

from infra.packaging.leave_out import normal_name
from infra.packaging.requirements import ROOT

_LONGEST_NAME = 60  # of a licence; longer ones are its whole text


def made_sbom(folder: Path, package: Path) -> str:
    """The list for the package that was made of the folder; it names the zip by its SHA-256."""
    sbom = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": _ours(package)},
        "components": [_component(found) for found in installed(folder)],
    }
    return json.dumps(sbom, indent=2, ensure_ascii=False) + "\n"


def installed(folder: Path) -> list[Distribution]:
    """The distributions in the package, by name."""
    return sorted(distributions(path=[str(folder)]), key=lambda found: normal_name(found.name))


def _ours(package: Path) -> dict[str, Any]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {
        "type": "application",
        "name": project["name"],
        "version": project["version"],
        "licenses": [{"license": {"id": "MIT"}}],
        "hashes": [{"alg": "SHA-256", "content": hashlib.sha256(package.read_bytes()).hexdigest()}],
    }


def _component(found: Distribution) -> dict[str, Any]:
    purl = f"pkg:pypi/{normal_name(found.name)}@{found.version}"
    return {
        "type": "library",
        "bom-ref": purl,
        "name": found.name,
        "version": found.version,
        "licenses": [_licence(found)],
        "purl": purl,
    }


def _licence(found: Distribution) -> dict[str, Any]:
    """By the SPDX expression where there is one, else as the package says it (core metadata 2.4 and before)."""
    told = found.metadata
    if expression := told.get("License-Expression"):
        return {"expression": expression}
    named = told.get("License", "").strip()
    if not named or len(named) > _LONGEST_NAME:
        classifiers = [each for each in told.get_all("Classifier", []) if each.startswith("License ::")]
        named = ", ".join(each.rpartition(" :: ")[2] for each in classifiers) or "see the package"
    return {"license": {"name": named}}
