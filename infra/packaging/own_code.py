"""What of this repository goes into the package: by folder and kind of file, and nothing else."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from infra.packaging.faults import PackagingFailed
from infra.packaging.our_code import run_over
from infra.packaging.requirements import ROOT

# Folder -> the kinds of files that the functions read. Surveys, words and messages are not copied: the library that is
# compiled of them takes their place.
OWN = {
    "handler": (".py",),
    "survey_flow": (".py",),
    "templates/pages": (".html", ".toml"),
    "templates/mail": (".html", ".txt", ".toml"),
    "templates/static": (".css", ".js", ".svg"),
    "templates/openapi.json": (".json",),
    "docs/handbook": (".md", ".png"),
    "docs/notices": (".md",),
    "LICENSE": ("",),
}
COMPILED = "templates/compiled.pickle"
_COMPILE = (
    "import sys, pathlib; from handler import templates as t; t.compile_library(*map(pathlib.Path, sys.argv[1:]))"
)


def own_files(root: Path = ROOT) -> Iterator[Path]:
    """Relative to the root, in order. Raises PackagingFailed when a folder gives nothing: then it has moved."""
    for name, kinds in OWN.items():
        place = root / name
        found = [place] if place.is_file() else sorted(path for path in place.rglob("*") if path.suffix in kinds)
        if not found:
            raise PackagingFailed(f"{name} has nothing to pack.")
        yield from (path.relative_to(root) for path in found)


def copy_own(folder: Path, root: Path = ROOT) -> None:
    for path in own_files(root):
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(root / path, target)


def compile_templates(folder: Path, libraries: Path, root: Path = ROOT) -> None:
    """Writes the library compiled of the checked templates. `libraries` holds the requirements for this machine."""
    target = folder / COMPILED
    target.parent.mkdir(parents=True, exist_ok=True)
    run_over(root, libraries, _COMPILE, root / "templates", target, what="The templates")
