"""The shapes of the definition files: which words each knows, and of what type. Checked by msgspec."""

from typing import Annotated, Any

import msgspec

from survey_flow.language import Language
from survey_flow.survey import Kind, Occasion, Respondent, Texts

# A text that is there: an empty one is as good as missing.
Written = Annotated[str, msgspec.Meta(pattern=r"\S")]


class TextsFile(msgspec.Struct, forbid_unknown_fields=True):
    fi: Written
    sv: Written
    en: Written

    def texts(self) -> Texts:
        return {Language.FI: self.fi.strip(), Language.SV: self.sv.strip(), Language.EN: self.en.strip()}


class ScaleFile(TextsFile, forbid_unknown_fields=True):
    low: int
    high: int
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


class CountyFile(TextsFile, forbid_unknown_fields=True):
    contact: str


class OrganisationFile(msgspec.Struct, forbid_unknown_fields=True):
    contact: str
    calling_codes: list[str]
    counties: dict[str, CountyFile]
    units: dict[str, UnitFile]


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
