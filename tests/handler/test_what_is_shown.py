"""What each role finds written on the pages that are open to it: no comment that nobody has gone through, no action of
a unit and no other unit's words come to somebody who may not read them, whatever page they stand on.

test_doors.py tells who comes in; this, what is seen inside.
"""

from collections.abc import Iterator
from datetime import date
from itertools import product

import pytest
from flask import Flask

from handler.work.actions import Plan, add
from handler.work.comments_marking import Marking, mark
from survey_flow.comment_marks import Change, CommentStatus
from tests.handler.commenting import answered, unit_of, written
from tests.handler.test_doors import (
    ADMINISTRATOR,
    DOORS,
    GROUPS,
    OTHERS,
    OWN,
    SENDER,
    SUPERVISOR,
    Door,
    app,
    knock,
    of_people,
)
from tests.people import signed_in
from tests.world import World

__all__ = ["app"]

UNREAD, SHARED, BY_NAME, NOT_OURS = "Hoitaja Liisa oli ilkeä", "Täällä kuunneltiin", "Hankitaan sermi", "Kouvolan asia"
# What is written by whom it may be read; every page that is open to a role is looked at.
WRITTEN: dict[str, tuple[str, frozenset[str]]] = {
    "a comment chosen for the meeting, not shared": (UNREAD, frozenset({SUPERVISOR})),
    "a comment that is shared and chosen": (SHARED, frozenset({SENDER, SUPERVISOR, ADMINISTRATOR})),
    "an action, with who does it": (BY_NAME, frozenset({SUPERVISOR})),
    "another unit's comment, shared there": (NOT_OURS, frozenset({ADMINISTRATOR})),
}


@pytest.fixture
def told(world: World) -> None:
    chosen, shared = Marking(for_meeting=True), Marking(Change(CommentStatus.SHARED), for_meeting=True)
    for unit, texts in {OWN: ((UNREAD, chosen), (SHARED, shared)), OTHERS: ((NOT_OURS, shared),)}.items():
        answered(unit=unit)
        for text, marking in texts:
            comment_id = written(text, unit=unit)
            mark(world.parts, unit_of(world, unit), {comment_id: 0}, marking, who="test")
    add(world.parts, unit_of(world), "sermi", Plan(BY_NAME, "Tiina", date(2026, 12, 24), "tilat", ""), who="test")


def pages(app: Flask, world: World, role: str) -> Iterator[tuple[str, str]]:
    """Every page that is open to the role, of both units where it names one, as text."""
    client = signed_in(app, world, [GROUPS[role]])
    open_doors = {name: door for name, door in of_people().items() if role in door.roles and name.startswith("GET ")}
    for (name, door), unit in product(open_doors.items(), (OWN, OTHERS)):
        assert isinstance(door, Door)
        yield f"{name} of {unit}", knock(client, name, door, unit).get_data().decode(errors="replace")


@pytest.mark.usefixtures("told")
@pytest.mark.parametrize("role", GROUPS)
@pytest.mark.parametrize(("text", "readers"), WRITTEN.values(), ids=WRITTEN)
def test_what_is_written_is_read_by_those_alone_who_may(
    app: Flask, world: World, role: str, text: str, readers: frozenset[str]
) -> None:
    found = [page for page, shown in pages(app, world, role) if text in shown]
    assert bool(found) is (role in readers), found


@pytest.mark.usefixtures("told")
def test_the_meetings_page_has_room_for_what_its_reader_may_not_see(app: Flask, world: World) -> None:
    door = DOORS["GET /results/meeting"]
    assert isinstance(door, Door)
    for role, comments, actions in ((SENDER, 1, 0), (ADMINISTRATOR, 1, 0), (SUPERVISOR, 2, 1)):
        shown = knock(signed_in(app, world, [GROUPS[role]]), "GET /results/meeting", door).text
        assert (shown.count("<q>"), shown.count(BY_NAME)) == (comments, actions), role
