"""One made-up respondent: how far they answer, what they answer, and whether they write something."""

from collections.abc import Iterator
from random import Random

from handler.tables.responses import Place
from survey_flow.conversation import Answer, Conversation, Mark, Outcome
from survey_flow.language import Language
from survey_flow.survey import Kind, Question, Survey

# How a conversation that was answered ends, in per cent.
ENDINGS = {Outcome.FINISHED: 82, Outcome.BROKEN_OFF: 12, Outcome.OPTED_OUT: 6}
# Of those who opt out, how many do so at the first question; of all, how many get a safety text.
AT_ONCE, SAFETY = 0.4, 0.002
MARKS = {
    Kind.NPS: {Mark.SKIPPED: 0.02},
    Kind.SCALE: {Mark.DONT_KNOW: 0.05, Mark.SKIPPED: 0.02, Mark.UNCLEAR: 0.005},
}
# Who reaches the open question writes so often; some give a reason beside their score already.
WRITES, GIVES_A_REASON = 0.3, 0.08

_BEGINNINGS = ("Täällä", "Sovitusti", "Ensin jännitti, mutta", "Pitkästä aikaa", "Aina", "Joskus")
_MIDDLES = ("kuunneltiin", "sai ajan nopeasti", "sai puhua rauhassa", "joutui odottamaan", "ohjattiin eteenpäin")
_ENDS = (".", ", kiitos.", " ja siitä oli apua.", ", mutta aukioloja saisi olla enemmän.", ". Tulisin uudestaan.")


def answered(survey: Survey, place: Place, quality: float, chance: Random) -> tuple[Conversation, Outcome, int]:
    """A conversation as it is when it closes, how it closes, and how many messages came in."""
    steps = list(_steps(survey))
    outcome = chance.choices(list(ENDINGS), weights=list(ENDINGS.values()))[0]
    reached = _reached(outcome, len(steps), chance)
    content = chance.gauss(quality, 1)
    answers: dict[str, Answer] = {}
    texts: dict[str, str] = {}
    for step in steps[:reached]:
        for question in step:
            answers[question.id] = _answer(question, content, chance)
            if _writes(question, chance):
                texts[question.id] = comment(chance)
                answers |= {question.id: Mark.WRITTEN} if question.kind is Kind.OPEN else {}
    occasion = "midway" if chance.random() < 0.2 else "end"
    conversation = Conversation(
        survey=survey.id,
        survey_version=survey.version,
        unit=place.unit,
        respondent=place.respondent,
        language=Language.FI,
        occasion=occasion,
        facts=survey.fixed_facts(occasion=occasion, respondent=place.respondent, facts={}),
        asking=tuple(question.id for question in steps[reached]) if reached < len(steps) else (),
        answers=answers,
        texts=texts,
        safety_texts=int(chance.random() < SAFETY),
        segments=1 + sum(2 if len(step) > 1 else 1 for step in steps[1 : reached + 1]) + (reached == len(steps)),
    )
    return conversation, outcome, reached + (outcome is Outcome.OPTED_OUT)


def comment(chance: Random) -> str:
    return f"{chance.choice(_BEGINNINGS)} {chance.choice(_MIDDLES)}{chance.choice(_ENDS)}"


def _steps(survey: Survey) -> Iterator[tuple[Question, ...]]:
    """What is asked in each message: a question, or the statements of a group."""
    for question in survey.questions:
        group = survey.group_of(question.id)
        if not question.asked or question.prefill is not None:
            continue
        if group is None:
            yield (question,)
        elif group.questions[0] == question.id:
            yield tuple(survey.question(name) for name in group.questions)


def _reached(outcome: Outcome, steps: int, chance: Random) -> int:
    """How many steps were answered. Who answers nothing and only goes quiet leaves no response."""
    if outcome is Outcome.FINISHED:
        return steps
    if outcome is Outcome.OPTED_OUT and chance.random() < AT_ONCE:
        return 0
    return chance.randrange(1, steps)


def _answer(question: Question, content: float, chance: Random) -> Answer:
    if question.kind is Kind.OPEN:
        return Mark.SKIPPED
    if question.kind is Kind.CHOICE:
        return chance.choice(sorted(question.values))
    marks = MARKS[question.kind]
    if chance.random() < sum(marks.values()):
        return chance.choices(list(marks), weights=list(marks.values()))[0]
    # Finnish services mostly get good marks: the middle person stands four fifths up the scale.
    width = question.high - question.low
    digit = round(question.low + width * (0.8 + 0.18 * content + 0.08 * chance.gauss(0, 1)))
    return min(max(digit, question.low), question.high)


def _writes(question: Question, chance: Random) -> bool:
    share = {Kind.OPEN: WRITES, Kind.NPS: GIVES_A_REASON}.get(question.kind, 0)
    return chance.random() < share
