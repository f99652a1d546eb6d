"""Whole conversations as files: tests/conversations/*.txt, each played from its opening to its end.

A file begins with what differs from a youth of Kotka at the end of the visits, one "# key: value" a line: unit,
respondent, language, survey, occasion, neutral, one_by_one, facts, and in "shows" what it is there for. Then the
transcript as `surveys play` prints it: "<" what the phone got, ">" what it wrote, "=" how it ended and the answers,
"+" the comments as they were kept. "! unseen" stands before a message that was written before the pending question
had come. A "<" alone is silence.
"""

from dataclasses import dataclass
from pathlib import Path

import pytest

from survey_flow.language import Language
from survey_flow.library import Library
from survey_flow.play import Player

FOLDER = Path(__file__).parent.parent / "conversations"
FILES = sorted(FOLDER.glob("*.txt"))
KEYS = {"shows", "unit", "respondent", "language", "survey", "occasion", "neutral", "one_by_one", "facts"}
UNSEEN = "! unseen"


@dataclass(frozen=True, slots=True)
class Written:
    """One file: how it begins, the messages from the phone, and the transcript that must come of them."""

    header: dict[str, str]
    messages: list[tuple[str, bool]]
    transcript: str

    def player(self, library: Library) -> Player:
        facts = (pair.split("=") for pair in self.header.get("facts", "").split(",") if pair)
        occasion = self.header.get("occasion", "end")
        return Player.begin(
            library,
            unit=self.header.get("unit", "kotka"),
            respondent=self.header.get("respondent", "youth"),
            language=Language(self.header.get("language", "fi")),
            survey_id=self.header.get("survey"),
            occasion=None if occasion == "none" else occasion,
            neutral=self.header.get("neutral") == "yes",
            one_by_one=self.header.get("one_by_one") == "yes",
            facts={name.strip(): int(digit) for name, digit in facts},
        )


def read_file(path: Path) -> Written:
    lines = path.read_text(encoding="utf-8").splitlines()
    header = dict(line[2:].split(": ", 1) for line in lines if line.startswith("# "))
    body = [line for line in lines if line and not line.startswith("# ")]
    messages: list[tuple[str, bool]] = []
    before = ""
    for line in body:
        if line.startswith(">") and before.startswith(">"):
            earlier, unseen = messages[-1]
            messages[-1] = (f"{earlier}\n{line[2:]}", unseen)
        elif line.startswith(">"):
            messages.append((line[2:], before == UNSEEN))
        before = line
    return Written(header, messages, "\n".join(line for line in body if line != UNSEEN))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_conversation_goes_as_its_file_says(path: Path, library: Library) -> None:
    written = read_file(path)
    player = written.player(library)
    for text, unseen in written.messages:
        assert not player.closed, "the file goes on after the conversation has closed"
        player.hear(text, unseen_question=unseen)
    assert player.transcript() == written.transcript


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_says_what_it_shows_and_knows_its_keys(path: Path) -> None:
    header = read_file(path).header
    assert header["shows"].endswith(".")
    assert header.keys() <= KEYS


def test_every_survey_is_played_to_its_end_in_every_language(library: Library) -> None:
    played = set()
    for path in FILES:
        written = read_file(path)
        player = written.player(library)
        if "= finished" in written.transcript:
            played.add((player.script.survey.id, player.conversation.language))
    assert played >= {(survey, language) for survey in library.surveys for language in Language}


def test_no_neutral_conversation_names_a_service(library: Library) -> None:
    neutral = [written for written in map(read_file, FILES) if written.header.get("neutral") == "yes"]
    assert neutral
    for written in neutral:
        unit = written.player(library).script.unit
        said = "\n".join(line for line in written.transcript.splitlines() if line.startswith("<")).lower()
        for name in unit.service.values():
            assert name[:-1].lower() not in said
