"""Opting out, told by SMS, by staff, by the carrier or as a wrong number; and lifting it."""

from datetime import UTC, datetime, timedelta

from handler.tables import audit, limits, opt_outs
from handler.tables.base import LostRace
from handler.tables.conversations import State
from handler.work.close import close_refused
from handler.work.inbound import Inbound
from handler.work.parts import Parts
from survey_flow.conversation import OptOutHow
from survey_flow.phone import PhoneNumber

_TRIES = 5
# No message waits for longer to be rescued: for so long a refusal is remembered by the moment, then by the day alone.
_NOTED_FOR = timedelta(days=1)


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


def lift(parts: Parts, inbound: Inbound) -> None:
    """START from the phone itself lifts every opt-out, unless it is heard late and they have refused since."""
    if overruled(parts, inbound):
        return
    for key in parts.phone_keys.all(inbound.number):
        opt_outs.lift(key)


def note_refusal(parts: Parts, inbound: Inbound) -> None:
    """The moment of a refusal that is heard as it comes. One that was kept is heard in its order among those that were
    kept, and needs no note."""
    if inbound.kept_at is None:
        _note(parts, inbound.number)


def overruled(parts: Parts, inbound: Inbound) -> bool:
    """Whether the number has refused after it wrote this."""
    if inbound.kept_at is None:
        return False
    note = limits.stands(_mark(parts, inbound.number), now=parts.clock())
    return note is not None and inbound.kept_at <= datetime.fromtimestamp(note.until, UTC) - _NOTED_FOR


def _note(parts: Parts, number: PhoneNumber) -> None:
    limits.mark(_mark(parts, number), now=parts.clock(), window=_NOTED_FOR)


def _mark(parts: Parts, number: PhoneNumber) -> str:
    return f"refused#{parts.phone_keys.all(number)[0]}"


def staff_opt_out(parts: Parts, number: PhoneNumber, *, who: str) -> None:
    """A client said it to a member of staff."""
    opt_out(parts, number, OptOutHow.STAFF)
    _note(parts, number)
    audit.note(parts.clock(), who=who, did="opt_out_recorded")


def staff_withdraw(parts: Parts, number: PhoneNumber, *, who: str) -> None:
    """Lifts what staff recorded, and nothing that the respondent said themselves."""
    for key in parts.phone_keys.all(number):
        opt_outs.lift_staff_recorded(key)
    audit.note(parts.clock(), who=who, did="opt_out_withdrawn")
