"""`python -m benchmarks.generate` writes made-up responses into an embedded AWS of its own and prints how long it took.

Responses, comments, invitations and counts are all there, as closings and the schedule leave them.
"""

import argparse
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import cast

from pynamodb.transactions import TransactWrite

from benchmarks.books import Cell, cells
from benchmarks.machine import machine
from benchmarks.simulated import Plan, library_of
from handler.tables import comments, counts, invitations, responses
from handler.tables.comments import CommentRow
from handler.tables.invitations import InvitationRow
from handler.tables.responses import Place, ResponseRow
from handler.templates import checked_library
from survey_flow.library import Library


def write(library: Library, plan: Plan) -> dict[Place, dict[str, int]]:
    """Everything into the tables, which are there and empty. Gives the rows of counts."""
    books: dict[Place, dict[str, int]] = {}
    with _batches() as (to_responses, to_comments, to_invitations):
        for cell in cells(library, plan):
            for one in cell.responses:
                answers = dict(one.record.answers or {})
                responses.put(
                    to_responses,
                    one.place,
                    survey_version=one.survey_version,
                    answers=answers,
                    outcome=one.record.outcome,
                )
                if one.record.comment:
                    comments.put(to_comments, one.place, text=one.record.comment, segment=one.record.segment)
            for row in _invitations(cell):
                to_invitations.save(row)
            counts.add_alone(cell.place, cell.columns)
            books[cell.place] = cell.columns
    return books


@contextmanager
def _batches() -> Iterator[tuple[TransactWrite, TransactWrite, TransactWrite]]:
    """Batches of 25 in the place of transactions: what puts a row only saves it, which both can do."""
    with ExitStack() as stack:
        tables = (ResponseRow, CommentRow, InvitationRow)
        one, two, three = (cast(TransactWrite, stack.enter_context(table.batch_write())) for table in tables)
        yield one, two, three


def _invitations(cell: Cell) -> Iterator[InvitationRow]:
    place = cell.place
    for one in cell.sent:
        yield invitations.row(
            one.id,
            unit=place.unit,
            survey=place.survey,
            respondent=place.respondent,
            month=place.month,
            by="benchmark",
            state=one.state,
            reason=one.reason or None,
        )


def plan_from(description: str | None) -> Plan:
    """The plan that the command line names."""
    usual = Plan()
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--responses", type=int, default=usual.responses)
    parser.add_argument("--units", type=int, default=usual.units)
    parser.add_argument("--months", type=int, default=usual.months)
    parser.add_argument("--seed", type=int, default=usual.seed)
    given = parser.parse_args()
    return Plan(given.responses, given.units, given.months, seed=given.seed)


def main() -> None:
    plan = plan_from(__doc__)
    library = library_of(checked_library(), plan)
    with machine():
        begun = time.perf_counter()
        books = write(library, plan)
        seconds = time.perf_counter() - begun
    print(f"{plan.responses} responses in {len(books)} rows of counts: written in {seconds:.0f} s.")


if __name__ == "__main__":
    main()
