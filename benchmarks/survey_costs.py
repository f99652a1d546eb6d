"""`python -m benchmarks.survey_costs`: what a completed survey costs in text messages, counted, not measured.

Each shipped survey is played through the dialogue itself, without tables and without a carrier: grouped as shipped,
and with the same questions one a message. `rows()` and `published_rows()` are for whoever writes a report.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

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


def tables(library: Library | None = None) -> str:
    """Both tables as Markdown, with what they do not show."""
    inputs = read_inputs()
    return "\n\n".join(
        (
            "\n".join(_own_table(rows(library, inputs))),
            "\n".join(_published_table(rows(library, inputs), published_rows(inputs))),
            "\n".join(_what_they_do_not_show(inputs)),
        )
    )


def _own_table(found: Iterable[Row]) -> Iterator[str]:
    """Languages, and ways of answering, that take as much stand in one line."""
    yield "| Survey | asked | questions | answers | languages | segments out | replies in | segments in | US dollars |"
    yield "| --- | --- | ---: | --- | --- | ---: | ---: | ---: | ---: |"
    alike: dict[Row, list[Row]] = {}
    for row in found:
        alike.setdefault(replace(row, language="", answers=""), []).append(row)
    for row, them in alike.items():
        languages, answers = (", ".join(dict.fromkeys(each)) for each in zip(*map(_told_apart, them), strict=True))
        counts = (row.segments_out, row.replies_in, row.segments_in, f"{row.usd:.3f}")
        yield _line(row.survey, row.way, row.questions, answers, languages, *counts)


def _told_apart(row: Row) -> tuple[str, str]:
    return row.language, row.answers


def _published_table(found: Iterable[Row], others: Iterable[PublishedRow]) -> Iterator[str]:
    yield "| Survey | questions | segments out | replies in | for eight: segments out | replies in | US dollars |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"
    for row in others:
        published = (row.questions, row.segments_out, row.replies_in)
        yield _line(row.name, *published, row.segments_for_eight, row.replies_for_eight, f"{row.usd_for_eight:.3f}")
    for row in found:
        if (row.survey, row.language, row.answers) == ("nuorten-matala-nuori", "fi", "barest"):
            eight = row.questions == 8
            counted = (row.segments_out, row.replies_in)
            of_eight = (*counted, f"{row.usd:.3f}") if eight else ("-", "-", "-")
            yield _line(f"Kuulolla, the youth survey, {row.way}", row.questions, *counted, *of_eight)


def _what_they_do_not_show(inputs: Inputs) -> Iterator[str]:
    out, received = inputs.prices["sms_out"], inputs.prices["sms_in"]
    yield f"Planning prices: {out.usd} US dollars a segment sent, {received.usd} a segment received; not verified."
    yield "The published surveys ask other questions than ours. What they send for their own is counted from the files"
    yield "named below; for eight it is reckoned: their opening and closing, and eight questions of their mean length."
    yield from (f"- {row.name}: {row.source}" for row in published_rows(inputs))


def _line(*cells: object) -> str:
    return f"| {' | '.join(map(str, cells))} |"


def main() -> None:
    print(tables())


if __name__ == "__main__":
    main()
