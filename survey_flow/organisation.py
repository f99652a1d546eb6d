"""Who asks: the organisation, its units, which survey goes to whom, and when a message may leave."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time

from survey_flow.language import Language
from survey_flow.survey import Survey, Texts


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
    contact: str
    calling_codes: tuple[str, ...]
    units: Mapping[str, Unit]
