"""What the tests look up of one number: its key, its row, its invitation, and whether it counts as contacted."""

from urllib.parse import parse_qsl, urlsplit

import pytest

from handler.tables import throttle
from handler.tables.conversations import Held
from handler.tables.invitations import Invitation
from handler.tables.invitations import read as read_invitation
from handler.tables.throttle import Contact
from handler.work.invite import Accepted
from handler.work.request import Refused
from survey_flow.phone import PhoneNumber
from tests.world import PHONE, World


def key_of(world: World, number: PhoneNumber = PHONE) -> str:
    return world.parts.phone_keys.all(number)[0]


def held(world: World, number: PhoneNumber = PHONE) -> Held:
    """Its row, which must be there."""
    found = world.held(number)
    assert found is not None
    return found


def invitation(accepted: Accepted) -> Invitation:
    found = read_invitation(accepted.id)
    assert found is not None
    return found


def contact(world: World, number: PhoneNumber = PHONE) -> Contact | None:
    return throttle.read(key_of(world, number))


def is_contact(world: World, number: PhoneNumber = PHONE) -> bool:
    return contact(world, number) is not None


def refused(world: World, **differs: object) -> Refused:
    """Why an invitation is refused, which it must be."""
    with pytest.raises(Refused) as refusal:
        world.invite(**differs)
    return refusal.value


def invitation_in(callback: str) -> str:
    """The invitation that a message's callback is about, "" for none."""
    return dict(parse_qsl(urlsplit(callback).query)).get("invitation", "")
