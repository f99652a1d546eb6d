"""The table of guards fits the code: each guard still stands where the table says, and each test that catches it too.

Whether the tests do notice is seen by `make guards`, which takes minutes.
"""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tests.guards.__main__ import outcome
from tests.guards.page import invariants, page, row, rows_in
from tests.guards.table import INVARIANTS, ROOT, Guard, Removal, guards
from tests.guards.trial import Caught, Seen

GUARDS = guards()
TEST = "test_x.py::test_y"
GUARD = Guard("Topic", "a guard", "a promise", (Removal("code.py", "if allowed:", "if True:"),), (TEST,))
SEEN = (Seen(TEST, asserted=True, how="failure: assert", seconds=1.25),)


@pytest.mark.parametrize("guard", GUARDS, ids=[guard.name for guard in GUARDS])
def test_a_guard_stands_once_where_the_table_says(guard: Guard) -> None:
    assert list(guard.faults(ROOT)) == []
    assert guard.caught_by


@pytest.mark.parametrize("guard", GUARDS, ids=[guard.name for guard in GUARDS])
def test_without_its_guard_a_file_is_still_a_program(guard: Guard) -> None:
    """Or everything would fail, and prove nothing."""
    for file, content in guard.without(ROOT).items():
        compile(content, file, "exec")


def test_no_guard_is_in_the_table_twice() -> None:
    assert len({guard.name for guard in GUARDS}) == len(GUARDS)
    assert len({frozenset((each.file, each.text) for each in guard.removals) for guard in GUARDS}) == len(GUARDS)


def test_each_invariant_has_its_guards_before_all_others() -> None:
    topics = list(dict.fromkeys(guard.topic for guard in GUARDS))
    assert topics[: len(INVARIANTS)] == list(INVARIANTS)


def test_the_page_tells_of_every_guard_as_the_table_has_it() -> None:
    written = (ROOT / "docs" / "guards.md").read_text(encoding="utf-8")
    assert rows_in(written) == [row(guard) for guard in GUARDS], "run 'make guards'"
    assert "\n".join(invariants(GUARDS)) in written, "run 'make guards'"


def test_what_is_wrong_with_a_row_is_said(tmp_path: Path) -> None:
    (tmp_path / "code.py").write_text("if allowed:\n    go()\n")
    (taken,) = GUARD.removals
    guard = replace(GUARD, caught_by=())
    assert list(guard.faults(tmp_path)) == []
    for wrong in (
        replace(taken, text="if forbidden:"),
        replace(taken, instead=taken.text),
        replace(taken, file="x.py"),
    ):
        assert list(replace(guard, removals=(wrong,)).faults(tmp_path))
        assert list(replace(guard, removals=(taken, wrong)).faults(tmp_path))
    assert list(replace(guard, caught_by=("test_code.py::test_nothing",)).faults(tmp_path))


def test_guards_of_one_name_are_taken_out_together(tmp_path: Path) -> None:
    (tmp_path / "code.py").write_text("if allowed:\n    go()\nif asked:\n    stay()\n")
    (tmp_path / "other.py").write_text("assert allowed\n")
    more = (Removal("code.py", "if asked:", "if False:"), Removal("other.py", "assert allowed", "pass"))
    both = replace(GUARD, removals=(*GUARD.removals, *more))
    assert both.without(tmp_path) == {"code.py": "if True:\n    go()\nif False:\n    stay()\n", "other.py": "pass\n"}


def test_a_table_may_name_more_to_take_out(tmp_path: Path) -> None:
    table = tmp_path / "table.toml"
    table.write_text(
        f"""[[Topic]]
name = "a guard"
keeps = "a promise"
file = "code.py"
text = "if allowed:"
instead = "if True:"
also = [{{file = "other.py", text = "assert", instead = "pass"}}]
caught_by = ["{TEST}"]
"""
    )
    assert guards(table) == [replace(GUARD, removals=(*GUARD.removals, Removal("other.py", "assert", "pass")))]


def test_a_page_has_a_table_for_each_topic() -> None:
    made = page([Caught(GUARD, SEEN)], today=date(2026, 11, 24))
    assert "## Topic" in made
    assert f"| a guard | a promise | `code.py` | `{TEST}` | {GUARD.digest} | 1.2 |" in made


@pytest.mark.parametrize(
    "differs",
    [
        {"name": "another"},
        {"keeps": "another promise"},
        {"caught_by": (TEST, "test_x.py::test_z")},
        {"removals": (Removal("code.py", "if allowed:", "if 1:"),)},
        {"removals": (Removal("code.py", "if  allowed:", "if True:"),)},
        {"removals": (*GUARD.removals, Removal("code.py", "go()", "pass"))},
    ],
    ids=["name", "promise", "tests", "instead", "text", "one more"],
)
def test_a_page_of_before_a_row_changed_is_not_the_page_of_it(differs: dict[str, object]) -> None:
    before = page([Caught(GUARD, SEEN)], today=date(2026, 11, 24))
    assert rows_in(before) == [row(GUARD)]
    assert rows_in(before) != [row(replace(GUARD, **differs))]  # type: ignore[arg-type]


def test_the_outcome_says_how_many_were_noticed_and_which_were_not() -> None:
    noticed, missed = Caught(GUARD, SEEN), Caught(replace(GUARD, name="another"), (replace(SEEN[0], asserted=False),))
    assert outcome([noticed, noticed]) == "2 of 2 guards: taken out, their tests failed."
    assert outcome([noticed, missed]) == "1 of 2 guards: taken out, their tests failed; not so: another."
