"""Answers that tell of a number: that it has opted out, or was contacted. Each has a place, and places are few a day.

The place is taken before the number is looked at and given back when nothing was told, so that when there is none left,
everybody is answered alike: "asked too often" tells nothing, and many who ask at one moment get no more than one who
asks one after another.
"""

from handler.work import rates
from handler.work.invite import Accepted, Inviting, invite
from handler.work.request import Refusal, Refused, Request

TELLS = (Refusal.OPTED_OUT, Refusal.THROTTLED)


def invite_telling(inviting: Inviting, request: Request) -> Accepted:
    """As `invite`. Raises Refused, or TooMany, which says nothing about the number."""
    place = rates.take(inviting.parts, rates.TOLD, request.caller)
    try:
        accepted = invite(inviting, request)
    except Refused as refused:
        if refused.refusal not in TELLS:
            place.give_back()
        raise
    place.give_back()
    return accepted
