"""The shipped surveys, played through the dialogue itself by somebody who answers everything."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from survey_flow.conversation import Outcome
from survey_flow.language import Language
from survey_flow.library import Library
from survey_flow.play import Player
from survey_flow.prompts import example
from survey_flow.sms_text import size
from survey_flow.survey import Question, Survey

# A completed survey has no more steps than this, or it goes round in a circle.
MOST_STEPS = 30
# What people write, as in the simulated responses: short, and more where they are asked for more.
REASON: Mapping[Language, str] = {
    Language.FI: "koska kuunneltiin",
    Language.SV: "för att ni lyssnade",
    Language.EN: "because you listened",
}
COMMENT: Mapping[Language, str] = {
    Language.FI: "Ohjaaja oli mukava ja kuunteli. Jonot olivat pitkiä, ajan voisi saada nopeammin.",
    Language.SV: "Handledaren var snäll och lyssnade. Köerna var långa, man kunde få tid snabbare.",
    Language.EN: "The worker was kind and listened. The queue was long, an appointment could come sooner.",
}
PASS: Mapping[Language, str] = {Language.FI: "OHITA", Language.SV: "HOPPA", Language.EN: "SKIP"}
# How the survey is asked: as shipped with what the invitation tells, or with every question that the file holds.
YOUTH, AS_SHIPPED = "nuorten-matala-nuori", "grouped, as shipped"
WAYS: Mapping[str, tuple[bool, bool]] = {
    AS_SHIPPED: (False, False),
    "one a message, as shipped": (True, False),
    "grouped, all asked": (False, True),
    "one a message, all asked": (True, True),
}


Answering = Callable[[Player], str]


def barest(player: Player) -> str:
    """The least that answers: digits alone, the free comment passed."""
    questions, language = _asked(player), player.conversation.language
    if len(questions) > 1:
        return example(questions)
    return str(max(questions[0].values)) if questions[0].how else PASS[language]


def usual(player: Player) -> str:
    """A reason beside the first score, and a comment where one is asked for."""
    questions, language = _asked(player), player.conversation.language
    if not questions[0].how:
        return COMMENT[language]
    return barest(player) if player.heard else f"{barest(player)} {REASON[language]}"


def reasked(player: Player) -> str:
    """As usual, but the first reply cannot be read, and the question is asked again."""
    return "?" if not player.heard else usual(replace(player, heard=player.heard[1:]))


ANSWERS: Mapping[str, Answering] = {"barest": barest, "usual": usual, "asked again once": reasked}


@dataclass(frozen=True, slots=True)
class Played:
    """One survey played to its end."""

    questions: int
    said: Sequence[str]
    heard: Sequence[str]

    @property
    def segments_out(self) -> int:
        return sum(size(text).segments for text in self.said)

    @property
    def segments_in(self) -> int:
        return sum(size(text).segments for text in self.heard)


def played(library: Library, survey: Survey, language: Language, *, way: str, answers: str) -> Played:
    """Raises ValueError when the answers do not bring the survey to its end."""
    player = _begun(library, survey, language, way)
    asked: set[str] = set()
    for _ in range(MOST_STEPS):
        if player.closed:
            break
        asked.update(player.conversation.asking)
        player.hear(ANSWERS[answers](player))
    if player.outcome is not Outcome.FINISHED:
        raise ValueError(f"{survey.id} in {language}, {way}, {answers}: {player.outcome}")
    return Played(len(asked), player.said, player.heard)


def _begun(library: Library, survey: Survey, language: Language, way: str) -> Player:
    one_by_one, all_asked = WAYS[way]
    if all_asked:
        questions = tuple(replace(question, asked=True, prefill=None) for question in survey.questions)
        library = replace(library, surveys={**library.surveys, survey.id: replace(survey, questions=questions)})
    units = library.organisation.units.values()
    unit = next(
        (unit for unit in units if survey.id in (*unit.surveys.values(), *unit.other_surveys)), next(iter(units))
    )
    return Player.begin(
        library,
        unit=unit.id,
        respondent=sorted(survey.respondents)[0],
        language=language,
        survey_id=survey.id,
        one_by_one=one_by_one,
    )


def _asked(player: Player) -> list[Question]:
    return [player.script.survey.question(name) for name in player.conversation.asking]
