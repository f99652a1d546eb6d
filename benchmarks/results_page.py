"""`python -m benchmarks.results_page`: what a unit's results cost over 100,000 made-up responses, and whether a recount
of all of them gives the counts. Prints its figures and judges no time.

One process holds the app and asks it without a network between; the embedded AWS is another on the same machine. So
the times are the app's own work and the embedded AWS's, not those of AWS, and say how they grow more than how long.
"""

import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from flask.testing import FlaskClient
from pynamodb.signals import pre_dynamodb_send

from benchmarks.generate import plan_from, write
from benchmarks.machine import ENVIRONMENT, described, machine
from benchmarks.simulated import Plan, library_of
from handler.app import create_app
from handler.settings import Settings
from handler.start import make_parts
from handler.templates import checked_library
from handler.work.parts import Parts
from handler.work.recount import Scope, rows_beside_their_folds
from handler.work.staff_key import make_key
from survey_flow.access import Right
from survey_flow.helsinki import HELSINKI
from survey_flow.library import Library
from survey_flow.publication import SHOWN_FROM, month_after

RUNS = 20
UNIT = "u07"


def main() -> None:
    plan = plan_from(__doc__)
    library = library_of(checked_library(), plan)
    with machine() as settings:
        print(f"{described()}\n")
        books, seconds = _timed(lambda: write(library, plan))
        print(f"{plan.responses} responses in {len(books)} rows of counts: written in {seconds:.0f} s.")
        parts = _parts(settings, library, plan)
        _print_requests(parts)
        _print_recount(parts)


def _parts(settings: Settings, library: Library, plan: Plan) -> Parts:
    """With the clock on the noon from which the last month is shown."""
    first = datetime.fromisoformat(f"{month_after(plan.first_month, plan.months)}-01T12:00").replace(tzinfo=HELSINKI)
    end = first + timedelta(days=SHOWN_FROM - 1)
    return make_parts(settings, clock=lambda: end, library=library)


def _print_requests(parts: Parts) -> None:
    app = create_app(("web",), environment=ENVIRONMENT, clock=parts.clock, library=parts.library)
    client = app.test_client()
    unit = UNIT if UNIT in parts.library.organisation.units else "u01"
    made = make_key(units=frozenset({unit}), rights=frozenset({Right.RESULTS}), today=parts.today())
    print(f"\n| Request, {RUNS} times | median | worst | the app's CPU | DynamoDB |\n| --- | --- | --- | --- | --- |")
    for path, headers in (
        (f"/results?unit={unit}", {}),
        (f"/api/results?unit={unit}", {"Authorization": f"Bearer {made.key}"}),
        ("/results/units?survey=nuorten-matala-nuori", {}),
        (f"/comments?unit={unit}", {}),
        (f"/units/{unit}", {}),
    ):
        with _calls() as called:
            _get(client, path, headers)
        cpu = time.process_time()
        times = [1000 * _timed(lambda: _get(client, path, headers))[1] for _ in range(RUNS)]  # noqa: B023 called at once
        cpu = 1000 * (time.process_time() - cpu) / RUNS
        operations = ", ".join(f"{count} {name}" for name, count in called.items())
        figures = f"{statistics.median(times):.0f} ms | {max(times):.0f} ms | {cpu:.0f} ms"
        print(f"| `{path}` | {figures} | {operations} |")


def _print_recount(parts: Parts) -> None:
    rows, seconds = _timed(lambda: list(rows_beside_their_folds(parts, Scope())))
    differing = [row for row in rows if row.differs]
    read = sum(row.responses for row in rows), sum(row.invitations for row in rows)
    print(f"\nRecount of {len(rows)} rows from {read[0]} responses and {read[1]} invitations: {seconds:.0f} s.")
    print(f"{len(differing)} rows differ." if differing else "It equals the counts exactly.")
    if differing or read[0] == 0:
        raise SystemExit(1)


def _get(client: FlaskClient, path: str, headers: dict[str, str]) -> None:
    answer = client.get(path, headers=headers)
    if answer.status_code != 200:
        raise SystemExit(f"{path} answered {answer.status_code}.")


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    """What the work gives, and its seconds."""
    begun = time.perf_counter()
    given = work()
    return given, time.perf_counter() - begun


@contextmanager
def _calls() -> Iterator[Counter[str]]:
    """The calls to DynamoDB within the block, by operation and table."""
    seen: Counter[str] = Counter()

    def note(_: object, operation_name: str, table_name: str | None, **__: Any) -> None:
        seen[f"{operation_name} {(table_name or '').partition('-')[2]}".strip()] += 1

    with pre_dynamodb_send.connected_to(note):
        yield seen


if __name__ == "__main__":
    main()
