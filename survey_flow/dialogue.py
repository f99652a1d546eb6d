"""The dialogue: one message in, the conversation after it and what to do out. Pure; the shell performs the effects."""

from collections.abc import Mapping
from dataclasses import replace

from survey_flow import prompts
from survey_flow.conversation import (
    MOST_REPLIES,
    Answer,
    Close,
    Conversation,
    LiftOptOut,
    Mark,
    OptOut,
    OptOutHow,
    Outcome,
    Say,
    Turn,
)
from survey_flow.prompts import Script
from survey_flow.replies import GroupReading, Meaning, Reading, read, read_group
from survey_flow.sms_text import size
from survey_flow.steps import ask, first_of_history, next_step, step_back
from survey_flow.survey import expectation

# "Two re-asks at most, then on"; a group of statements is asked again once, then its statements one by one.
MOST_RE_ASKS = 2
MOST_GROUP_RE_ASKS = 1

_ENDING = (Meaning.STOP, Meaning.WRONG_NUMBER)
# Commands that say something of their own, whatever is pending.
_COMMANDS = (Meaning.HELP, Meaning.START, Meaning.LANGUAGE, Meaning.BACK)


def start(script: Script, conversation: Conversation) -> Turn:
    """The opening: the first question goes with the invitation."""
    asking = ask(conversation, next_step(script.survey, conversation))
    text = prompts.opening(script, asking)
    return Turn(replace(asking, segments=size(text).segments), (Say(text),))


def advance(script: Script, conversation: Conversation, text: str, *, unseen_question: bool = False) -> Turn:
    """The turn that this message makes.

    `unseen_question` says that the pending question was sent only after the message was written (it lost a race):
    commands and safety count then, other text is kept as a comment, a number is not stored and nothing is said.
    """
    reading = _read(script, conversation, text)
    if unseen_question or conversation.unseen:
        reading = _without_answer(reading)
    turn = _urgent(script, conversation, reading)
    if turn is None and unseen_question:
        turn = _late(conversation, reading, text)
    if turn is None:
        turn = _after_safety_text(script, conversation, reading)
    if turn is None:
        turn = _ordinary(script, conversation, reading)
    return _within_limit(conversation, turn)


def _read(script: Script, conversation: Conversation, text: str) -> Reading | GroupReading:
    expected = [expectation(script.survey, script.survey.question(name)) for name in conversation.asking]
    if len(expected) > 1:
        return read_group(text, expected, conversation.language, script.lexicon)
    return read(text, expected[0], conversation.language, script.lexicon)


def _without_answer(reading: Reading | GroupReading) -> Reading | GroupReading:
    """The reading of a message whose writer had not seen the question: what looks like an answer to it is none."""
    also = tuple(meaning for meaning in reading.also if meaning in _ENDING)
    if isinstance(reading, GroupReading):
        return replace(reading, values={}, also=also)
    return replace(reading, value=None, also=also)


def _urgent(script: Script, conversation: Conversation, reading: Reading | GroupReading) -> Turn | None:
    """What is heard in every state: a call for help, a refusal, a wrong number."""
    if reading.meaning is Meaning.CRISIS:
        return _safety(script, conversation, reading)
    if reading.meaning in _ENDING:
        said = Say(script.messages.say(reading.meaning.value, conversation.language))
        return _leave(script, conversation, reading, said)
    return None


def _leave(script: Script, conversation: Conversation, reading: Reading | GroupReading, said: Say) -> Turn | None:
    """The end that a message asks for, alone or beside something else; a wrong number drops the answers.

    Where a refusal stands beside an answer, the question after it is where they stopped, as with whoever fell silent:
    a response that stopped at a question that it answers would tell the refusal.
    """
    meanings = {reading.meaning, *reading.also}
    if Meaning.WRONG_NUMBER in meanings:
        effects = (OptOut(OptOutHow.WRONG_NUMBER), Close(Outcome.WRONG_NUMBER), said)
        return Turn(replace(conversation, answers={}, texts={}), effects)
    if Meaning.STOP in meanings:
        kept = _with_answer(conversation, reading)
        stopped = _next_asked(script, kept) if _values(conversation, reading) else kept
        outcome = Outcome.FINISHED if stopped is None else Outcome.OPTED_OUT
        return Turn(stopped or kept, (OptOut(OptOutHow.SMS), Close(outcome), said))
    return None


def _safety(script: Script, conversation: Conversation, reading: Reading | GroupReading) -> Turn:
    """The safety text alone. An answer in the same message is kept; its next question waits until they write again."""
    said = Say(prompts.safety_text(script, conversation))
    heard = replace(conversation, hushed=True, safety_texts=conversation.safety_texts + 1)
    leaving = _leave(script, heard, reading, said)
    if leaving is not None:
        return leaving
    if not _values(heard, reading):
        return Turn(heard, (said,))
    kept = _with_answer(heard, reading)
    asking = _next_asked(script, kept)
    if asking is None:
        return Turn(kept, (Close(Outcome.FINISHED), said))
    return Turn(replace(asking, unseen=True), (said,))


def _late(conversation: Conversation, reading: Reading | GroupReading, text: str) -> Turn | None:
    """A message written before the pending question was seen."""
    if reading.meaning in _COMMANDS:
        return None
    comment = text if reading.meaning in (Meaning.TEXT, Meaning.UNCLEAR) else reading.comment
    if not any(sign.isalpha() for sign in comment) or first_of_history(conversation):
        return Turn(conversation)
    return Turn(_with_text(conversation, conversation.asked[-2][0], comment))


