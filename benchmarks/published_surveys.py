"""Surveys by text message that others have published: what they send for their own questions, and for eight."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from pathlib import Path

from survey_flow.sms_text import size

FILE = Path(__file__).with_suffix(".toml")
# As many as the youth survey has when all of them are asked.
EIGHT = 8


@dataclass(frozen=True, slots=True)
class Published:
    """Lengths in characters of GSM-7; see the file."""

    name: str
    source: str
    seen: date
    opening: Sequence[int]
    questions: Sequence[Sequence[int]]
    closing: Sequence[int]
    before: int

    @property
    def segments_out(self) -> int:
        return self._around + self._asking

    @property
    def replies_in(self) -> int:
        return self.before + len(self.questions)

    @property
    def segments_for_eight(self) -> int:
        """Reckoned, not published: its opening and closing, and eight questions as long as its own are on average."""
        return self._around + -(-EIGHT * self._asking // len(self.questions))

    @property
    def replies_for_eight(self) -> int:
        return self.before + EIGHT

    @property
    def _around(self) -> int:
        return segments(self.opening) + segments(self.closing)

    @property
    def _asking(self) -> int:
        return segments(chain.from_iterable(self.questions))


def segments(lengths: Sequence[int] | chain[int]) -> int:
    """By our own counter, the one that the organisation's texts are checked with."""
    return sum(size("x" * length).segments for length in lengths)


def published() -> list[Published]:
    return [Published(**survey) for survey in tomllib.loads(FILE.read_text("utf-8"))["surveys"].values()]
