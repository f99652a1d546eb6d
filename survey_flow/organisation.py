"""Who asks: the organisation, its units, which survey goes to whom, and when a message may leave."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from enum import StrEnum
from typing import Any

from survey_flow.collection_windows import Window
from survey_flow.language import Language
from survey_flow.price import Prices
from survey_flow.survey import Survey, Texts


class AtCarrier(StrEnum):
    """What becomes of the copies of the answers that the carrier keeps: removed, or their texts alone."""

    DELETE = "delete"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class Hours:
    """A message may leave from `opens` until just before `closes`, Helsinki time, on weekdays that are no holiday."""

    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class Unit:
    id: str
    name: Texts
    service: Texts
    county: Texts
    county_contact: str
    contact: str
    surveys: Mapping[str, str]
    other_surveys: tuple[str, ...]
    languages: tuple[Language, ...]
    hours: Hours
    group_hours: Mapping[str, Hours] = field(default_factory=dict)
    neutral: bool = False
    goals: Mapping[str, float] = field(default_factory=dict)
    windows: tuple[Window, ...] = ()
    daily_ceiling: int | None = None

    def asks(self, surveys: Mapping[str, Survey]) -> list[tuple[str, str]]:
        """Every group with a survey that it may be asked: the unit's own for each, then those asked by name."""
        own = list(self.surveys.items())
        named = [(group, name) for name in self.other_surveys for group in sorted(surveys[name].respondents)]
        return own + [pair for pair in named if pair not in own]

    def hours_for(self, respondent: str) -> Hours:
        return self.group_hours.get(respondent, self.hours)

    def who(self, language: Language, *, neutral: bool) -> str:
        """Who asks, as the respondent is told: the service, or in a neutral conversation the county alone."""
        return (self.county if neutral else self.service)[language]

    def contact_for(self, *, neutral: bool) -> str:
        return self.county_contact if neutral else self.contact


@dataclass(frozen=True, slots=True)
class Organisation:
    """Ceilings, here and of a unit, are openings a day; None is no ceiling."""

    contact: str
    calling_codes: tuple[str, ...]
    units: Mapping[str, Unit]
    daily_ceiling: int | None = None
    prices: Prices | None = None
    answers_at_carrier: AtCarrier = AtCarrier.DELETE


def ceiling_from(written: Any) -> int | None:
    """A ceiling as the organisation's file writes it. Raises ValueError with a sentence for whoever edits the file."""
    # True is a whole number to Python, and to nobody else.
    if written is not None and (type(written) is not int or written < 1):
        raise ValueError(f"daily_ceiling is a whole number from 1 up, not {written!r}.")
    return written