def _after_safety_text(script: Script, conversation: Conversation, reading: Reading | GroupReading) -> Turn | None:
    """The first message after a safety text: only an answer to a question they have seen is taken as one."""
    if not (conversation.hushed or conversation.unseen) or reading.meaning in _COMMANDS:
        return None
    if reading.meaning in (Meaning.ANSWER, Meaning.SKIP, Meaning.DONT_KNOW) and not conversation.unseen:
        return None
    gently = script.messages.say("crisis_continue", conversation.language)
    shown = replace(conversation, hushed=False, unseen=False)
    return Turn(shown, (Say(f"{gently}\n{prompts.prompt(script, shown)}"),))


def _ordinary(script: Script, conversation: Conversation, reading: Reading | GroupReading) -> Turn:
    if reading.meaning is Meaning.HELP:  # shows no question: what waited to be shown still waits
        said = prompts.help_text(script, conversation)
        return Turn(replace(conversation, helps=conversation.helps + 1), (Say(said),))
    conversation = replace(conversation, hushed=False, unseen=False)
    match reading.meaning:
        case Meaning.START:
            return Turn(conversation, (LiftOptOut(), Say(prompts.prompt(script, conversation))))
        case Meaning.LANGUAGE:
            switched = replace(conversation, language=reading.language or conversation.language)
            return Turn(switched, (Say(prompts.prompt(script, switched)),))
        case Meaning.BACK:
            earlier = conversation if first_of_history(conversation) else step_back(conversation)
            return Turn(earlier, (Say(prompts.prompt(script, earlier)),))
        case Meaning.UNCLEAR:
            return _ask_again(script, conversation)
        case _:
            return _go_on(script, _with_answer(conversation, reading))


def _ask_again(script: Script, conversation: Conversation) -> Turn:
    grouped = len(conversation.asking) > 1
    if conversation.re_asks < (MOST_GROUP_RE_ASKS if grouped else MOST_RE_ASKS):
        again = replace(conversation, re_asks=conversation.re_asks + 1)
        return Turn(again, (Say(prompts.ask_again(script, conversation)),))
    moving_on = script.messages.say("moving_on", conversation.language)
    if grouped:
        return _go_on(script, conversation, before=moving_on)
    missed = dict.fromkeys(conversation.asking, Mark.UNCLEAR)
    return _go_on(script, replace(conversation, answers={**conversation.answers, **missed}), before=moving_on)


def _go_on(script: Script, conversation: Conversation, *, before: str = "") -> Turn:
    """The next question, or the thanks."""
    asking = _next_asked(script, conversation)
    if asking is None:
        return Turn(conversation, (Close(Outcome.FINISHED), Say(prompts.thanks(script, conversation))))
    text = prompts.prompt(script, asking)
    return Turn(asking, (Say(prompts.with_before(before, text) if before else text),))


def _next_asked(script: Script, conversation: Conversation) -> Conversation | None:
    """The conversation with its next question pending, or None at the end.

    A group left with statements open goes on one by one. TAKAISIN reopens it only if something in it was answered:
    one that could not be read twice would only be shown in vain.
    """
    missing = [name for name in conversation.asking if name not in conversation.answers]
    group = script.survey.group_of(conversation.asking[0])
    if missing and group:
        asked = conversation.asked[:-1] if len(missing) == len(conversation.asking) else conversation.asked
        conversation = replace(conversation, split=conversation.split | {group.id}, asked=asked)
    step = next_step(script.survey, conversation)
    return ask(conversation, step) if step else None


def _values(conversation: Conversation, reading: Reading | GroupReading) -> Mapping[str, Answer]:
    """What the reading stores, by question id; of a message that is two things, what in it is an answer."""
    asking, meanings = conversation.asking, {reading.meaning, *reading.also}
    if Meaning.SKIP in meanings:
        return dict.fromkeys(asking, Mark.SKIPPED)
    if Meaning.DONT_KNOW in meanings:
        return dict.fromkeys(asking, Mark.DONT_KNOW)
    if reading.meaning is Meaning.TEXT:
        return {asking[0]: Mark.WRITTEN}
    if isinstance(reading, GroupReading):
        return {asking[at]: Mark.DONT_KNOW if digit is None else digit for at, digit in reading.values.items()}
    return {} if reading.value is None else {asking[0]: reading.value}


def _with_answer(conversation: Conversation, reading: Reading | GroupReading) -> Conversation:
    answers = {**conversation.answers, **_values(conversation, reading)}
    return _with_text(replace(conversation, answers=answers), conversation.asking[0], reading.comment)


def _with_text(conversation: Conversation, question_id: str, comment: str) -> Conversation:
    """The comment kept masked: what is masked is stored nowhere, not even while the conversation is open."""
    from survey_flow.masking import mask  # its patterns take 1.5 ms, and most replies are digits

    masked = mask(comment)
    if not masked:
        return conversation
    earlier = conversation.texts.get(question_id)
    joined = f"{earlier}\n{masked}" if earlier else masked
    return replace(conversation, texts={**conversation.texts, question_id: joined})


def _within_limit(before: Conversation, turn: Turn) -> Turn:
    """No more than MOST_REPLIES replies leave in a conversation; safety, START and farewells are always answered.

    Past the limit a question may be pending that was never shown: a digit is then no answer to it.
    """
    if not turn.reply:
        return turn
    safety = turn.conversation.safety_texts > before.safety_texts
    lifting = any(isinstance(effect, LiftOptOut) for effect in turn.effects)
    if before.replies < MOST_REPLIES or safety or lifting or turn.outcome is not None:
        segments = before.segments + size(turn.reply).segments
        return Turn(replace(turn.conversation, replies=before.replies + 1, segments=segments), turn.effects)
    unseen = before.unseen or turn.conversation.asking != before.asking
    return Turn(replace(turn.conversation, unseen=unseen))
