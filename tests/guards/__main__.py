"""`make guards`, or `python -m tests.guards [WORD ...]`: those guards whose name or file has a word in it, or all.

Only a run of all of them writes docs/guards.md. Two copies are worked in at once.
"""

import os
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from queue import Queue

from tests.guards.page import page
from tests.guards.table import ROOT, Guard, guards
from tests.guards.trial import Caught, Copy

AT_ONCE = min(2, os.cpu_count() or 1)


def main(words: Sequence[str]) -> int:
    everything = guards()
    chosen = [guard for guard in everything if not words or any(word in f"{guard.name} {guard.file}" for word in words)]
    wrong = [fault for guard in chosen for fault in guard.faults(ROOT)]
    if wrong:
        print("\n".join(wrong))
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
    print(f"{len(caught) - len(missed)} of {len(caught)} guards were missed by their tests when they were gone.")
    return 1 if missed else 0


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
