"""From parsed TOML to the types of the core.

Types, missing keys and unknown keys are msgspec's work; this module turns its reasons into sentences once. What a file
means (reachable questions, ranges, lengths) is checked in survey_check.py.
"""

import re
from collections.abc import Mapping
from datetime import time
from typing import Any, TypeVar

import msgspec

from survey_flow.definition_files import (
    CountyFile,
    LinesFile,
    MessagesFile,
    OrganisationFile,
    QuestionFile,
    ScaleFile,
    SurveyFile,
    UnitFile,
)
from survey_flow.faults import Fault, FaultyDefinitions
from survey_flow.language import Language
from survey_flow.messages import Messages
from survey_flow.organisation import Hours, Organisation, Unit
from survey_flow.safety_check import Line
from survey_flow.survey import Prefill, Question, Respondent, Survey, Together

_T = TypeVar("_T")


def survey_from(file: str, raw: Mapping[str, Any]) -> Survey:
    """One survey from its parsed file. Raises FaultyDefinitions with every fault of form that was found."""
    shape = _convert(file, "", raw, SurveyFile)
    faults: list[Fault] = []
    questions = []
    for number, raw_question in enumerate(shape.questions, 1):
        try:
            questions.append(_question(file, number, raw_question, shape.scales))
        except FaultyDefinitions as failure:
            faults += failure.faults
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
    shape = _convert(file, place, raw, QuestionFile)
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
    shape = _convert(file, "", raw, OrganisationFile)
    faults: list[Fault] = []
    units = {}
    for unit_id, unit in shape.units.items():
        try:
            units[unit_id] = _unit(file, unit_id, unit, shape.counties)
        except FaultyDefinitions as failure:
            faults += failure.faults
    if faults:
        raise FaultyDefinitions(faults)
    return Organisation(contact=shape.contact, calling_codes=tuple(shape.calling_codes), units=units)


def _unit(file: str, unit_id: str, shape: UnitFile, counties: Mapping[str, CountyFile]) -> Unit:
    place = f"unit {unit_id}"
    county = counties.get(shape.county)
    if county is None:
        raise FaultyDefinitions([Fault(file, place, f"its county {shape.county!r} is not among the counties.")])
    if unknown := shape.hours.keys() - {"default", *Respondent}:
        raise FaultyDefinitions([Fault(file, place, f"its hours are for {sorted(unknown)[0]!r}, who is no group.")])
    hours = {group: _hours(file, place, text) for group, text in shape.hours.items()}
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
        goals=shape.goals,
    )


def _hours(file: str, place: str, text: str) -> Hours:
    match = re.fullmatch(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})", text)
    try:
        if match is None:
            raise ValueError(text)
        from_hour, from_minute, to_hour, to_minute = map(int, match.groups())
        hours = Hours(time(from_hour, from_minute), time(to_hour, to_minute))
        if hours.opens >= hours.closes:
            raise ValueError(text)
    except ValueError as error:
        raise FaultyDefinitions([Fault(file, place, f'hours are written "9:00-19:00", not {text!r}.')]) from error
    return hours


def messages_from(files: Mapping[Language, tuple[str, Mapping[str, Any]]]) -> Messages:
    """The shared texts from one parsed file a language. Raises FaultyDefinitions."""
    shapes, faults = {}, []
    for language, (file, raw) in files.items():
        try:
            shapes[language] = _convert(file, "", raw, MessagesFile)
        except FaultyDefinitions as failure:
            faults += failure.faults
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
    return [Line(number=line.number, hours=line.hours) for line in _convert(file, "", raw, LinesFile).lines]


def _convert(file: str, place: str, raw: Any, shape: type[_T]) -> _T:
    try:
        return msgspec.convert(raw, shape)
    except msgspec.ValidationError as error:
        raise FaultyDefinitions([Fault(file, place, _sentence(str(error)))]) from error


_LANGUAGE_NAMES = {"fi": "Finnish", "sv": "Swedish", "en": "English"}


def _sentence(reason: str) -> str:
    """msgspec's reason in our words: "Object missing required field `sv` - at `$.title`"."""
    what, _, where = reason.partition(" - at ")
    at = f" (at {where.strip('`').removeprefix('$.')})" if where.strip("`") not in ("", "$") else ""
    if what.startswith("Expected `str` matching"):
        return f"the text is empty{at}."
    if missing := re.fullmatch(r"Object missing required field `(\w+)`", what):
        name = missing.group(1)
        language = _LANGUAGE_NAMES.get(name)
        return f"the {language} text ({name}) is missing{at}." if language else f"{name!r} is missing{at}."
    if unknown := re.fullmatch(r"Object contains unknown field `(.+)`", what):
        return f"{unknown.group(1)!r} is not a word that this file knows{at}."
    return f"{what[:1].lower()}{what[1:]}{at}."
