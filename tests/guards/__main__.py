"""`make guards`, or `python -m tests.guards [WORD ...]`: the guards whose topic, name or file has a word in it, or all.
`--tests WORD` runs, of their tests, those alone whose name has the word in it; guards without one are left out.

Only a run of all of them writes docs/guards.md. Two copies are worked in at once.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from queue import Queue

from tests.guards.page import page
from tests.guards.table import ROOT, Guard, guards
from tests.guards.trial import Caught, Copy

AT_ONCE = min(2, os.cpu_count() or 1)


def main(arguments: Sequence[str]) -> int:
    everything = guards()
    chosen = _chosen(everything, arguments)
    wrong = [fault for guard in chosen for fault in guard.faults(ROOT)]
    if wrong or not chosen:
        print("\n".join(wrong) or "No guard is chosen by these words.")
        return 1
    with tempfile.TemporaryDirectory(prefix="kuulolla-guards-") as folder:
        copies = [_copy(Path(folder), number) for number in range(AT_ONCE)]
        tests = sorted({test for guard in chosen for test in guard.caught_by})
        untouched = copies[0].run(tests, "-n", str(AT_ONCE), "--dist", "loadfile")
        if untouched.how:
            print(f"Untouched, a test does not pass: {untouched.how}")
            return 1
        print(f"Untouched, all tests pass ({untouched.seconds:.0f} s).", flush=True)
        caught = _tried(copies, chosen)
    missed = [each for each in caught if not each.by_all]
    if chosen == everything and not missed:
        (ROOT / "docs" / "guards.md").write_text(page(caught, today=datetime.now(UTC).date()), encoding="utf-8")
    print(outcome(caught))
    return 1 if missed else 0


def outcome(caught: Sequence[Caught]) -> str:
    """What came of it, in a sentence."""
    missed = [each.guard.name for each in caught if not each.by_all]
    told = f"{len(caught) - len(missed)} of {len(caught)} guards: taken out, their tests failed"
    return f"{told}; not so: {', '.join(missed)}." if missed else f"{told}."


def _chosen(everything: Sequence[Guard], arguments: Sequence[str]) -> list[Guard]:
    parser = argparse.ArgumentParser(prog="python -m tests.guards", description=__doc__)
    parser.add_argument("words", nargs="*", metavar="WORD")
    parser.add_argument("--tests", default="", metavar="WORD")
    asked = parser.parse_args(arguments)
    named = [
        guard
        for guard in everything
        if not asked.words or any(word in f"{guard.topic} {guard.name} {' '.join(guard.files)}" for word in asked.words)
    ]
    narrowed = [
        replace(guard, caught_by=tuple(test for test in guard.caught_by if asked.tests in test)) for guard in named
    ]
    return [guard for guard in narrowed if guard.caught_by]


def _copy(folder: Path, number: int) -> Copy:
    place = folder / str(number)
    place.mkdir()
    return Copy.made(place)


def _tried(copies: Sequence[Copy], chosen: Sequence[Guard]) -> list[Caught]:
    free: Queue[Copy] = Queue()
    for copy in copies:
        free.put(copy)

    def tried(guard: Guard) -> Caught:
        copy = free.get()
        try:
            caught = copy.without(guard)
        finally:
            free.put(copy)
        for seen in caught.seen:
            verdict = "caught" if seen.asserted else "NOT CAUGHT"
            print(f"{verdict} {seen.seconds:5.1f} s  {guard.name}  [{seen.how}]  {seen.test}", flush=True)
        return caught

    with ThreadPoolExecutor(len(copies)) as pool:
        return list(pool.map(tried, chosen))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
