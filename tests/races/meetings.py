"""Which two deeds meet, and in what state they find the number."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from handler.work.owes import REMIND_AFTER
from handler.work.settle import BETWEEN_LOOKS, LEASE
from survey_flow.conversation import LIFETIME
from tests.races.deeds import (
    KEPT,
    Deed,
    Message,
    Rescued,
    Scene,
    a_round,
    answered,
    asked,
    cancelled,
    deletion_owed,
    delivered,
    has_left,
    kept,
    lost_in_sending,
    nothing,
    opened,
    queued,
    refused_by_staff,
    reminded,
    stopped,
    then,
    told,
    withdrawn,
)


@dataclass(frozen=True, slots=True)
class Meeting:
    """`before` is done in peace; `other` may begin when `after` says so."""

    before: Callable[[Scene], object]
    one: Deed
    other: Deed
    after: Callable[[Scene], bool] = lambda _: True


STOP = Message("STOP", "SMstop")
NINE, FIVE = Message("9", "SMnine"), Message("5", "SMfive")
GROUP = Message("3524", "SMgroup")
LAST = Message("OHITA", "SMlast")
DUE_REMINDER = then(opened, forward=REMIND_AFTER)
BEGUN = answered("9")
AT_THE_END = answered("9", "3524")
NEVER_REMINDED = then(answered("9"), forward=REMIND_AFTER + LIFETIME)
LOOK = LEASE + BETWEEN_LOOKS

MEETINGS: dict[str, Meeting] = {
    "STOP, invited": Meeting(nothing, STOP, asked()),
    "STOP, first answer": Meeting(opened, STOP, NINE),
    "STOP, answer": Meeting(BEGUN, STOP, GROUP),
    "STOP, last answer": Meeting(AT_THE_END, STOP, LAST),
    "STOP, reminder": Meeting(DUE_REMINDER, STOP, delivered),
    "STOP, opening": Meeting(queued, STOP, delivered),
    "STOP, cancelled": Meeting(queued, STOP, cancelled),
    "STOP, told delivered": Meeting(opened, STOP, told("delivered")),
    "STOP, told undelivered": Meeting(opened, STOP, told("undelivered", "30003")),
    "STOP, told opted out": Meeting(opened, STOP, told("undelivered", "21610")),
    "STOP, START": Meeting(opened, STOP, Message("START", "SMstart")),
    "STOP, a look at an unknown send": Meeting(then(lost_in_sending(taken=True), forward=LOOK), STOP, delivered),
    "STOP, a round": Meeting(then(queued, forward=timedelta(minutes=1)), STOP, a_round),
    "wrong number, last answer": Meeting(AT_THE_END, Message("väärä numero", "SMwrong"), LAST),
    "the same answer twice": Meeting(opened, NINE, NINE),
    "two answers": Meeting(opened, NINE, FIVE),
    "an answer, one to the next question": Meeting(opened, NINE, GROUP),
    "two last answers": Meeting(AT_THE_END, LAST, Message("pitkä jono", "SMother")),
    "the same last answer twice": Meeting(AT_THE_END, LAST, LAST),
    "answer, expiry": Meeting(then(reminded(BEGUN), forward=LIFETIME), GROUP, a_round),
    "last answer, expiry": Meeting(then(reminded(AT_THE_END), forward=LIFETIME), LAST, a_round),
    "answer, a round too late": Meeting(NEVER_REMINDED, GROUP, a_round),
    "answer, a reminder too late": Meeting(NEVER_REMINDED, GROUP, delivered),
    "two units invite": Meeting(nothing, asked(unit="kotka"), asked(unit="kouvola")),
    "one request twice": Meeting(nothing, asked(idempotency_key="visit"), asked(idempotency_key="visit")),
    "one opening delivered twice": Meeting(queued, delivered, delivered),
    "opening, told delivered": Meeting(queued, delivered, told("delivered"), has_left),
    "opening, told undelivered": Meeting(queued, delivered, told("undelivered", "30003"), has_left),
    "opening, cancelled": Meeting(queued, delivered, cancelled),
    "opening, a round": Meeting(then(queued, forward=timedelta(minutes=1)), delivered, a_round),
    "opening, first answer": Meeting(queued, delivered, NINE, has_left),
    "unknown send, told delivered": Meeting(
        then(lost_in_sending(taken=True), forward=LOOK), delivered, told("delivered")
    ),
    "unknown send never taken, first look twice": Meeting(
        then(lost_in_sending(taken=False), forward=LOOK), delivered, delivered
    ),
    "reminder, first answer": Meeting(DUE_REMINDER, delivered, NINE),
    "one reminder delivered twice": Meeting(DUE_REMINDER, delivered, delivered),
    "reminder, a call for help": Meeting(DUE_REMINDER, delivered, Message("haluan kuolla", "SMhelp")),
    "opening, a call for help": Meeting(queued, delivered, Message("haluan kuolla", "SMhelp")),
    "refused by staff, invited": Meeting(nothing, refused_by_staff, asked()),
    "refused by staff, opening": Meeting(queued, refused_by_staff, delivered),
    "refused by staff, last answer": Meeting(AT_THE_END, refused_by_staff, LAST),
    "withdrawn by staff, STOP": Meeting(refused_by_staff, withdrawn, STOP),
    "START, invited": Meeting(stopped, Message("START", "SMstart"), asked()),
    "START, refused by staff": Meeting(stopped, Message("START", "SMstart"), refused_by_staff),
    "rescued, by the webhook": Meeting(kept("9"), Rescued("9"), Message("9", KEPT)),
    "rescued twice": Meeting(kept("9"), Rescued("9"), Rescued("9")),
    "rescued, a newer answer": Meeting(kept("5"), Rescued("5"), NINE),
    "deletions, a late message": Meeting(deletion_owed, delivered, Message("kiitos", "SMlate")),
    "deletions, invited for a trial": Meeting(deletion_owed, delivered, Message("KOE", "SMtrial")),
    "deletions twice": Meeting(deletion_owed, delivered, delivered),
}
