"""The shapes of the definition files: which words each knows, and of what type.

Types, missing keys and unknown keys are msgspec's work; its reasons become sentences here, once.
"""

import re
from typing import Annotated, Any, TypeVar

import msgspec

from survey_flow.access import Role
from survey_flow.faults import Fault, FaultyDefinitions
from survey_flow.language import Language
from survey_flow.survey import Kind, Occasion, Respondent, Texts

_T = TypeVar("_T")

# A text that is there, an empty one being as good as missing, and no longer than anything that is ever printed.
LONGEST = 2000
Written = Annotated[str, msgspec.Meta(pattern=r"\S", max_length=LONGEST)]
# An end of a scale: two digits, as in what is printed. A larger one would be spread out number by number.
End = Annotated[int, msgspec.Meta(ge=0, le=99)]


class TextsFile(msgspec.Struct, forbid_unknown_fields=True):
    fi: Written
    sv: Written
    en: Written

    def texts(self) -> Texts:
        return {Language.FI: self.fi.strip(), Language.SV: self.sv.strip(), Language.EN: self.en.strip()}


class ScaleFile(TextsFile, forbid_unknown_fields=True):
    low: End
    high: End
    dont_know: int | None = None


class QuestionFile(TextsFile, forbid_unknown_fields=True):
    id: str
    kind: Kind
    scale: str | None = None
    choices: list[int] = []
    dont_know: int | None = None
    how: TextsFile | None = None
    neutral: TextsFile | None = None
    theme: str | None = None
    asked: bool = True
    respondents: list[Respondent] = []
    only_if: dict[str, list[int]] = {}
    from_occasion: dict[Occasion, int] = {}
    from_respondent: dict[Respondent, int] = {}
    from_fact: bool = False
    store_prefilled: bool = False


class TogetherFile(TextsFile, forbid_unknown_fields=True):
    id: str
    questions: list[str]


class SurveyFile(msgspec.Struct, forbid_unknown_fields=True):
    id: str
    version: int
    title: TextsFile
    respondents: list[Respondent]
    opening: TextsFile
    opening_neutral: TextsFile
    thanks: TextsFile
    scales: dict[str, ScaleFile] = {}
    questions: list[Any] = []
    together: list[TogetherFile] = []
    grouped: bool = True


class UnitFile(msgspec.Struct, forbid_unknown_fields=True):
    name: TextsFile
    service: TextsFile
    county: str
    contact: str
    surveys: dict[Respondent, str]
    languages: list[Language]
    hours: dict[str, str]
    other_surveys: list[str] = []
    neutral: bool = False
    goals: dict[str, float] = {}
    windows: list[str] = []
    daily_ceiling: Any = None
    results_from: str | None = None
    reports_to: list[str] = []


class CountyFile(TextsFile, forbid_unknown_fields=True):
    contact: str


class PricesFile(msgspec.Struct, forbid_unknown_fields=True):
    currency: str
    segment_out: float
    segment_in: float


Positive = Annotated[int, msgspec.Meta(ge=1)]


class AccessFile(msgspec.Struct, forbid_unknown_fields=True):
    group: Written
    role: Role
    units: list[str] = []


class OrganisationFile(msgspec.Struct, forbid_unknown_fields=True):
    contact: str
    calling_codes: list[str]
    counties: dict[str, CountyFile]
    units: dict[str, Any]
    daily_ceiling: Any = None
    prices: PricesFile | None = None
    results_from: str = "2026-01"
    keep_months: Positive = 36
    comment_days: Positive = 14
    themes: dict[str, TextsFile] = {}
    reports_from: str = ""
    reports_to: list[str] = []
    number: str = ""
    access: list[AccessFile] = []


class MessagesFile(msgspec.Struct, forbid_unknown_fields=True):
    messages: dict[str, str]
    count_words: dict[str, str]


class LineFile(msgspec.Struct, forbid_unknown_fields=True):
    number: str
    name: TextsFile
    for_whom: TextsFile
    languages: list[str]
    hours: str
    verified: bool


class LinesFile(msgspec.Struct, forbid_unknown_fields=True):
    lines: list[LineFile]


def shaped(file: str, place: str, raw: Any, shape: type[_T]) -> _T:
    """The parsed file, or a part of it, in its shape. Raises FaultyDefinitions with the first fault of form."""
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
    if what.startswith("Expected `str` of length <="):
        return f"the text is longer than {LONGEST} characters{at}."
    if bound := re.fullmatch(r"Expected `int` ([<>]=) (\d+)", what):
        return f"the number is {bound[2]} at {'most' if bound[1] == '<=' else 'least'}{at}."
    if missing := re.fullmatch(r"Object missing required field `(\w+)`", what):
        name = missing.group(1)
        language = _LANGUAGE_NAMES.get(name)
        return f"the {language} text ({name}) is missing{at}." if language else f"{name!r} is missing{at}."
    if unknown := re.fullmatch(r"Object contains unknown field `(.+)`", what):
        return f"{unknown.group(1)!r} is not a word that this file knows{at}."
    return f"{what[:1].lower()}{what[1:]}{at}."
