"""Taking a guard out of a copy of the tree, and seeing whether its tests notice."""

import os
import shutil
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from tests.guards.table import ROOT, Guard

# What is installed, and not part of the tree.
_LINKED = (".venv", ".tools")
# So a failed assertion begins in a report; what cannot be imported, or ends in a fault, is no proof.
_ASSERTED = ("AssertionError", "assert ", "Failed: DID NOT RAISE", "ExceptionGroup: Hypothesis found")
_LONGEST_SECONDS = 240
# Tests that play at random play the same here, whatever is set where this is run.
_CHANCE = {"KUULOLLA_SEED": "1", "KUULOLLA_DEPTH": "1"}


@dataclass(frozen=True, slots=True)
class Seen:
    """What one test made of a tree: how it failed, "" when it did not."""

    test: str
    asserted: bool
    how: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Caught:
    guard: Guard
    seen: tuple[Seen, ...]

    @property
    def by_all(self) -> bool:
        return all(each.asserted for each in self.seen)

    @property
    def seconds(self) -> float:
        return sum(each.seconds for each in self.seen)


class Copy:
    """A copy of the tree in which guards can be taken out."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._written = time.time()

    @classmethod
    def made(cls, folder: Path) -> Self:
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607 whichever git there is
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        )
        for name in filter(None, listed.stdout.split("\0")):
            if (ROOT / name).is_file():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, folder / name)
        for name in _LINKED:
            if (ROOT / name).exists():
                (folder / name).symlink_to(ROOT / name)
        return cls(folder)

    def without(self, guard: Guard) -> Caught:
        """Each test that should notice, run without the guard, which is put back after them."""
        whole = {file: (self.folder / file).read_text(encoding="utf-8") for file in guard.files}
        self._write(guard.without(self.folder))
        try:
            return Caught(guard, tuple(self.run([test]) for test in guard.caught_by))
        finally:
            self._write(whole)

    def run(self, tests: Sequence[str], *more: str) -> Seen:
        """All of them together, until the first that fails."""
        report = self.folder / "guards-report.xml"
        report.unlink(missing_ok=True)
        options = ("-x", "-q", "-p", "no:cacheprovider", f"--junit-xml={report}")
        # One figure for all: what hangs on the order of a set must not be caught by chance.
        environment = {**os.environ, **_CHANCE, "PYTHONHASHSEED": "0", "KUULOLLA_TEST_ALL": "1"}
        begun = time.monotonic()
        try:
            subprocess.run(
                [sys.executable, "-m", "pytest", *options, *more, *tests],
                cwd=self.folder,
                env=environment,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=_LONGEST_SECONDS * len(tests),
                check=False,
            )
        except subprocess.TimeoutExpired:
            return Seen(tests[0], asserted=False, how="did not end in time", seconds=time.monotonic() - begun)
        asserted, how = _read(report)
        return Seen(tests[0], asserted, how, time.monotonic() - begun)

    def _write(self, contents: Mapping[str, str]) -> None:
        """With a time of change of its own: Python takes byte code of the same second and size for current."""
        self._written += 10
        for file, content in contents.items():
            (self.folder / file).write_text(content, encoding="utf-8")
            os.utime(self.folder / file, (self._written, self._written))


def _read(report: Path) -> tuple[bool, str]:
    """Whether an assertion failed, and the first words of the fault."""
    if not report.exists():
        return False, "pytest could not begin"
    suite = ET.parse(report).getroot().find("testsuite")  # noqa: S314 written by pytest a moment ago
    if suite is None or not int(suite.get("tests", "0")):
        return False, "no test was run"
    for case in suite.iter("testcase"):
        for fault in case:
            message = fault.get("message", "").strip()
            if fault.tag in ("failure", "error"):
                asserted = fault.tag == "failure" and message.startswith(_ASSERTED)
                first = message.splitlines()[0][:160] if message else ""
                return asserted, f"{fault.tag} in {case.get('name')}: {first}"
            if fault.tag == "skipped":
                return False, f"left out: {message[:160]}"
    return False, ""
