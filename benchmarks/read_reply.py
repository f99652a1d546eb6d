"""`python -m benchmarks.read_reply`: how much CPU a reply takes to read, of the usual and of the worst kinds.

Each text is a piece repeated to 200, 400, 800, 1,600 and 3,200 characters; Twilio hands over 1,600 at most. Times are
of this process's CPU, the least of many runs, in microseconds. Growth is what twice the text takes, from 800 to 1,600
characters: 2.0 is linear. What is over 5 ms at 1,600 characters, or grows faster than the text, is named at the end.
`rows()` is for whoever writes a report.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from benchmarks.markdown import line
from benchmarks.played_surveys import YOUTH
from benchmarks.reply_attacks import attacks
from handler.templates import checked_library
from survey_flow.language import Language
from survey_flow.masking import mask
from survey_flow.replies import Lexicon, read, read_group
from survey_flow.survey import Kind, expectation

LENGTHS = (200, 400, 800, 1600, 3200)
LONGEST = 1600
MOST_MICROSECONDS = 5000
# Clocks and caches make up to a fifth; the square of the length would double the growth.
MOST_GROWTH = 2.6
RUNS = 7

Reader = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of text read in one way. `microseconds` by the lengths above."""

    text: str
    reader: str
    microseconds: Mapping[int, float]

    @property
    def longest(self) -> float:
        """Microseconds for as many characters as Twilio hands over."""
        return self.microseconds[LONGEST]

    @property
    def growth(self) -> float:
        return self.longest / self.microseconds[LONGEST // 2]

    @property
    def is_over(self) -> bool:
        return self.longest > MOST_MICROSECONDS

    @property
    def grows_faster(self) -> bool:
        """Where it takes longer than a tenth of a millisecond; below that the growth is the clock's."""
        return self.growth > MOST_GROWTH and self.longest > 100


def readers() -> dict[str, Reader]:
    """The youth survey's kinds of question, its group, and the comment that is masked before it is kept."""
    library = checked_library()
    survey, lexicon = library.surveys[YOUTH], library.lexicon
    asked = {kind: next(question for question in survey.questions if question.kind is kind) for kind in Kind}
    group = [expectation(survey, survey.question(name)) for name in survey.together[0].questions]
    found: dict[str, Reader] = {kind.value: _reader(lexicon, expectation(survey, asked[kind])) for kind in Kind}
    found["group"] = lambda text: read_group(text, group, Language.FI, lexicon)
    found["masked"] = mask
    return found


def _reader(lexicon: Lexicon, expected: object) -> Reader:
    return lambda text: read(text, expected, Language.FI, lexicon)  # type: ignore[arg-type]


def rows(runs: int = RUNS) -> Iterator[Row]:
    """Every kind of text in every way of reading, slowest kinds of the reader's own expressions among them."""
    for reader, run in readers().items():
        for text, piece in attacks().items():
            run(piece)
            yield Row(text, reader, {length: _least(run, (piece * length)[:length], runs) for length in LENGTHS})


def _least(run: Reader, text: str, runs: int) -> float:
    least = float("inf")
    for _ in range(runs):
        start = time.process_time_ns()
        run(text)
        least = min(least, (time.process_time_ns() - start) / 1000)
    return least


def rows_of(kept: Mapping[str, Any]) -> list[Row]:
    """What a report has kept, as rows again."""
    return [
        Row(one["text"], one["reader"], dict(zip(kept["lengths"], one["microseconds"], strict=True)))
        for one in kept["rows"]
    ]


def slowest_texts(found: Iterable[Row], most: int) -> list[Row]:
    """So many texts, each as it is read the slowest."""
    by_text: dict[str, Row] = {}
    for row in found:
        by_text[row.text] = max(row, by_text.get(row.text, row), key=lambda one: one.longest)
    return sorted(by_text.values(), key=lambda row: -row.longest)[:most]


def table(found: Iterable[Row]) -> Iterator[str]:
    yield line("Text", "read as", *(f"{length:,}" for length in LENGTHS), "growth")
    yield line("---", "---", *("---:" for _ in LENGTHS), "---:")
    for row in found:
        times = (f"{row.microseconds[length]:,.0f}" for length in LENGTHS)
        yield line(row.text, row.reader, *times, f"{row.growth:.1f}")


def verdict(found: list[Row]) -> Iterator[str]:
    """Plainly: what is over the bound, and what grows faster than the text."""
    slowest = max(found, key=lambda row: row.longest)
    yield f"Slowest at {LONGEST:,} characters: {slowest.text}, {slowest.reader}, {_milliseconds(slowest)}."
    over, faster = [row for row in found if row.is_over], [row for row in found if row.grows_faster]
    yield f"Over {MOST_MICROSECONDS / 1000:g} ms: {_named(over)}."
    yield f"Growing faster than the text: {_named(faster)}."


def _named(found: list[Row]) -> str:
    return "; ".join(f"{row.text} ({row.reader}, {_milliseconds(row)})" for row in found) or "none"


def _milliseconds(row: Row) -> str:
    return f"{row.longest / 1000:.2f} ms"


def main() -> None:
    found = list(rows())
    print("\n".join(table(found)))
    print("\n" + "\n".join(verdict(found)))


if __name__ == "__main__":
    main()
