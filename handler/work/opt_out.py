"""Opting out, told by SMS, by staff, by the carrier or as a wrong number; and lifting it."""

from datetime import UTC, datetime, timedelta

from handler.tables import conversations, limits, opt_outs
from handler.tables.base import LostRace
from handler.tables.conversations import State
from handler.work.close import close_refused
from handler.work.inbound import TWILIO_TRIES_FOR, Inbound
from handler.work.parts import Parts
from survey_flow.conversation import OptOutHow
from survey_flow.phone import PhoneNumber

_TRIES = 5
# No message waits for longer to be rescued: for so long a refusal is remembered by the moment, then by the day alone.
_NOTED_FOR = timedelta(days=1)


def record_opt_out(parts: Parts, number: PhoneNumber, how: OptOutHow) -> None:
    """The opt-out's row, first and alone: whatever fails later, nothing more is sent.

    Under the writing key, and under an older one if a conversation stands there: what finishes its closing later knows
    that key alone. Otherwise nothing is written under a pepper that was changed because it had leaked.
    """
    key, *older_keys = parts.phone_keys.all(number)
    opt_outs.record(key, how=how, today=parts.today())
    for older in older_keys:
        held = conversations.read(older)
        if held is not None and held.state is not State.CLOSED:
            opt_outs.record(older, how=how, today=parts.today())


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


def refuses(parts: Parts, number: PhoneNumber) -> bool:
    """Whether an opt-out of the number stands, under whatever key."""
    return any(opt_outs.stands(key) for key in parts.phone_keys.all(number))


def lift(parts: Parts, inbound: Inbound) -> None:
    """START from the phone itself lifts every opt-out, unless it is heard late and they have refused since."""
    if inbound.kept_at is not None and _overruled(parts, inbound):
        return
    for key in parts.phone_keys.all(inbound.number):
        opt_outs.lift(key)


def note_refusal(parts: Parts, inbound: Inbound) -> None:
    """When the number refused: no START from before that lifts it.

    Of a kept refusal the earliest moment at which it can have been written: so two kept messages compare by when they
    were kept, in whatever order they are heard.
    """
    kept_at = inbound.kept_at
    _note(parts, inbound.number, parts.clock() if kept_at is None else kept_at - TWILIO_TRIES_FOR)


def _overruled(parts: Parts, inbound: Inbound) -> bool:
    """Whether the number has refused after it wrote this, or in doubt may have."""
    return any(inbound.written_before(_refused_at(parts, key)) for key in parts.phone_keys.all(inbound.number))


def _note(parts: Parts, number: PhoneNumber, moment: datetime) -> None:
    """Under the writing key alone: whoever looks knows it too."""
    limits.mark(_mark(parts.phone_keys.all(number)[0]), now=moment, window=_NOTED_FOR)


def _refused_at(parts: Parts, phone_key: str) -> datetime | None:
    note = limits.stands(_mark(phone_key), now=parts.clock())
    return datetime.fromtimestamp(note.until, UTC) - _NOTED_FOR if note else None


def _mark(phone_key: str) -> str:
    return f"refused#{phone_key}"


def staff_opt_out(parts: Parts, number: PhoneNumber, *, who: str) -> None:
    """A client said it to a member of staff."""
    from handler.tables import audit  # of the staff alone: the webhooks do not load it

    opt_out(parts, number, OptOutHow.STAFF)
    _note(parts, number, parts.clock())
    audit.note(parts.clock(), who=who, did=audit.Did.OPT_OUT_RECORDED)


def staff_withdraw(parts: Parts, number: PhoneNumber, *, who: str) -> None:
    """Lifts what staff recorded, and nothing that the respondent said themselves. It opens the way to messages: noted
    first, it is not done when it cannot be noted."""
    from handler.tables import audit

    audit.note(parts.clock(), who=who, did=audit.Did.OPT_OUT_WITHDRAWN)
    for key in parts.phone_keys.all(number):
        opt_outs.lift_staff_recorded(key)
