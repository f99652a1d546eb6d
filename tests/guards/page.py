"""docs/guards.md: what was taken out, and what noticed."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby

from tests.guards.trial import Caught

_HEAD = """# Guards, each taken out once

Written by `make guards` on {day}: not to be edited by hand. Each line is a guard in the code: it was taken out of a
copy of the tree, and the tests named were run. Each of them failed with an assertion, as it should: so the promise is
kept by that guard, and somebody would notice if it were lost. Untouched, all of them pass.

The table is [tests/guards/guards.toml](../tests/guards/guards.toml), with the text of each guard and what stood in its
place. {count} guards, {seconds:.0f} seconds of tests.
"""


def page(caught: Sequence[Caught], *, today: date) -> str:
    """The whole page."""
    seconds = sum(each.seconds for each in caught)
    return "\n".join([_HEAD.format(day=today.isoformat(), count=len(caught), seconds=seconds), *_topics(caught)]) + "\n"


def _topics(caught: Sequence[Caught]) -> Iterator[str]:
    for topic, rows in groupby(caught, key=lambda each: each.guard.topic):
        yield f"## {topic}\n"
        yield "| Guard | What it keeps | In | Caught by | Seconds |"
        yield "| --- | --- | --- | --- | --- |"
        yield from map(_row, rows)
        yield ""


def _row(caught: Caught) -> str:
    guard = caught.guard
    tests = "<br>".join(f"`{test}`" for test in guard.caught_by)
    return f"| {guard.name} | {guard.keeps} | `{guard.file}` | {tests} | {caught.seconds:.1f} |"
