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
from survey_flow.masking import mask
from survey_flow.prompts import Script
from survey_flow.replies import GroupReading, Meaning, Reading, read, read_group
from survey_flow.steps import ask, first_of_history, next_step, step_back
from survey_flow.survey import expectation

# "Two re-asks at most, then on"; a group of statements is asked again once, then its statements one by one.
MOST_RE_ASKS = 2
MOST_GROUP_RE_ASKS = 1


def start(script: Script, conversation: Conversation) -> Turn:
    """The opening: the first question goes with the invitation."""
    asking = ask(conversation, next_step(script.survey, conversation))
    return Turn(asking, (Say(prompts.opening(script, asking)),))


def advance(script: Script, conversation: Conversation, text: str, *, unseen_question: bool = False) -> Turn:
    """The turn that this message makes.

    `unseen_question` says that the pending question was sent only after the message was written (it lost a race):
    commands and safety count then, other text is kept as a comment, a number is not stored and nothing is said.
    """
    reading = _read(script, conversation, text)
    turn = _urgent(script, conversation, reading)
    if turn is None and unseen_question:
        turn = _late(conversation, reading, text)
    if turn is None:
        turn = _after_safety_text(script, conversation, reading)
    if turn is None:
        turn = _ordinary(script, conversation, reading)
    return _within_limit(turn)


def _read(script: Script, conversation: Conversation, text: str) -> Reading | GroupReading:
    expected = [expectation(script.survey, script.survey.question(name)) for name in conversation.asking]
    if len(expected) > 1:
        return read_group(text, expected, conversation.language, script.lexicon)
    return read(text, expected[0], conversation.language, script.lexicon)


def _urgent(script: Script, conversation: Conversation, reading: Reading | GroupReading) -> Turn | None:
    """What is heard in every state: a call for help, a refusal, a wrong number."""
    say, language = script.messages.say, conversation.language
    if reading.meaning is Meaning.CRISIS:
        return _safety(script, conversation, reading)
    if reading.meaning is Meaning.STOP:
        kept = _with_answer(conversation, reading)
        return Turn(kept, (OptOut(OptOutHow.SMS), Close(Outcome.OPTED_OUT), Say(say("stop", language))))
    if reading.meaning is Meaning.WRONG_NUMBER:
        effects = (OptOut(OptOutHow.WRONG_NUMBER), Close(Outcome.WRONG_NUMBER), Say(say("wrong_number", language)))
        return Turn(replace(conversation, answers={}, texts={}), effects)
    return None


def _safety(script: Script, conversation: Conversation, reading: Reading | GroupReading) -> Turn:
    """The safety text alone. An answer in the same message is kept; its next question waits until they write again."""
    said = Say(prompts.safety_text(script, conversation))
    heard = replace(conversation, hushed=True, safety_texts=conversation.safety_texts + 1)
    if Meaning.STOP in reading.also:
        return Turn(_with_answer(heard, reading), (OptOut(OptOutHow.SMS), Close(Outcome.OPTED_OUT), said))
    if Meaning.WRONG_NUMBER in reading.also:
        forgotten = replace(heard, answers={}, texts={})
        return Turn(forgotten, (OptOut(OptOutHow.WRONG_NUMBER), Close(Outcome.WRONG_NUMBER), said))
    if not _values(heard, reading) or heard.unseen:
        return Turn(heard, (said,))
    kept = _with_answer(heard, reading)
    step = next_step(script.survey, kept)
    if not step:
        return Turn(kept, (Close(Outcome.FINISHED), said))
    return Turn(replace(ask(kept, step), unseen=True), (said,))


def _late(conversation: Conversation, reading: Reading | GroupReading, text: str) -> Turn | None:
    """A message written before the pending question was seen."""
    if reading.meaning in (Meaning.HELP, Meaning.START, Meaning.LANGUAGE, Meaning.BACK):
        return None
    comment = text if reading.meaning in (Meaning.TEXT, Meaning.UNCLEAR) else reading.comment
    if not any(sign.isalpha() for sign in comment) or first_of_history(conversation):
        return Turn(conversation)
    return Turn(_with_text(conversation, conversation.asked[-2][0], comment))


