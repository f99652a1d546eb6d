"""What must be true of some numbers at the end, whatever was raced, failed or moved: each fails with what is otherwise.

Those of a storm, with its many numbers and its real carrier, are in tests/storm/truths.py.
"""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

from handler.tables.conversations import ConversationRow, State
from handler.tables.deletions import DeletionRow
from handler.tables.invitations import InvitationRow, InvitationState
from handler.tables.responses import ResponseRow
from handler.work.recount import Scope, rows_beside_their_folds
from survey_flow.contact_policy import allowed_from
from survey_flow.helsinki import day_of
from survey_flow.phone import PhoneNumber
from tests.handler.looking import is_contact, key_of
from tests.races.carrier import HonestCarrier, Taken
from tests.races.stage import Ledger, Row
from tests.storm.traces import told_in
from tests.world import PHONE, World

NEVER_TAKEN = (InvitationState.CANCELLED, InvitationState.EXPIRED, InvitationState.FAILED)
TAKEN = (InvitationState.SENT, InvitationState.DELIVERED, InvitationState.UNDELIVERED)


@dataclass(frozen=True, slots=True)
class Ended:
    """A world in which nothing is owed any more. `undelivered` are invitations of which the carrier has told so."""

    world: World
    carrier: HonestCarrier
    ledger: Ledger
    logs: str = ""
    undelivered: Sequence[str] = ()
    numbers: Sequence[PhoneNumber] = (PHONE,)

    @property
    def openings(self) -> list[Taken]:
        return [one for one in self.carrier.taken if one.invitation]

    def arrived(self, number: PhoneNumber) -> list[Taken]:
        """The openings to this number of which nobody was told that they did not arrive."""
        return [one for one in self.openings if one.message.to == number and one.invitation not in self.undelivered]

    @property
    def invitations(self) -> list[InvitationRow]:
        return [row for row in InvitationRow.scan() if row.state != InvitationState.BLOCKED]


def nothing_is_owed(ended: Ended) -> None:
    rows = list(ConversationRow.scan())
    assert [row.state for row in rows if row.state != State.CLOSED or row.due] == []
    assert [row.phone_key for row in rows if row.sealed_number is not None] == []
    assert list(DeletionRow.scan()) == []
    assert ended.world.queued == []


def every_invitation_has_ended_as_its_opening_did(ended: Ended) -> None:
    for row in ended.invitations:
        taken = sum(one.invitation == row.id for one in ended.openings)
        state = InvitationState(row.state)
        assert state in (*NEVER_TAKEN, *TAKEN, InvitationState.UNKNOWN), f"an invitation is {state}"
        assert taken <= 1, f"an opening left {taken} times"
        told = row.id in ended.undelivered
        assert not (state in NEVER_TAKEN and taken and not told), f"{state}, though its opening left"
        assert not (state in TAKEN and not taken), f"{state}, though its opening never left"


def nobody_is_asked_twice_within_three_months(ended: Ended) -> None:
    for number in ended.numbers:
        days = sorted(day_of(one.at) for one in ended.arrived(number))
        assert not [day for earlier, day in pairwise(days) if day < allowed_from(earlier)], f"openings on {days}"


def nobody_is_reminded_twice(ended: Ended) -> None:
    reminders = Counter(one.message.to for one in ended.carrier.taken if not one.invitation and not one.is_reply)
    openings = Counter(one.message.to for one in ended.openings)
    assert reminders <= openings


def every_message_had_a_claim(ended: Ended) -> None:
    """Or the next one would tell nothing."""
    assert all(one.claim >= 0 for one in ended.carrier.taken if not one.is_reply)


def nobody_writes_over_what_they_have_not_read(ended: Ended) -> None:
    """Of two who have read a row at one version, one gives it the next one, and the other looks again."""
    seen: dict[tuple[int, Row], int] = {}
    given: dict[Row, int] = {}
    for place, done in enumerate(ended.ledger.done):
        for row in done.call.versions:
            latest = given.get(row, -1)
            assert seen.get((done.who, row), -1) >= latest, f"call {place} writes over call {latest}: {done.call}"
            given[row] = place
        seen |= {(done.who, row): place for row in done.call.reads | done.call.versions}


def nothing_is_claimed_after_an_opt_out(ended: Ended) -> None:
    """By the order in which claims and refusals were carried out; START and withdrawals lift them."""
    for number in ended.numbers:
        refused, row = False, ("opt_outs", key_of(ended.world, number))
        claims = {one.claim for one in ended.carrier.taken if one.message.to == number and not one.is_reply}
        for place, done in enumerate(ended.ledger.done):
            refused = (refused or row in done.call.puts) and row not in done.call.deletes
            assert not (refused and place in claims), f"claimed after an opt-out, at call {place}"


def the_contact_stands_if_an_opening_left(ended: Ended) -> None:
    """Whoever wrote, though it was told that the opening did not arrive, may have either."""
    for number in ended.numbers:
        told_otherwise = any(one.message.to == number for one in ended.openings) and not ended.arrived(number)
        if not told_otherwise:
            assert is_contact(ended.world, number) == bool(ended.arrived(number))


def what_is_counted_is_the_fold(ended: Ended) -> None:
    for unit, survey in {(row.unit, row.survey) for row in ended.invitations}:
        rows = rows_beside_their_folds(ended.world.parts, Scope(unit, survey))
        assert [row for row in rows if row.differs] == []


def no_conversation_leaves_two_responses(ended: Ended) -> None:
    assert len(list(ResponseRow.scan())) <= len(ended.openings)


def the_carrier_holds_openings_alone(ended: Ended) -> None:
    texts = {one.message.text for one in ended.openings}
    left = [each.direction for each in ended.carrier.log.messages if each.body not in texts]
    assert left == [], f"left at the carrier: {left}"


def no_number_is_told(ended: Ended) -> None:
    assert list(told_in(ended.logs, {number.removeprefix("+358") for number in ended.numbers})) == []


TRUTHS: tuple[Callable[[Ended], None], ...] = (
    nothing_is_owed,
    every_invitation_has_ended_as_its_opening_did,
    nobody_is_asked_twice_within_three_months,
    nobody_is_reminded_twice,
    every_message_had_a_claim,
    nobody_writes_over_what_they_have_not_read,
    nothing_is_claimed_after_an_opt_out,
    the_contact_stands_if_an_opening_left,
    what_is_counted_is_the_fold,
    no_conversation_leaves_two_responses,
    the_carrier_holds_openings_alone,
    no_number_is_told,
)


def assert_all_true(ended: Ended, how: str, *, but: Collection[Callable[[Ended], None]] = ()) -> None:
    """Fails with everything that is otherwise, and how it came to be."""
    wrong = []
    for truth in (each for each in TRUTHS if each not in but):
        try:
            truth(ended)
        except AssertionError as error:
            wrong.append(f"{truth.__name__}: {error}")
    assert not wrong, "\n".join([*wrong, how])
