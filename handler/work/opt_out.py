"""Opting out, told by SMS, by staff, by the carrier or as a wrong number; and lifting it."""

from handler.tables import audit, opt_outs
from handler.tables.base import LostRace
from handler.tables.conversations import State
from handler.work.close import close_refused
from handler.work.parts import Parts
from survey_flow.conversation import OptOutHow
from survey_flow.phone import PhoneNumber

_TRIES = 5


def record_opt_out(parts: Parts, number: PhoneNumber, how: OptOutHow) -> None:
    """The opt-out's row, first and alone: whatever fails later, nothing more is sent.

    Under every key in force: what finishes a closing later knows the conversation's own key alone.
    """
    for key in parts.phone_keys.all(number):
        opt_outs.record(key, how=how, today=parts.today())


def opt_out(parts: Parts, number: PhoneNumber, how: OptOutHow) -> None:
    """The opt-out's row; then, if a conversation stands, its closing. What a crash leaves, the expiry finishes."""
    record_opt_out(parts, number, how)
    for _ in range(_TRIES):
        held = parts.held(number)
        if held is None or held.state is State.CLOSED:
            return
        try:
            close_refused(parts, held)
        except LostRace:
            continue
        return


def lift(parts: Parts, number: PhoneNumber) -> None:
    """START from the phone itself lifts every opt-out."""
    for key in parts.phone_keys.all(number):
        opt_outs.lift(key)


def staff_opt_out(parts: Parts, number: PhoneNumber, *, who: str) -> None:
    """A client said it to a member of staff."""
    opt_out(parts, number, OptOutHow.STAFF)
    audit.note(parts.clock(), who=who, did="opt_out_recorded")


def staff_withdraw(parts: Parts, number: PhoneNumber, *, who: str) -> None:
    """Lifts what staff recorded, and nothing that the respondent said themselves."""
    for key in parts.phone_keys.all(number):
        opt_outs.lift_staff_recorded(key)
    audit.note(parts.clock(), who=who, did="opt_out_withdrawn")
