"""Reading what a form or the API sent into a Request; every field that is wrong is named, each with its reason."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from handler.work.request import Request
from survey_flow.language import Language
from survey_flow.library import Library
from survey_flow.organisation import Unit
from survey_flow.phone import NotAPhoneNumber, PhoneNumber
from survey_flow.survey import Occasion, Respondent, Survey
from survey_flow.typed_number import typed_number


class FieldFault(StrEnum):
    """Why a field was not accepted; the sentence for it is in templates/pages/."""

    MISSING = "missing"
    NOT_A_NUMBER = "not_a_number"
    NOT_MOBILE = "not_mobile"
    FOREIGN = "foreign"
    UNKNOWN = "unknown"
    NOT_OFFERED = "not_offered"
    NOT_CONFIRMED = "not_confirmed"
    WRONG_TYPE = "wrong_type"
    NOT_A_TIME = "not_a_time"
    NOT_A_FACT = "not_a_fact"


class FaultyFields(Exception):
    def __init__(self, faults: Mapping[str, FieldFault]) -> None:
        super().__init__(", ".join(faults))
        self.faults = dict(faults)


FIELDS = frozenset(
    {"phone", "unit", "respondent", "confirmed", "survey", "occasion", "facts", "language", "neutral", "send_after"}
)


@dataclass(slots=True)
class _Reader:
    """Collects faults while fields are read one after another."""

    fields: Mapping[str, Any]
    library: Library
    faults: dict[str, FieldFault]

    def text(self, name: str) -> str:
        """The field as text, "" when it is absent."""
        value = self.fields.get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            self.faults[name] = FieldFault.WRONG_TYPE
            return ""
        return value.strip()

    def flag(self, name: str, default: bool) -> bool:
        value = self.fields.get(name, default)
        if not isinstance(value, bool):
            self.faults[name] = FieldFault.WRONG_TYPE
            return default
        return value

    def one_of(self, name: str, known: Collection[str], *, required: bool = False) -> str | None:
        value = self.text(name)
        if name in self.faults:
            return None
        if not value:
            if required:
                self.faults[name] = FieldFault.MISSING
            return None
        if value not in known:
            self.faults[name] = FieldFault.UNKNOWN
            return None
        return value


def read_request(fields: Mapping[str, Any], library: Library, *, caller: str, idempotency_key: str | None) -> Request:
    """The request, or FaultyFields with every fault."""
    reader = _Reader(fields, library, dict.fromkeys(sorted(set(fields) - FIELDS), FieldFault.UNKNOWN))
    number = _number(reader)
    unit_id = reader.one_of("unit", library.organisation.units, required=True)
    respondent = reader.one_of("respondent", set(Respondent), required=True)
    survey = _survey(reader, library.organisation.units.get(unit_id or ""), respondent)
    unit = library.organisation.units.get(unit_id or "")
    language = reader.one_of("language", set(Language))
    occasion = reader.one_of("occasion", set(Occasion))
    neutral = reader.flag("neutral", unit.neutral if unit else False)
    facts = _facts(reader, survey)
    send_after = _send_after(reader)
    if reader.fields.get("confirmed") is not True:
        reader.faults["confirmed"] = FieldFault.NOT_CONFIRMED
    if reader.faults or number is None or unit is None or survey is None or respondent is None:
        raise FaultyFields(reader.faults)
    return Request(
        number=number,
        unit=unit.id,
        respondent=respondent,
        survey=survey.id,
        language=Language(language) if language else unit.languages[0],
        occasion=occasion,
        neutral=neutral,
        facts=facts,
        send_after=send_after,
        caller=caller,
        idempotency_key=idempotency_key,
    )


def read_number(fields: Mapping[str, Any], library: Library) -> PhoneNumber:
    """The number alone, for opt-outs. Raises FaultyFields."""
    reader = _Reader(fields, library, {})
    number = _number(reader)
    if number is None:
        raise FaultyFields(reader.faults)
    return number


def _number(reader: _Reader) -> PhoneNumber | None:
    typed = reader.text("phone")
    if "phone" in reader.faults:
        return None
    try:
        return typed_number(typed, reader.library.organisation.calling_codes)
    except NotAPhoneNumber as error:
        reader.faults["phone"] = FieldFault(error.fault.value)
        return None


def _survey(reader: _Reader, unit: Unit | None, respondent: str | None) -> Survey | None:
    """The survey asked for, or the unit's own for this group."""
    asked = reader.one_of("survey", reader.library.surveys)
    if unit is None or respondent is None or "survey" in reader.faults:
        return None
    if asked and asked not in (*unit.surveys.values(), *unit.other_surveys):
        reader.faults["survey"] = FieldFault.NOT_OFFERED
        return None
    survey_id = asked or unit.surveys.get(respondent)
    if survey_id is None:
        reader.faults["respondent"] = FieldFault.NOT_OFFERED
        return None
    survey = reader.library.surveys[survey_id]
    if respondent not in survey.respondents:
        reader.faults["survey" if asked else "respondent"] = FieldFault.NOT_OFFERED
        return None
    return survey


def _facts(reader: _Reader, survey: Survey | None) -> dict[str, int]:
    facts = reader.fields.get("facts")
    if facts is None:
        return {}
    if not isinstance(facts, dict):
        reader.faults["facts"] = FieldFault.WRONG_TYPE
        return {}
    if survey is None:
        return {}
    for name, digit in facts.items():
        question = survey.question(name) if survey.has(name) else None
        if (
            question is None
            or question.prefill is None
            or not question.prefill.fact
            or type(digit) is not int
            or digit not in question.values | {question.dont_know}
        ):
            reader.faults["facts"] = FieldFault.NOT_A_FACT
    return dict(facts) if "facts" not in reader.faults else {}


def _send_after(reader: _Reader) -> datetime | None:
    text = reader.text("send_after")
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        reader.faults["send_after"] = FieldFault.NOT_A_TIME
        return None
    return moment
