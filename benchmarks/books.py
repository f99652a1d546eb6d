"""What the counts of made-up responses and invitations are, folded in memory in the shape that real closings leave."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks import sends, simulated
from benchmarks.sends import Sent
from benchmarks.simulated import Plan, Simulated
from handler.tables.responses import Place
from handler.work.fold_sends import sending_columns
from survey_flow.library import Library


@dataclass(frozen=True, slots=True)
class Cell:
    """A unit's, group's and month's responses and invitations, with its row of counts."""

    place: Place
    responses: tuple[Simulated, ...]
    sent: tuple[Sent, ...]
    columns: dict[str, int]


def cells(library: Library, plan: Plan) -> Iterator[Cell]:
    """Cell by cell, so that no more than one is held."""
    for place, count in simulated.places(library, plan).items():
        responses = tuple(simulated.responses_of(library, plan, place, count))
        chance = simulated.dice(plan, f"{place} sends")
        silent = tuple(sends.unanswered(place, count, chance))
        sent = (*sends.answered(count, chance), *silent)
        columns: Counter[str] = Counter()
        for added in (*(one.columns for one in responses), *(one.columns for one in silent)):
            columns.update(added)
        columns.update(sending_columns([(one.state, one.reason) for one in sent]))
        yield Cell(place, responses, sent, dict(columns))
