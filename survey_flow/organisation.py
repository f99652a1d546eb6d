"""Who asks: the organisation, its units, which survey goes to whom, and when a message may leave."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from typing import TYPE_CHECKING, Any

from survey_flow.collection_windows import Window
from survey_flow.language import Language
from survey_flow.price import Prices
from survey_flow.survey import Survey, Texts

if TYPE_CHECKING:
    from survey_flow.access import Grant


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
    results_from: str | None = None
    reports_to: tuple[str, ...] = ()

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
    """Ceilings, here and of a unit, are openings a day; None is no ceiling.

    `results_from` is the first month (YYYY-MM) of the results, `keep_months` how long single responses are kept,
    `comment_days` within how many days a comment is to be handled, `number` what the poster names as the sender,
    `access` who may do what.
    """

    contact: str
    calling_codes: tuple[str, ...]
    units: Mapping[str, Unit]
    daily_ceiling: int | None = None
    prices: Prices | None = None
    results_from: str = "2026-01"
    keep_months: int = 36
    comment_days: int = 14
    themes: Mapping[str, Texts] = field(default_factory=dict)
    reports_from: str = ""
    reports_to: tuple[str, ...] = ()
    number: str = ""
    access: "tuple[Grant, ...]" = ()

    def first_month(self, unit: Unit) -> str:
        """The first month of a unit's results: its own, if its calendar was begun anew, else the organisation's."""
        return unit.results_from or self.results_from


# What a unit may aim at; anything else in its goals is a misspelling.
GOALS = ("nps", "response_rate", "mean")


def address_from(written: str) -> str:
    """An e-mail address as the organisation's file writes it. Raises ValueError with a sentence."""
    # No more than addresses of people and offices use: letters without accents, no comments or quotes.
    if re.fullmatch(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", written) is None:
        raise ValueError(f'an e-mail address is written "name@example.org", not {written!r}.')
    return written


def goals_from(written: Mapping[str, float]) -> Mapping[str, float]:
    """A unit's goals. Raises ValueError with a sentence for one that is not known."""
    for name in written:
        if name not in GOALS:
            raise ValueError(f"its goals name {name!r}; what can be aimed at is {', '.join(GOALS)}.")
    return written


def ceiling_from(written: Any) -> int | None:
    """A ceiling as the organisation's file writes it. Raises ValueError with a sentence for whoever edits the file."""
    # True is a whole number to Python, and to nobody else.
    if written is not None and (type(written) is not int or written < 1):
        raise ValueError(f"daily_ceiling is a whole number from 1 up, not {written!r}.")
    return written
