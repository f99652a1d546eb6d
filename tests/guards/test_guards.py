"""The table of guards fits the code: each guard still stands where the table says, and each test that catches it too.

Whether the tests do notice is seen by `make guards`, which takes minutes.
"""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.guards.page import page
from tests.guards.table import ROOT, Guard, guards
from tests.guards.trial import Caught, Seen

GUARDS = guards()


@pytest.mark.parametrize("guard", GUARDS, ids=[guard.name for guard in GUARDS])
def test_a_guard_stands_once_where_the_table_says(guard: Guard) -> None:
    assert list(guard.faults(ROOT)) == []
    assert guard.caught_by


@pytest.mark.parametrize("guard", GUARDS, ids=[guard.name for guard in GUARDS])
def test_without_its_guard_a_file_is_still_a_program(guard: Guard) -> None:
    """Or everything would fail, and prove nothing."""
    compile(guard.removed_from((ROOT / guard.file).read_text(encoding="utf-8")), guard.file, "exec")


def test_no_guard_is_in_the_table_twice() -> None:
    assert len({guard.name for guard in GUARDS}) == len(GUARDS)
    assert len({(guard.file, guard.text) for guard in GUARDS}) == len(GUARDS)


def test_the_page_tells_of_every_guard_in_the_table() -> None:
    written = (ROOT / "docs" / "guards.md").read_text(encoding="utf-8")
    missing = [guard.name for guard in GUARDS if f"| {guard.name} | {guard.keeps} | `{guard.file}` |" not in written]
    assert missing == [], "run 'make guards'"


def test_what_is_wrong_with_a_row_is_said(tmp_path: Path) -> None:
    (tmp_path / "code.py").write_text("if allowed:\n    go()\n")
    guard = Guard("Topic", "a guard", "a promise", "code.py", "if allowed:", "if True:", ())
    assert list(guard.faults(tmp_path)) == []
    assert list(replace(guard, text="if forbidden:").faults(tmp_path))
    assert list(replace(guard, instead=guard.text).faults(tmp_path))
    assert list(replace(guard, caught_by=("test_code.py::test_nothing",)).faults(tmp_path))


def test_a_page_has_a_table_for_each_topic() -> None:
    seen = (Seen("test_x.py::test_y", asserted=True, how="failure: assert", seconds=1.25),)
    guard = Guard("Topic", "a guard", "a promise", "code.py", "text", "instead", ("test_x.py::test_y",))
    made = page([Caught(guard, seen)], today=__import__("datetime").date(2026, 11, 24))
    assert "## Topic" in made
    assert "| a guard | a promise | `code.py` | `test_x.py::test_y` | 1.2 |" in made
