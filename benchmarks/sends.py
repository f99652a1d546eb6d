"""The made-up invitations of a cell: those that were answered, and those that were not."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from uuid import UUID

from handler.tables.invitations import InvitationState
from handler.tables.responses import Place
from handler.work.request import Refusal
from survey_flow.closing import SEGMENTS_OUT

# Of those who are asked so many answer; it differs from unit to unit.
LOWEST_RATE, HIGHEST_RATE = 0.3, 0.55
# What became of openings that nobody answered, and of those that somebody did, in per cent.
UNANSWERED = {
    InvitationState.DELIVERED: 86,
    InvitationState.SENT: 3,
    InvitationState.UNDELIVERED: 4,
    InvitationState.FAILED: 1,
    InvitationState.UNKNOWN: 1,
    InvitationState.BLOCKED: 5,
}
ANSWERED = {InvitationState.DELIVERED: 99, InvitationState.SENT: 1}
REASONS = (Refusal.THROTTLED, Refusal.OPTED_OUT)
# An opening and a reminder.
SEGMENTS = 2


@dataclass(frozen=True, slots=True)
class Sent:
    id: str
    state: InvitationState
    reason: str = ""

    @property
    def columns(self) -> dict[str, int]:
        """What the closing of a conversation without an answer adds to the counts: what it cost."""
        arrived = self.state in (InvitationState.DELIVERED, InvitationState.SENT, InvitationState.UNKNOWN)
        return {SEGMENTS_OUT: SEGMENTS} if arrived else {}


def answered(responses: int, chance: Random) -> Iterator[Sent]:
    for _ in range(responses):
        yield Sent(_id(chance), chance.choices(list(ANSWERED), weights=list(ANSWERED.values()))[0])


def unanswered(place: Place, responses: int, chance: Random) -> Iterator[Sent]:
    """In a cell without responses somebody was asked all the same."""
    rate = Random(place.unit).uniform(LOWEST_RATE, HIGHEST_RATE)  # noqa: S311 made-up answers, not secrets
    for _ in range(round(responses / rate) - responses or 1):
        state = chance.choices(list(UNANSWERED), weights=list(UNANSWERED.values()))[0]
        reason = chance.choice(REASONS).value if state is InvitationState.BLOCKED else ""
        yield Sent(_id(chance), state, reason)


def _id(chance: Random) -> str:
    return str(UUID(int=chance.getrandbits(128), version=4))
