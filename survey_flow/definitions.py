"""From parsed TOML to the types of the core.

The form of a file is checked in definition_files.py, what it means (reachable questions, ranges, lengths) in
survey_check.py.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from survey_flow.access import Grant, Role
from survey_flow.collection_windows import window_from
from survey_flow.definition_files import (
    AccessFile,
    CountyFile,
    LinesFile,
    MessagesFile,
    OrganisationFile,
    PricesFile,
    QuestionFile,
    ScaleFile,
    SurveyFile,
    UnitFile,
    shaped,
)
from survey_flow.faults import Fault, FaultyDefinitions
from survey_flow.language import Language
from survey_flow.messages import Messages
from survey_flow.organisation import Organisation, Unit, address_from, ceiling_from, goals_from
from survey_flow.price import Prices, prices_from
from survey_flow.publication import month_from
from survey_flow.safety_check import Line
from survey_flow.sending_hours import hours_from
from survey_flow.survey import Prefill, Question, Respondent, Survey, Together


def survey_from(file: str, raw: Mapping[str, Any]) -> Survey:
    """One survey from its parsed file. Raises FaultyDefinitions with every fault of form that was found."""
    shape = shaped(file, "", raw, SurveyFile)
    faults: list[Fault] = []
    questions = []
    for number, raw_question in enumerate(shape.questions, 1):
        with _collecting(faults):
            questions.append(_question(file, number, raw_question, shape.scales))
    if faults:
        raise FaultyDefinitions(faults)
    return Survey(
        id=shape.id,
        version=shape.version,
        title=shape.title.texts(),
        respondents=frozenset(group.value for group in shape.respondents),
        opening=shape.opening.texts(),
        opening_neutral=shape.opening_neutral.texts(),
        thanks=shape.thanks.texts(),
        questions=tuple(questions),
        together=tuple(Together(id=g.id, questions=tuple(g.questions), text=g.texts()) for g in shape.together),
        grouped=shape.grouped,
    )


def _question(file: str, number: int, raw: Any, scales: Mapping[str, ScaleFile]) -> Question:
    name = raw.get("id", f"number {number}") if isinstance(raw, dict) else f"number {number}"
    place = f"question {name}"
    shape = shaped(file, place, raw, QuestionFile)
    scale = scales.get(shape.scale) if shape.scale else None
    if shape.scale and scale is None:
        raise FaultyDefinitions([Fault(file, place, f"its scale {shape.scale!r} is not among the survey's scales.")])
    how = scale or shape.how
    return Question(
        id=shape.id,
        kind=shape.kind,
        text=shape.texts(),
        how=how.texts() if how else {},
        neutral=shape.neutral.texts() if shape.neutral else {},
        low=scale.low if scale else 0,
        high=scale.high if scale else 0,
        dont_know=scale.dont_know if scale else shape.dont_know,
        choices=frozenset(shape.choices),
        theme=shape.theme,
        asked=shape.asked,
        respondents=frozenset(group.value for group in shape.respondents),
        only_if={question: frozenset(values) for question, values in shape.only_if.items()},
        prefill=_prefill(shape),
    )


def _prefill(shape: QuestionFile) -> Prefill | None:
    if not (shape.from_occasion or shape.from_respondent or shape.from_fact):
        return None
    return Prefill(
        occasion={occasion.value: digit for occasion, digit in shape.from_occasion.items()},
        respondent={group.value: digit for group, digit in shape.from_respondent.items()},
        fact=shape.from_fact,
        stored=shape.store_prefilled,
    )


def organisation_from(file: str, raw: Mapping[str, Any]) -> Organisation:
    """The organisation from its parsed file. Raises FaultyDefinitions."""
    shape = shaped(file, "", raw, OrganisationFile)
    faults: list[Fault] = []
    with _collecting(faults), _at(file, ""):
        ceiling = ceiling_from(shape.daily_ceiling)
    with _collecting(faults), _at(file, "prices"):
        prices = _prices(shape.prices)
    with _collecting(faults), _at(file, ""):
        results_from = month_from(shape.results_from)
        reports_to = tuple(address_from(address) for address in shape.reports_to)
        reports_from = address_from(shape.reports_from) if shape.reports_from else ""
    units = {}
    for unit_id, raw_unit in shape.units.items():
        with _collecting(faults):
            units[unit_id] = _unit(file, unit_id, raw_unit, shape.counties)
    if faults:
        raise FaultyDefinitions(faults)
    return Organisation(
        contact=shape.contact,
        calling_codes=tuple(shape.calling_codes),
        units=units,
        daily_ceiling=ceiling,
        prices=prices,
        results_from=results_from,
        keep_months=shape.keep_months,
        comment_days=shape.comment_days,
        themes={theme: names.texts() for theme, names in shape.themes.items()},
        reports_from=reports_from,
        reports_to=reports_to,
        number=shape.number,
        access=tuple(_grant(given, units) for given in shape.access),
    )


def _grant(given: AccessFile, units: Mapping[str, Unit]) -> Grant:
    """An administrator is one of every unit; the check says so to whoever names some."""
    named = frozenset(units) if given.role is Role.ADMINISTRATOR and not given.units else frozenset(given.units)
    return Grant(given.group.strip(), given.role, named)


def _prices(shape: PricesFile | None) -> Prices | None:
    if shape is None:
        return None
    return prices_from(shape.currency, segment_out=shape.segment_out, segment_in=shape.segment_in)


def _unit(file: str, unit_id: str, raw: Any, counties: Mapping[str, CountyFile]) -> Unit:
    place = f"unit {unit_id}"
    shape = shaped(file, place, raw, UnitFile)
    county = counties.get(shape.county)
    if county is None:
        raise FaultyDefinitions([Fault(file, place, f"its county {shape.county!r} is not among the counties.")])
    if unknown := shape.hours.keys() - {"default", *Respondent}:
        raise FaultyDefinitions([Fault(file, place, f"its hours are for {sorted(unknown)[0]!r}, who is no group.")])
    with _at(file, place):
        hours = {group: hours_from(text) for group, text in shape.hours.items()}
        windows = tuple(window_from(text) for text in shape.windows)
        ceiling = ceiling_from(shape.daily_ceiling)
        goals = goals_from(shape.goals)
        results_from = month_from(shape.results_from) if shape.results_from else None
        reports_to = tuple(address_from(address) for address in shape.reports_to)
    if "default" not in hours:
        raise FaultyDefinitions([Fault(file, place, 'its hours lack the line for everybody, default = "9:00-19:00".')])
    return Unit(
        id=unit_id,
        name=shape.name.texts(),
        service=shape.service.texts(),
        county=county.texts(),
        county_contact=county.contact,
        contact=shape.contact,
        surveys={group.value: survey for group, survey in shape.surveys.items()},
        other_surveys=tuple(shape.other_surveys),
        languages=tuple(shape.languages),
        hours=hours.pop("default"),
        group_hours=hours,
        neutral=shape.neutral,
        goals=goals,
        windows=windows,
        daily_ceiling=ceiling,
        results_from=results_from,
        reports_to=reports_to,
    )


def messages_from(files: Mapping[Language, tuple[str, Mapping[str, Any]]]) -> Messages:
    """The shared texts from one parsed file a language. Raises FaultyDefinitions."""
    faults: list[Fault] = []
    shapes = {}
    for language, (file, raw) in files.items():
        with _collecting(faults):
            shapes[language] = shaped(file, "", raw, MessagesFile)
    if faults:
        raise FaultyDefinitions(faults)
    return Messages(
        texts={
            language: {key: text.strip() for key, text in shape.messages.items()} for language, shape in shapes.items()
        },
        count_words={language: shape.count_words for language, shape in shapes.items()},
    )


def safety_lines_from(file: str, raw: Mapping[str, Any]) -> list[Line]:
    """The places of help from their parsed file. Raises FaultyDefinitions."""
    lines = shaped(file, "", raw, LinesFile).lines
    return [Line(number=line.number, hours=line.hours, languages=frozenset(line.languages)) for line in lines]


@contextmanager
def _collecting(faults: list[Fault]) -> Iterator[None]:
    """Goes on after a faulty part, so that whoever edits sees everything at once."""
    try:
        yield
    except FaultyDefinitions as failure:
        faults += failure.faults


@contextmanager
def _at(file: str, place: str) -> Iterator[None]:
    """Of a ValueError, whose sentence is for whoever edits, makes a fault of the place."""
    try:
        yield
    except ValueError as error:
        raise FaultyDefinitions([Fault(file, place, str(error))]) from error
