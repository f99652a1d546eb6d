"""What is left of a conversation when it closes: a response, perhaps a comment, and what is added to the counts.

The response has a random id, a unit, a group and a month, and nothing that leads back to the phone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from survey_flow.conversation import Answer, Conversation, Mark, Outcome
from survey_flow.survey import Kind, Survey

FINISHED = "finished"
OPTED_OUT = "opted_out"
# At which question, by its id: opted_out_at_nps.
OPTED_OUT_AT = "opted_out_at_"
# Of those who opted out, how many did so before answering anything: they refused, they did not respond.
OPTED_OUT_AT_ONCE = "opted_out_at_once"
BROKEN_OFF = "broken_off_"
# How many safety texts were sent, and in how many conversations.
SAFETY_TEXTS, SAFETY_CONVERSATIONS = "safety_texts", "safety_conversations"
# What the conversations cost: segments sent, and messages received.
SEGMENTS_OUT, MESSAGES_IN = "segments_out", "messages_in"


@dataclass(frozen=True, slots=True)
class Record:
    """`answers` is None when no response is stored; `columns` are added to the row of counts.

    `outcome` is the response's. It does not tell a refusal from falling silent: the number of whoever refused is known
    for as long as the refusal stands. The columns do.
    """

    answers: Mapping[str, Answer] | None = None
    outcome: str = ""
    comment: str = ""
    segment: str = ""
    columns: Mapping[str, int] = field(default_factory=dict)


def record(survey: Survey | None, conversation: Conversation, outcome: Outcome) -> Record:
    """What to store. A trial leaves nothing; a wrong number and a survey never begun leave no response.

    Without its survey (its file was taken away meanwhile) the answers are stored as they stand.
    """
    if conversation.trial:
        return Record()
    texts = conversation.safety_texts
    safety = {SAFETY_TEXTS: texts, SAFETY_CONVERSATIONS: 1} if texts else {}
    unbegun = outcome is Outcome.BROKEN_OFF and not conversation.begun
    if outcome is Outcome.WRONG_NUMBER or unbegun:
        return Record(columns=safety)
    answers = _kept(survey, conversation, outcome)
    ended = _ended(conversation, outcome)
    return Record(
        answers=answers,
        outcome=f"{BROKEN_OFF}{conversation.asking[0]}" if outcome is Outcome.OPTED_OUT else ended,
        comment="\n".join(conversation.texts.values()),
        segment=_segment(survey, conversation) if survey else "",
        columns={**columns(answers, ended), **safety},
    )


def columns(answers: Mapping[str, Answer], outcome: str) -> dict[str, int]:
    """The columns of `counts` that one response adds one to: `nps_9`, `apu_dont_know`, `finished` ..."""
    ended = {outcome: 1}
    if outcome.startswith(OPTED_OUT):
        ended |= {OPTED_OUT: 1} | ({} if answers else {OPTED_OUT_AT_ONCE: 1})
    return {**answer_columns(answers), **ended}


def answer_columns(answers: Mapping[str, Answer]) -> dict[str, int]:
    """Those of the answers alone, however it ended."""
    return {f"{stem}_{answer}": 1 for stem, answer in answers.items()}


def _kept(survey: Survey | None, conversation: Conversation, outcome: Outcome) -> dict[str, Answer]:
    """Somebody who refuses before any readable answer has answered nothing, the invitation's facts included."""
    if not conversation.begun and outcome is Outcome.OPTED_OUT:
        return {}
    facts = _stored_facts(survey, conversation) if survey and conversation.begun else {}
    return by_stem(survey, {**conversation.answers, **facts})


def _ended(conversation: Conversation, outcome: Outcome) -> str:
    if outcome is Outcome.BROKEN_OFF:
        return f"{BROKEN_OFF}{conversation.asking[0]}"
    return f"{OPTED_OUT_AT}{conversation.asking[0]}" if outcome is Outcome.OPTED_OUT else FINISHED


def by_stem(survey: Survey | None, answers: Mapping[str, Answer]) -> dict[str, Answer]:
    """The answers under what they are kept and counted under, instead of their questions' ids."""
    stems = {question.id: question.stem for question in survey.questions} if survey else {}
    return {stems.get(name, name): answer for name, answer in answers.items()}


def _stored_facts(survey: Survey, conversation: Conversation) -> dict[str, Answer]:
    stored = {question.id: question for question in survey.questions if question.prefill and question.prefill.stored}
    return {
        name: Mark.DONT_KNOW if digit == stored[name].dont_know else digit
        for name, digit in conversation.facts.items()
        if name in stored
    }


def _segment(survey: Survey, conversation: Conversation) -> str:
    from survey_flow.statistics import segment  # of a closing alone

    for question in survey.questions:
        score = conversation.answers.get(question.id)
        if question.kind is Kind.NPS and isinstance(score, int):
            return segment(score)
    return ""