def _after_safety_text(script: Script, conversation: Conversation, reading: Reading | GroupReading) -> Turn | None:
    """The first message after a safety text: only an answer to a question they have seen is taken as one."""
    if not conversation.hushed:
        return None
    if reading.meaning in (Meaning.HELP, Meaning.START, Meaning.LANGUAGE, Meaning.BACK):
        return None
    if reading.meaning in (Meaning.ANSWER, Meaning.SKIP, Meaning.DONT_KNOW) and not conversation.unseen:
        return None
    gently = script.messages.say("crisis_continue", conversation.language)
    shown = replace(conversation, hushed=False, unseen=False)
    return Turn(shown, (Say(f"{gently}\n{prompts.prompt(script, shown)}"),))


def _ordinary(script: Script, conversation: Conversation, reading: Reading | GroupReading) -> Turn:
    conversation = replace(conversation, hushed=False, unseen=False)
    match reading.meaning:
        case Meaning.HELP:
            said = prompts.help_text(script, conversation)
            return Turn(replace(conversation, helps=conversation.helps + 1), (Say(said),))
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
    """The next question, or the thanks. A group left with statements open goes on one by one."""
    if any(name not in conversation.answers for name in conversation.asking):
        group = script.survey.group_of(conversation.asking[0])
        split = conversation.split | {group.id} if group else conversation.split
        conversation = replace(conversation, split=split, asked=conversation.asked[:-1])
    step = next_step(script.survey, conversation)
    if not step:
        return Turn(conversation, (Close(Outcome.FINISHED), Say(prompts.thanks(script, conversation))))
    asking = ask(conversation, step)
    text = prompts.prompt(script, asking)
    return Turn(asking, (Say(prompts.with_before(before, text) if before else text),))


def _values(conversation: Conversation, reading: Reading | GroupReading) -> Mapping[str, Answer]:
    """What the reading stores, by question id."""
    asking = conversation.asking
    if reading.meaning is Meaning.SKIP:
        return dict.fromkeys(asking, Mark.SKIPPED)
    if reading.meaning is Meaning.DONT_KNOW:
        return dict.fromkeys(asking, Mark.DONT_KNOW)
    if reading.meaning is Meaning.TEXT:
        return {asking[0]: Mark.WRITTEN}
    if isinstance(reading, GroupReading):
        return {asking[at]: Mark.DONT_KNOW if digit is None else digit for at, digit in reading.values.items()}
    return {} if reading.value is None else {asking[0]: reading.value}


def _with_answer(conversation: Conversation, reading: Reading | GroupReading) -> Conversation:
    if conversation.unseen:
        return conversation
    answers = {**conversation.answers, **_values(conversation, reading)}
    return _with_text(replace(conversation, answers=answers), conversation.asking[0], reading.comment)


def _with_text(conversation: Conversation, question_id: str, comment: str) -> Conversation:
    """The comment kept masked: what is masked is stored nowhere, not even while the conversation is open."""
    masked = mask(comment)
    if not masked:
        return conversation
    earlier = conversation.texts.get(question_id)
    joined = f"{earlier}\n{masked}" if earlier else masked
    return replace(conversation, texts={**conversation.texts, question_id: joined})


def _within_limit(turn: Turn) -> Turn:
    """No more than MOST_REPLIES replies leave in a conversation; safety texts and farewells always do."""
    if not turn.reply:
        return turn
    counted = replace(turn.conversation, replies=turn.conversation.replies + 1)
    if counted.replies <= MOST_REPLIES or turn.outcome is not None or counted.hushed:
        return Turn(counted, turn.effects)
    return Turn(turn.conversation, tuple(effect for effect in turn.effects if not isinstance(effect, Say)))
