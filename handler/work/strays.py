"""Messages from a number without an open conversation: late answers, strangers, colleagues who want to try.

Calls for help, refusals, START and wrong numbers are always answered. Anything else gets one kind answer a week.
"""

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

from handler.tables import base, counts, limits, sending_writes
from handler.tables.base import LostRace
from handler.tables.conversations import Held, State
from handler.tables.responses import Place
from handler.work.answers_a_day import is_answered
from handler.work.inbound import Inbound
from handler.work.opt_out import lift, note_refusal, opt_out
from handler.work.owe_deletion import owe
from handler.work.parts import Parts
from handler.work.trial_mark import trial_mark
from survey_flow.closing import SAFETY_TEXTS
from survey_flow.conversation import OptOutHow
from survey_flow.helsinki import month_of
from survey_flow.language import Language
from survey_flow.phone import is_listed, is_service
from survey_flow.prompts import safety_key
from survey_flow.replies import Meaning, Reading, read_without_question

log = logging.getLogger("kuulolla.strays")

ONE_ANSWER_PER = timedelta(days=7)
TRIAL_LASTS = timedelta(days=1)
TRIAL_WORD = "koe"
# Twilio repeats a webhook within seconds; a day is ample to know a repeated message again.
_REPEATS_WITHIN = timedelta(days=1)
_TRIES = 8

_ANSWERS = {Meaning.STOP: "stop", Meaning.WRONG_NUMBER: "wrong_number", Meaning.START: "start"}


def is_trial_word(text: str) -> bool:
    return text.strip().lower() == TRIAL_WORD


def is_urgent(parts: Parts, inbound: Inbound, held: Held) -> bool:
    """Whether it says what is heard whatever is asked: a call for help, a refusal, a wrong number, START."""
    reading = read_without_question(inbound.text, Language(held.language), parts.library.lexicon)
    return reading.meaning is not Meaning.TEXT


def answer_early(parts: Parts, inbound: Inbound, held: Held) -> str:
    """The reply to a message that was kept since before the opening of this conversation left, or "" for silence.

    "No survey is open" would be wrong by now, and what was written before the survey is no comment on it.
    """
    if is_urgent(parts, inbound, held):
        return answer_stray(parts, inbound, held)
    owe(parts, inbound.number)
    return ""


def answer_stray(parts: Parts, inbound: Inbound, held: Held | None) -> str:
    """The reply, or "" for silence. Perhaps a late answer, or a stranger's call for help: the carrier is to forget it
    and what we say to it; a stranger to whom nothing is said may be anybody's noise, and is left."""
    reply = _answer(parts, inbound, held)
    if reply or held is not None:
        owe(parts, inbound.number)
    return reply


def _answer(parts: Parts, inbound: Inbound, held: Held | None) -> str:
    number, message_id = inbound.number, inbound.message_id
    language = Language(held.language) if held else Language.FI
    reading = read_without_question(inbound.text, language, parts.library.lexicon)
    say = parts.library.messages.say
    if reading.meaning is not Meaning.TEXT:
        heard_once(parts, message_id, lambda: _act(parts, inbound, reading, held))
    crisis = reading.meaning is Meaning.CRISIS
    if key := safety_key(held.respondent if held else None) if crisis else _ANSWERS.get(reading.meaning):
        return say(key, language) if is_answered(parts, number, calls_for_help=crisis) else ""
    if is_trial_word(inbound.text) and is_listed(number, parts.library.organisation.calling_codes):
        limits.mark(trial_mark(parts.phone_keys.all(number)[0]), now=parts.clock(), window=TRIAL_LASTS)
        return say("trial", language) if is_answered(parts, number, calls_for_help=False) else ""
    return _kind_answer(parts, inbound, held, language)


def _kind_answer(parts: Parts, inbound: Inbound, held: Held | None, language: Language) -> str:
    organisation, number, message_id = parts.library.organisation, inbound.number, inbound.message_id
    if not is_listed(number, organisation.calling_codes) or is_service(number):
        return ""
    contact = (
        organisation.units[held.unit].contact if held and held.unit in organisation.units else organisation.contact
    )
    ended = held is not None and held.state is State.CLOSED
    text = parts.library.messages.say("expired" if ended else "no_survey", language, contact=contact)
    marks, now = [f"stray#{key}" for key in parts.phone_keys.all(number)], parts.clock()
    if limits.once(*marks, now=now, window=ONE_ANSWER_PER, message_id=message_id, text=text):
        return text
    earlier = [row for mark in marks if (row := limits.stands(mark, now=now))]
    return next((row.text or "" for row in earlier if row.message_id == message_id), "")


def heard_once(parts: Parts, message_id: str, act: Callable[[], None]) -> None:
    """Acts on a message unless it was heard before: a late repeat of an old STOP must not undo a START since.

    The mark comes after the act, so that the carrier's repeat after a crash finds it still to be done; what is acted on
    bears being done twice, but for a count, which sets the mark itself (_count_safety). The mark does not lead back to
    the message.
    """
    mark, now = _heard_mark(parts, message_id), parts.clock()
    if limits.stands(mark, now=now) is None:
        act()
        limits.mark(mark, now=now, window=_REPEATS_WITHIN)


def _act(parts: Parts, inbound: Inbound, reading: Reading, held: Held | None) -> None:
    meanings = (reading.meaning, *reading.also)
    stop = Meaning.STOP in meanings
    refused = stop or Meaning.WRONG_NUMBER in meanings
    if refused:
        opt_out(parts, inbound.number, OptOutHow.SMS if stop else OptOutHow.WRONG_NUMBER)
        note_refusal(parts, inbound)
    elif reading.meaning is Meaning.START:
        lift(parts, inbound)
    if reading.meaning is Meaning.CRISIS:
        if not refused:  # else nothing leaves anyway
            _hold_back(parts, inbound, held)
        _count_safety(parts, inbound.message_id)


def _hold_back(parts: Parts, inbound: Inbound, held: Held | None) -> None:
    """After a call for help no survey follows: what still waits does not leave. It waits on to its hour all the same,
    for whoever asked is looking (docs/decisions/0008-a-cry-for-help-holds-back-what-is-queued.md)."""
    for _ in range(_TRIES):
        if held is None or held.state is State.CLOSED or held.withheld:
            return
        with suppress(LostRace):
            sending_writes.withhold(held)
            return
        held = parts.held(inbound.number)


def _count_safety(parts: Parts, message_id: str) -> None:
    """Counted for the whole organisation: without a conversation there is no unit. Last, and in one transaction with
    the mark that the message was heard, so that no repeat counts it again."""
    mark, now = _heard_mark(parts, message_id), parts.clock()
    for _ in range(_TRIES):
        if limits.stands(mark, now=now):
            return
        with suppress(LostRace), base.transaction(parts.region) as together:
            limits.mark_within(together, mark, now=now, window=_REPEATS_WITHIN)
            counts.add(together, Place(*counts.NOBODYS, month_of(now)), {SAFETY_TEXTS: 1})
            return
    log.error("a safety text outside of a conversation was not counted: others were always in the way")


def _heard_mark(parts: Parts, message_id: str) -> str:
    return parts.phone_keys.lasting("heard", message_id)
