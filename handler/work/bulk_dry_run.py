"""What would become of a list, looked up in a few calls. Nothing is written."""

from collections.abc import Sequence
from dataclasses import dataclass

from handler.tables import many
from handler.work.bulk_plan import Room, plan
from handler.work.claim import beginning
from handler.work.invite import Inviting
from handler.work.parts import Parts
from handler.work.request import Request, invitation_id
from survey_flow.bulk_totals import Plan


@dataclass(frozen=True, slots=True)
class DryRun:
    """How many were handled already, were contacted lately, refuse surveys; what leaves, and as if nobody were held
    back; `segments` are those of the openings, as if nobody were held back."""

    already: int
    contacted: int
    opted_out: int
    plan: Plan
    plan_of_all: Plan
    segments: int


def dry_run(inviting: Inviting, requests: Sequence[Request]) -> DryRun:
    """The requests carry the idempotency keys of their lines. What was handled already is told as that alone."""
    parts = inviting.parts
    ids = [invitation_id(parts.phone_keys, request) for request in requests]
    handled = many.known_invitations(ids)
    ahead = [request for id_, request in zip(ids, requests, strict=True) if id_ not in handled]
    refusing, contacted = _held_back(parts, ahead)
    free = [request for place, request in enumerate(ahead) if place not in refusing | contacted]
    room = Room(parts)
    return DryRun(
        already=len(requests) - len(ahead),
        contacted=len(contacted),
        opted_out=len(refusing),
        plan=plan(inviting, free, room),
        plan_of_all=plan(inviting, ahead, room),
        segments=_segments(parts, ahead),
    )


def _held_back(parts: Parts, requests: Sequence[Request]) -> tuple[set[int], set[int]]:
    """The places of those who refuse surveys, and of the others who were contacted or are asked just now."""
    keys = [parts.phone_keys.all(request.number) for request in requests]
    every = {key for each in keys for key in each}
    refusing = many.opted_out(every)
    contacted = many.contacted(every, today=parts.today()) | many.in_conversation(every)
    refused = {place for place, each in enumerate(keys) if not refusing.isdisjoint(each)}
    return refused, {place for place, each in enumerate(keys) if not contacted.isdisjoint(each)} - refused


def _segments(parts: Parts, requests: Sequence[Request]) -> int:
    known: dict[str, int] = {}
    total = 0
    for request in requests:
        kind = repr((*_choices(request), sorted(request.facts.items())))
        if kind not in known:
            known[kind] = beginning(parts, request, trial=False).conversation.segments
        total += known[kind]
    return total


def _choices(request: Request) -> tuple[object, ...]:
    return request.unit, request.survey, request.respondent, request.language, request.occasion, request.neutral
