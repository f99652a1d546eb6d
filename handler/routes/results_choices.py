"""What the form of the results offers: groups with their surveys, and whole months by the unit's own calendar."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from handler.routes.results_asked import AskedResults, period_field
from handler.routes.results_words import ResultsWords
from handler.work.results import GroupResults
from survey_flow.language import Language
from survey_flow.organisation import Unit
from survey_flow.publication import Period, calendar, month_after, month_of

# Between a group and one of its surveys in one field of the form.
_WITH = "--"
_MOST_CELLS, _MOST_QUARTERS = 12, 8


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    word: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Options:
    """Some options under a heading, or under none."""

    heading: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Calendar:
    """A unit's months: the first of its results, and today."""

    unit: Unit
    first: str
    today: date

    @property
    def this_month(self) -> str:
        return month_of(self.today)


def split_group(given: dict[str, str]) -> dict[str, str]:
    """The form's one field of group and survey as the two that they are: "youth--thl-yhteensopiva"."""
    group, separator, survey = given.get("group", "").partition(_WITH)
    return {**given, "group": group, "survey": survey} if separator else given


def group_menu(
    groups: Sequence[GroupResults], asked: AskedResults, words: ResultsWords, language: Language
) -> list[Option]:
    """All groups, then each one; with its survey's title where a group has several surveys."""
    respondents = [group.respondent for group in groups]
    menu = [Option("", words.say("all_groups"), asked.respondent is None)]
    for group in groups:
        value, word = group.respondent, words.texts[f"group_{group.respondent}"]
        chosen = asked.respondent is not None and asked.wants(group.respondent, group.survey.id)
        if respondents.count(group.respondent) > 1:
            value, word = f"{value}{_WITH}{group.survey.id}", f"{word}: {group.survey.title[language]}"
            chosen = chosen and asked.survey is not None
        menu.append(Option(value, word, chosen))
    return menu


def period_menu(
    unit_calendar: Calendar, groups: Sequence[GroupResults], asked: Period | None, words: ResultsWords
) -> list[Options]:
    """The latest, then periods by the unit's calendar, none of them twice; what is asked for is always among them."""
    chosen = period_field(asked) if asked else ""
    seen = {""}
    menu = [Options("", (Option("", words.say("latest"), not chosen),))]
    for heading, periods in _offered(unit_calendar, groups, words):
        found = []
        for period, word in periods:
            if (value := period_field(period)) not in seen:
                seen.add(value)
                found.append(Option(value, word, value == chosen))
        if found:
            menu.append(Options(heading and words.say(heading), tuple(found)))
    if asked and chosen not in seen:
        menu.insert(1, Options("", (Option(chosen, words.months((asked.first, asked.last)), True),)))
    return menu


Offered = tuple[str, list[tuple[Period, str]]]


def _offered(of: Calendar, groups: Sequence[GroupResults], words: ResultsWords) -> Iterator[Offered]:
    if of.unit.windows:
        yield "windows", _windows(of, words)
    else:
        yield "cells", _cells(groups, words)
        yield "quarters", _quarters(of, words)
    yield "years_heading", _years(of, words)
    whole = Period(of.first, of.this_month)
    year = Period(month_after(of.this_month, -11), of.this_month)
    if not of.unit.windows and year.first > whole.first:
        yield "longer", [(year, words.say("twelve_months")), (whole, words.say("everything"))]
    else:
        yield "longer", [(whole, words.say("everything"))]


def _cells(groups: Sequence[GroupResults], words: ResultsWords) -> list[tuple[Period, str]]:
    """Each published cell, the newest first, by the months of its figures."""
    found = {cell: point.months for group in groups for cell, point in zip(group.cells, group.trend, strict=True)}
    newest = sorted(found, key=lambda cell: (cell.last, cell.first), reverse=True)
    return [(cell, words.months(found[cell])) for cell in newest[:_MOST_CELLS]]


def _quarters(of: Calendar, words: ResultsWords) -> list[tuple[Period, str]]:
    month = of.this_month
    while int(month[5:]) % 3 != 1:
        month = month_after(month, -1)
    quarters: list[Period] = []
    while month_after(month, 2) >= of.first and len(quarters) < _MOST_QUARTERS:
        quarters.append(Period(month, month_after(month, 2)))
        month = month_after(month, -3)
    return [(quarter, words.months((quarter.first, quarter.last))) for quarter in quarters]


def _years(of: Calendar, words: ResultsWords) -> list[tuple[Period, str]]:
    years = range(int(of.this_month[:4]), int(of.first[:4]) - 1, -1)
    return [(Period(f"{year}-01", f"{year}-12"), words.say("year", year=year)) for year in years]


def _windows(of: Calendar, words: ResultsWords) -> list[tuple[Period, str]]:
    """The windows that have begun, the newest first. Each takes in the months since the one before it."""
    begins = {window.last[0]: (window.last[0] - window.first[0]) % 12 for window in of.unit.windows}
    found = []
    for slot in calendar(of.unit.windows, first=of.first, today=of.today):
        last = slot.months[-1]
        first = month_after(last, -begins[int(last[5:])])
        if first <= of.this_month:
            found.append((Period(slot.months[0], last), words.months((first, last))))
    return found[::-1]
