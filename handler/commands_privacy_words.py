"""What is held on a number, in plain words: one sentence or more a table, without the number and without its keys."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from handler.tables.conversations import Held
    from handler.tables.invitations import Invitation
    from handler.tables.number_rows import Mark, Rows
    from handler.work.held_data import UnderKey
    from handler.work.parts import Parts

NOT_FOUND_BY_A_NUMBER = """\
What cannot be found by a number, because nothing leads to it from one:
responses, comments: when a survey closes, its answers move to a record with a random id, a unit, a group and a month.
counts: sums.
deletions: what the carrier is to delete after a message outside of a survey (the number sealed); goes when it is done.
audit: what staff did, without numbers.
What waits for minutes: the sending queue (a keyed hash), and for a day at most a message that could not be answered
at once (sealed).
At the carrier: its own log of messages to and from the number. Look there; the opening's record stays."""

_DELETION = "deletions: what passed with the number is still to be deleted at the carrier; in it the number, sealed."
_STATES = {
    "queued": "a survey waits to be sent",
    "sending": "a survey is just being sent",
    "unknown": "a survey whose sending nobody could confirm",
    "open": "an open survey",
    "closed": "the remains of a closed survey, for about two weeks",
}
_HOW = {
    "sms": "by a message from the phone",
    "staff": "told to a member of staff",
    "carrier": "told to the carrier",
    "wrong_number": "the number was said to be a wrong one",
}
_MARKS = {
    "trial": "it texted the trial word",
    "stray": "it wrote without an open survey and was answered; our answer and the message's id are kept",
    "refused": "it refused surveys",
    "answers": "how many of our answers it got that day",
}


def sentences(parts: "Parts", found: "Sequence[UnderKey]") -> Iterator[str]:
    """One block a pepper under which anything is held."""
    key_ids = [each.rows.phone_key.partition(".")[0] for each in found]
    yield f"Looked for under {len(found)} pepper{'s' * (len(found) > 1)}: {', '.join(key_ids)}."
    if all(each.rows.empty for each in found):
        yield "Nothing is held on this number."
    for key_id, each in zip(key_ids, found, strict=True):
        if not each.rows.empty:
            yield f"\nUnder pepper {key_id}:"
            yield from _of_rows(parts, each.rows)
            yield from (_invitation(parts, one) for one in each.invitations)
            if each.deletion_owed:
                yield _DELETION


def _of_rows(parts: "Parts", rows: "Rows") -> Iterator[str]:
    if rows.conversation:
        yield _conversation(parts, rows.conversation)
    if rows.contact:
        contacted, allowed = rows.contact.contacted_on.isoformat(), rows.contact.allowed_from.isoformat()
        yield f"throttle: contacted on {contacted}, not to be asked again before {allowed}; the invitation's id."
    if rows.opt_out:
        yield f"opt_outs: opted out in {rows.opt_out.since[:7]}, {_HOW[rows.opt_out.how]}."
    yield from map(_mark, rows.marks)


def _conversation(parts: "Parts", held: "Held") -> str:
    where = f"{_unit(parts, held.unit)}, {held.respondent}, language {held.language}"
    kept = [f"{len(held.message_ids)} message ids"]
    if held.dialogue is not None:
        kept.insert(0, "the answers given so far")
    if held.last_reply:
        kept.append("our last message")
    if held.sealed_number is not None:
        kept.append("the number itself, sealed, until no message is owed to it")
    since = f", of {held.month}" if held.month else ""
    return f"conversations: {_STATES[held.state]} ({where}{since}). With it: {', '.join(kept)}."


def _invitation(parts: "Parts", invitation: "Invitation") -> str:
    key = "the keyed hash of the number, until it leaves" if invitation.phone_key else "nothing of the number"
    where = f"{_unit(parts, invitation.unit)}, {invitation.respondent}"
    return f"invitations: one to {where}, {invitation.state.value}; in it {key}. The rows above lead to it."


def _mark(mark: "Mark") -> str:
    return f"limits: {_MARKS.get(mark.kind, mark.kind)}; until {mark.until.date().isoformat()}."


def _unit(parts: "Parts", unit_id: str) -> str:
    unit = parts.library.organisation.units.get(unit_id)
    return unit.name[unit.languages[0]] if unit else unit_id
