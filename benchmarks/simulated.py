"""Made-up responses of many units and months: the same ones for the same plan, in memory, cell by cell.

A person's conversation is made up, and what is left of it is what the closing leaves of any conversation. Sizes are
uneven, so that there are large cells and many small ones; units differ, and drift in their own direction.
"""

import random
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from math import cos, pi

from benchmarks.person import answered
from handler.tables.responses import Place
from survey_flow.closing import MESSAGES_IN, SEGMENTS_OUT, Record, record
from survey_flow.library import Library
from survey_flow.organisation import Unit
from survey_flow.publication import month_after

# Each unit is so much smaller than the one before it: u01 has an eighth of all, u40 some three responses a month.
SMALLER = 0.88
GROUPS = {"youth": 0.68, "guardian": 0.32}
# The unit of the organisation's file that the made-up ones are like.
PATTERN = "kotka"


@dataclass(frozen=True, slots=True)
class Plan:
    """How many responses, over how many units and months from the first ("2026-01") on."""

    responses: int = 100_000
    units: int = 40
    months: int = 24
    first_month: str = "2026-01"
    seed: int = 13

    def unit_ids(self) -> list[str]:
        return [f"u{number:02}" for number in range(1, self.units + 1)]

    def all_months(self) -> list[str]:
        return [month_after(self.first_month, later) for later in range(self.months)]


@dataclass(frozen=True, slots=True)
class Simulated:
    """One response; `columns` is all that its closing adds to the counts."""

    place: Place
    survey_version: int
    record: Record
    columns: Mapping[str, int]


def library_of(shipped: Library, plan: Plan) -> Library:
    """The shipped library with made-up units alone."""
    pattern = shipped.organisation.units[PATTERN]
    units = {unit_id: _unit(pattern, unit_id) for unit_id in plan.unit_ids()}
    organisation = replace(shipped.organisation, units=units, results_from=plan.first_month)
    return replace(shipped, organisation=organisation)


def places(library: Library, plan: Plan) -> dict[Place, int]:
    """How many responses each unit, group and month has; all together as many as planned."""
    weights: dict[Place, float] = {}
    for rank, unit in enumerate(plan.unit_ids()):
        for group, share in GROUPS.items():
            survey = library.organisation.units[unit].surveys[group]
            for month in plan.all_months():
                weights[Place(unit, survey, group, month)] = share * SMALLER**rank * _season(month)
    drawn = dice(plan, "places").choices(list(weights), weights=list(weights.values()), k=plan.responses)
    found = Counter(drawn)
    return {place: found[place] for place in weights}


def responses(library: Library, plan: Plan) -> Iterator[Simulated]:
    for place, count in places(library, plan).items():
        yield from responses_of(library, plan, place, count)


def responses_of(library: Library, plan: Plan, place: Place, count: int) -> Iterator[Simulated]:
    """The responses of one cell, whichever others are asked for."""
    survey = library.surveys[place.survey]
    chance = dice(plan, str(place))
    quality = _quality(plan, place)
    for _ in range(count):
        conversation, outcome, messages = answered(survey, place, quality, chance)
        kept = record(survey, conversation, outcome)
        traffic = {SEGMENTS_OUT: conversation.segments, MESSAGES_IN: messages}
        yield Simulated(place, survey.version, kept, {**kept.columns, **traffic})


def _unit(pattern: Unit, unit_id: str) -> Unit:
    name = dict.fromkeys(pattern.name, f"Nuorten Matala {unit_id}")
    return replace(pattern, id=unit_id, name=name, other_surveys=(), reports_to=())


def _season(month: str) -> float:
    """Few in July, most in January."""
    return 1 + 0.5 * cos(2 * pi * (int(month[5:]) - 1) / 12)


def _quality(plan: Plan, place: Place) -> float:
    """How well this unit did in this month, in standard deviations of people: its own level, and its own drift."""
    chance = dice(plan, place.unit)
    level, drift = chance.gauss(0, 0.25), chance.uniform(-0.02, 0.025)
    return level + drift * plan.all_months().index(place.month) - (0.2 if place.respondent == "guardian" else 0)


def dice(plan: Plan, of: str) -> random.Random:
    return random.Random(f"{plan.seed} {of}")  # noqa: S311 made-up answers, not secrets
