"""docs/guards.md: what was taken out, and what noticed."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby

from tests.guards.table import INVARIANTS, Guard
from tests.guards.trial import Caught

_HEAD = """# Guards, each taken out once

Written by `make guards` on {day}: not to be edited by hand. Each line is a guard in the code: it was taken out of a
copy of the tree, and the tests named were run. Each of them failed with an assertion, as it should: so the promise is
kept by that guard, and somebody would notice if it were lost. Untouched, all of them pass. Guards named together were
taken out together: either alone keeps the promise.

The table is [tests/guards/guards.toml](../tests/guards/guards.toml), with the text of each guard and what stood in its
place; the figure in the last column but one is a digest of the two. {count} guards, {seconds:.0f} seconds of tests.
"""
_INVARIANTS_HEAD = """## The invariants

What the whole rests on. The first parts below are theirs, in this order; after them come further promises.

| Invariant | Guards | Tests that failed |
| --- | --- | --- |"""
_TOPIC_HEAD = """
## {topic}

| Guard | What it keeps | In | Caught by | Digest | Seconds |
| --- | --- | --- | --- | --- | --- |"""


def page(caught: Sequence[Caught], *, today: date) -> str:
    """The whole page."""
    seconds = sum(each.seconds for each in caught)
    head = _HEAD.format(day=today.isoformat(), count=len(caught), seconds=seconds)
    return "\n".join([head, *invariants([each.guard for each in caught]), *_topics(caught)]) + "\n"


def invariants(guards: Sequence[Guard]) -> Iterator[str]:
    """How many guards and tests each invariant has."""
    yield _INVARIANTS_HEAD
    for invariant in INVARIANTS:
        own = [guard for guard in guards if guard.topic == invariant]
        tests = {test for guard in own for test in guard.caught_by}
        yield f"| [{invariant}](#{_anchor(invariant)}) | {len(own)} | {len(tests)} |"


def row(guard: Guard) -> str:
    """All of a guard's line but how long it took."""
    files = "<br>".join(f"`{file}`" for file in guard.files)
    tests = "<br>".join(f"`{test}`" for test in guard.caught_by)
    return f"| {guard.name} | {guard.keeps} | {files} | {tests} | {guard.digest} |"


def rows_in(written: str) -> list[str]:
    """The guards' lines of a page, as `row` gives them."""
    return [
        line.removesuffix("|").rpartition("|")[0] + "|"
        for line in written.splitlines()
        if line.startswith("| ") and line.count("|") > 6 and not line.startswith(("| Guard", "| ---"))
    ]


def _topics(caught: Sequence[Caught]) -> Iterator[str]:
    for topic, rows in groupby(caught, key=lambda each: each.guard.topic):
        yield _TOPIC_HEAD.format(topic=topic)
        yield from (f"{row(each.guard)} {each.seconds:.1f} |" for each in rows)


def _anchor(heading: str) -> str:
    return "".join(sign for sign in heading.lower().replace(" ", "-") if sign.isalnum() or sign == "-")
