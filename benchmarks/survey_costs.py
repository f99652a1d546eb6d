"""`python -m benchmarks.survey_costs`: what a completed survey costs in text messages, counted, not measured.

Each shipped survey is played through the dialogue itself, without tables and without a carrier: grouped as shipped,
and with the same questions one a message. `rows()` and `published_rows()` are for whoever writes a report.
"""

from dataclasses import dataclass

from benchmarks.cost_inputs import Inputs, read_inputs
from benchmarks.played_surveys import ANSWERS, WAYS, played
from benchmarks.published_surveys import Published, published
from handler.templates import checked_library
from survey_flow.language import Language
from survey_flow.library import Library
from survey_flow.survey import Survey


@dataclass(frozen=True, slots=True)
class Row:
    """One survey played to its end. `usd` is by the planning values of prices.toml, tax not included."""

    survey: str
    language: str
    way: str
    answers: str
    questions: int
    segments_out: int
    replies_in: int
    segments_in: int
    usd: float


@dataclass(frozen=True, slots=True)
class PublishedRow:
    """A published survey as it stands, and reckoned for eight questions."""

    name: str
    source: str
    questions: int
    segments_out: int
    replies_in: int
    segments_for_eight: int
    replies_for_eight: int
    usd_for_eight: float


def rows(library: Library | None = None, inputs: Inputs | None = None) -> list[Row]:
    """Every shipped survey in every language, asked in every way and answered in every way."""
    library, inputs = library or checked_library(), inputs or read_inputs()
    return [
        _row(library, inputs, survey, language, way=way, answers=answers)
        for survey in library.surveys.values()
        for language in Language
        for way in WAYS
        for answers in ANSWERS
    ]


def _row(library: Library, inputs: Inputs, survey: Survey, language: Language, *, way: str, answers: str) -> Row:
    end = played(library, survey, language, way=way, answers=answers)
    return Row(
        survey=survey.id,
        language=language.value,
        way=way,
        answers=answers,
        questions=end.questions,
        segments_out=end.segments_out,
        replies_in=len(end.heard),
        segments_in=end.segments_in,
        usd=usd(inputs, end.segments_out, end.segments_in),
    )


def published_rows(inputs: Inputs | None = None) -> list[PublishedRow]:
    inputs = inputs or read_inputs()
    return [_published_row(inputs, each) for each in published()]


def _published_row(inputs: Inputs, each: Published) -> PublishedRow:
    return PublishedRow(
        name=each.name,
        source=each.source,
        questions=len(each.questions),
        segments_out=each.segments_out,
        replies_in=each.replies_in,
        segments_for_eight=each.segments_for_eight,
        replies_for_eight=each.replies_for_eight,
        usd_for_eight=usd(inputs, each.segments_for_eight, each.replies_for_eight),
    )


def usd(inputs: Inputs, segments_out: int, segments_in: int) -> float:
    return inputs.cost("sms_out", segments_out) + inputs.cost("sms_in", segments_in)


def main() -> None:
    from benchmarks.survey_tables import tables

    print(tables())


if __name__ == "__main__":
    main()
