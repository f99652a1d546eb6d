"""The package: the same bytes each time, the platform's own binaries, valid byte code, and nothing else."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from infra.packaging import audit, bounds
from infra.packaging.binaries import foreign_binaries
from infra.packaging.build import Package
from infra.packaging.byte_code import without_byte_code
from infra.packaging.forbidden import forbidden_files
from infra.packaging.leave_out import name_of, normal_name, rules
from infra.packaging.own_code import COMPILED, OWN
from infra.packaging.platforms import Platform
from infra.packaging.runtime import RUNTIME, runtime_python
from infra.packaging.sbom import installed
from tests.infra import ROOT

runtime = pytest.mark.runtime


def unpack(package: Package, folder: Path) -> Path:
    with ZipFile(package.path) as packed:
        packed.extractall(folder)
    return folder


def names(package: Package) -> set[str]:
    with ZipFile(package.path) as packed:
        return set(packed.namelist())


# --- the same bytes


@runtime
def test_the_same_bytes_come_from_another_place_umask_day_and_hash_seed(arm64: Package, tmp_path: Path) -> None:
    other = tmp_path / "another place"
    for name in OWN:
        copied = shutil.copytree if (ROOT / name).is_dir() else shutil.copyfile
        (other / name).parent.mkdir(parents=True, exist_ok=True)
        copied(ROOT / name, other / name)
    shutil.copytree(ROOT / "templates", other / "templates", dirs_exist_ok=True)
    for path in other.rglob("*"):
        os.utime(path, (1_000_000_000, 1_000_000_000))
    code = (
        "import os, sys; from pathlib import Path; os.umask(0o077)\n"
        "from infra.packaging.build import build; from infra.packaging.platforms import Platform\n"
        "build(Path(sys.argv[1]), Platform.ARM64, Path(sys.argv[2]))"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "77", "TZ": "Pacific/Auckland", "LC_ALL": "C"}
    command = [sys.executable, "-c", code, str(tmp_path / "target"), str(other)]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)
    again = (tmp_path / "target" / arm64.path.name).read_bytes()
    assert again == arm64.path.read_bytes()
    assert (tmp_path / "target" / arm64.sbom.name).read_text() == arm64.sbom.read_text()


@runtime
def test_entries_tell_no_day_and_everybody_may_read_them(arm64: Package) -> None:
    with ZipFile(arm64.path) as packed:
        entries = packed.infolist()
    assert [entry.filename for entry in entries] == sorted(entry.filename for entry in entries)
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    modes = {entry.external_attr >> 16 & 0o777 for entry in entries}
    assert modes == {0o644, 0o755}
    assert {entry.filename.endswith(".so") for entry in entries if entry.external_attr >> 16 & 0o111} == {True}


# --- what is inside


@runtime
def test_no_binary_is_of_another_machine(arm64: Package, here: Package, tmp_path: Path) -> None:
    deployed = unpack(arm64, tmp_path / "arm64")
    assert foreign_binaries(deployed, Platform.ARM64) == []
    assert foreign_binaries(deployed, Platform.X86_64) == sorted(name for name in names(arm64) if name.endswith(".so"))
    assert foreign_binaries(unpack(here, tmp_path / "here"), here.platform) == []


@runtime
def test_both_platforms_hold_the_same_but_for_binaries(arm64: Package, here: Package) -> None:
    def plain(package: Package) -> set[str]:
        return {name for name in names(package) if not name.endswith(".so")}

    assert plain(arm64) == plain(here)


@runtime
def test_every_source_has_valid_byte_code_that_tells_nothing_of_the_building_machine(
    unpacked: Path, tmp_path: Path
) -> None:
    assert without_byte_code(unpacked) == []
    place = str(tmp_path.parent.parent).encode()
    told = [path for path in unpacked.rglob("*") if path.is_file() and _tells(path, place)]
    assert told == []
    assert b"/var/task/handler/app.py" in (unpacked / f"handler/__pycache__/app.cpython-{_tag()}.pyc").read_bytes()


def _tells(path: Path, place: bytes) -> bool:
    content = path.read_bytes()
    return place in content or str(ROOT).encode() in content or b"/tmp/kuulolla-" in content


def _tag() -> str:
    return RUNTIME.replace(".", "")


@runtime
def test_stale_byte_code_is_found(unpacked: Path, tmp_path: Path) -> None:
    shutil.copytree(unpacked / "jmespath", tmp_path / "jmespath")
    (tmp_path / "jmespath" / "lexer.py").write_text("changed = 1\n")
    (tmp_path / "jmespath" / "__pycache__" / f"ast.cpython-{_tag()}.pyc").unlink()
    assert without_byte_code(tmp_path) == ["jmespath/ast.py", "jmespath/lexer.py"]


@runtime
def test_our_part_is_what_the_functions_read_and_nothing_else(arm64: Package) -> None:
    ours = {name for name in names(arm64) if name.startswith(("handler/", "survey_flow/", "templates/", "docs/"))}
    assert COMPILED in ours
    assert {Path(name).suffix for name in ours if not name.startswith("templates/static/")} == {
        *(".py", ".pyc", ".pickle", ".marshal", ".html", ".txt", ".toml", ".json", ".md", ".png")
    }
    assert not {name for name in ours if name.startswith(("templates/surveys", "templates/words", "templates/safety"))}
    top = {name.partition("/")[0] for name in names(arm64)}
    assert top.isdisjoint({"tests", "local", "infra", "benchmarks", "bin", "share", "pyproject.toml", "serverless.yml"})


@runtime
def test_nothing_that_may_hold_a_secret_is_inside(unpacked: Path) -> None:
    assert forbidden_files(unpacked) == []


@pytest.mark.parametrize("name", [".env", "handler/.env.prod", "server.key", "tests/x.py", "a/credentials", "x.pem"])
def test_what_may_hold_a_secret_is_found(tmp_path: Path, name: str) -> None:
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_text("x")
    assert forbidden_files(tmp_path) == [name]


@runtime
def test_a_package_with_a_foreign_binary_is_refused(tmp_path: Path) -> None:
    for name, head in {"a.so": b"\x7fELF" + bytes(14) + b"\x3e\x00", "b.so": b"text", "c": b"\xcf\xfa\xed\xfe"}.items():
        (tmp_path / name).write_bytes(head)
    assert foreign_binaries(tmp_path, Platform.ARM64) == ["a.so", "b.so", "c"]
    assert foreign_binaries(tmp_path, Platform.X86_64) == ["b.so", "c"]


# --- what is left out


@runtime
def test_every_rule_of_what_is_left_out_still_names_something(arm64: Package) -> None:
    assert [pattern for pattern, files in arm64.left_out.items() if not files] == []


def test_every_rule_has_a_reason() -> None:
    assert [rule for rule in rules() if not rule.why.endswith(".")] == []


@runtime
def test_licences_travel_with_the_code(arm64: Package, unpacked: Path) -> None:
    without = [found.name for found in installed(unpacked) if not _licence_files(unpacked, found.name)]
    assert without == WITHOUT_LICENCE_FILE
    assert "LICENSE" in names(arm64)


# Their wheels have none; what they are licensed under stands in their METADATA.
WITHOUT_LICENCE_FILE: list[str] = []


def _licence_files(folder: Path, name: str) -> list[Path]:
    (found,) = [path for path in folder.glob("*.dist-info") if name_of(path) == normal_name(name)]
    return [path for path in found.rglob("*") if path.name.upper().startswith(("LICEN", "COPYING", "NOTICE"))]


# --- the list of what is inside


@runtime
def test_the_list_names_exactly_what_is_inside(arm64: Package) -> None:
    listed = json.loads(arm64.sbom.read_text())
    inside = {Path(name).parts[0] for name in names(arm64) if ".dist-info/" in name}
    versions = {name_of(Path(name)): name.removesuffix(".dist-info").rpartition("-")[2] for name in inside}
    assert {normal_name(each["name"]): each["version"] for each in listed["components"]} == versions
    assert all(each["licenses"] and each["purl"].endswith(f"@{each['version']}") for each in listed["components"])
    left_out = {normal_name(name) for rule in rules() for name in rule.distributions}
    assert left_out.isdisjoint(versions)
    assert "serialNumber" not in listed
    assert "timestamp" not in listed["metadata"]


# --- bounds and tools


@runtime
def test_the_package_keeps_within_its_bounds(arm64: Package, here: Package) -> None:
    for package in (arm64, here):
        assert bounds.faults_of_size(package.zipped, package.unpacked) == []


def test_a_bound_that_is_passed_is_a_sentence() -> None:
    assert bounds.faults_of_size(bounds.MOST_ZIPPED + 100_000, bounds.MOST_UNPACKED) == [
        f"The package has {bounds.MOST_ZIPPED / 1e6 + 0.1:.1f} MB zipped, more than {bounds.MOST_ZIPPED / 1e6:.0f} "
        "(infra/packaging/bounds.py)."
    ]
    assert bounds.faults_of_import(bounds.MOST_IMPORT_RATIO) == []
    assert bounds.faults_of_import(bounds.MOST_IMPORT_RATIO + 0.01)


@runtime
def test_the_runtimes_python_is_the_one_that_serverless_yml_names() -> None:
    assert f"runtime: python{RUNTIME}" in (ROOT / "serverless.yml").read_text()
    told = subprocess.run([runtime_python(), "-V"], capture_output=True, text=True, check=True).stdout
    assert told.startswith(f"Python {RUNTIME}.")


def test_without_the_runtimes_python_one_sentence_says_so(tmp_path: Path) -> None:
    environment = {"PATH": "/nowhere", "HOME": str(tmp_path), "PYENV_ROOT": str(tmp_path)}
    command = [sys.executable, "-m", "infra.packaging", "--target", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    (sentence,) = done.stderr.strip().splitlines()
    assert sentence.startswith(f"Python {RUNTIME}")


def test_the_audit_never_passes_what_it_could_not_ask() -> None:
    assert "--strict" in audit.command()
