"""What must be true of the tables, of the carrier's log and of our own logs: at every moment, and in the end."""

import logging
from collections import Counter
from collections.abc import Collection

from handler.tables.all_tables import TABLES
from handler.tables.conversations import ConversationRow, State
from handler.tables.deletions import DeletionRow
from handler.tables.invitations import InvitationRow
from handler.tables.responses import ResponseRow
from handler.work.fold_sends import fold_recent
from handler.work.recount import Scope, rows_beside_their_folds
from tests.carrier_log import digest_of
from tests.model.carrier import MoodyCarrier
from tests.model.lives import Opening
from tests.model.model import Model
from tests.model.texts import Kind
from tests.privacy.finding import Finder
from tests.world import World

ENDED = {"sent", "delivered", "undelivered", "failed", "unknown", "cancelled", "expired", "blocked"}
# What may be stored without being asked: the invitation or the group tells it.
TOLD_ALREADY = ("jatkuu", "rooli", "palvelu")


class Logged(logging.Handler):
    """Everything that is logged while the machine runs."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []
        logging.getLogger().addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))

    def stop(self) -> None:
        logging.getLogger().removeHandler(self)


def explain_responses(model: Model, known: set[str]) -> None:
    """Each response is of an opening of its place, of which there is no other; each digit in it was written by that
    person after the opening, and is no answer to two questions. `known` are those looked at already."""
    rows = {row.month_group_id: row for row in ResponseRow.scan()}
    if rows.keys() <= known:
        return
    known |= rows.keys()
    openings = list(model.openings())
    whose: dict[int, str] = {}  # the response of each opening
    for name, row in rows.items():
        assert _placed(name, rows, openings, whose, set()), f"a response that nobody can have given: {_told(row)}"


def _placed(
    name: str, rows: dict[str, ResponseRow], openings: list[Opening], whose: dict[int, str], tried: set[int]
) -> bool:
    """Whether there is an opening for it, moving others to theirs where need be (a bipartite matching)."""
    for number, opening in enumerate(openings):
        if number in tried or not _may_be(opening, rows[name]):
            continue
        tried.add(number)
        if number not in whose or _placed(whose[number], rows, openings, whose, tried):
            whose[number] = name
            return True
    return False


def _told(row: ResponseRow) -> str:
    return f"{row.unit_survey} {row.month_group_id} {row.answers} {row.outcome}"


def _may_be(opening: Opening, row: ResponseRow) -> bool:
    place = opening.place
    if opening.never or row.unit_survey != f"{place.unit}#{place.survey}":
        return False
    digits = [value for name, value in row.answers.items() if isinstance(value, int) and name not in TOLD_ALREADY]
    return row.month_group_id.split("#")[1] == place.respondent and Counter(digits) <= opening.digits


def tombstones_are_bare() -> None:
    """Neither answers nor number nor how many messages there were."""
    for row in ConversationRow.scan():
        if row.state == State.CLOSED:
            assert row.dialogue is None
            assert row.sealed_number is None
            assert row.invitation_id is None
            assert len(row.message_ids or []) <= 3
            assert row.version == 0


def hold_in_the_end(world: World, model: Model, carrier: MoodyCarrier, logged: Logged, strays: Collection[str]) -> None:
    """Two weeks after the last word, with the schedule's rounds and a carrier that answers."""
    everything_has_ended(world)
    counts_are_their_folds(world)
    responses_are_conversations_that_ended_with_an_answer(model)
    the_carrier_holds_openings_alone(model, carrier, strays)
    no_number_is_told(world, model, logged)


def everything_has_ended(world: World) -> None:
    assert {row.state for row in InvitationRow.scan()} <= ENDED
    for row in ConversationRow.scan():
        assert row.state == State.CLOSED
        assert row.due is None
        assert row.sealed_number is None
    assert list(DeletionRow.scan()) == []
    assert world.queued == []


def counts_are_their_folds(world: World) -> None:
    fold_recent(world.parts)
    differing = [row for row in rows_beside_their_folds(world.parts, Scope()) if row.differs]
    assert not differing, f"counts that are not their folds: {differing}"


def responses_are_conversations_that_ended_with_an_answer(model: Model) -> None:
    rows = list(ResponseRow.scan())
    openings = list(model.openings())
    cries = sum(text.kind is Kind.CRISIS and bool(text.values) for each in openings for text in each.texts)
    # An opening is known by its invitation: of one that was never sent again there is no second response.
    assert sum(opening.must for opening in openings) <= len(rows) <= len(openings)
    assert model.thanked <= sum(row.outcome == "finished" for row in rows) <= model.thanked + cries


def the_carrier_holds_openings_alone(model: Model, carrier: MoodyCarrier, strays: Collection[str]) -> None:
    """And what strangers wrote to whom nothing was said."""
    openings = {(person.number, each.digest) for person in model.people.values() for each in person.openings}
    left = [each for each in carrier.log.messages if each.sid not in strays]
    owed = [each for each in left if (each.number, digest_of(each.body)) not in openings]
    assert not owed, f"left at the carrier: {owed}"


def no_number_is_told(world: World, model: Model, logged: Logged) -> None:
    finder = Finder(list(model.people))
    rows = [repr(row.attribute_values) for table in TABLES for row in table.scan()]
    told = [*logged.lines, *rows, repr(world.metrics), *world.queued]
    assert list(finder.found_in("\n".join(told))) == []
