"""With every table, the peppers, and the log that the carrier has left: respondents are not matched to responses.

Two facts about a number are remembered because they must be: that it refused, with the month, and for a week that it
wrote after the end (one kind answer a week). Among those of whom the same of these is known, nothing tells them apart:
each is played in every way that a survey can go, and what is left of their numbers is the same to the letter.
"""

from collections.abc import Iterator

import pytest
from moto import mock_aws

from survey_flow.library import Library
from tests.privacy.attacker import Seized, leads, rows
from tests.privacy.people import Person, lived, one_of_each, told_apart
from tests.roles import held_to_roles
from tests.world import REGION, START, World, made_world

SWEDISH = "to the end in Swedish"
Played = tuple[World, dict[str, Person]]


@pytest.fixture(scope="module")
def played(library: Library) -> Iterator[Played]:
    """Everybody has answered as they do; the tests only look."""
    with pytest.MonkeyPatch.context() as patch, mock_aws():
        patch.delenv("AWS_ENDPOINT_URL", raising=False)
        for name, value in (("AWS_ACCESS_KEY_ID", "test"), ("AWS_SECRET_ACCESS_KEY", "test"), ("AWS_REGION", REGION)):
            patch.setenv(name, value)
        with held_to_roles("test-", REGION):
            world, people = made_world(library, prefix="test-"), one_of_each()
            lived(world, people.values())
            yield world, people


def test_whatever_somebody_answered_the_same_is_left_of_their_number(played: Played) -> None:
    world, people = played
    assert told_apart(world, people) == {SWEDISH}


def test_the_language_is_kept_for_a_late_call_for_help_and_nothing_else_with_it(played: Played) -> None:
    world, people = played
    swedish, finnish = (Seized(world).known_of(people[name].number) for name in (SWEDISH, "to the end"))
    assert tuple(each.replace("{'S': 'sv'}", "{'S': 'fi'}") for each in swedish) == finnish


def test_nothing_is_left_at_the_carrier_but_the_opening(played: Played) -> None:
    world, people = played
    for name, person in people.items():
        left = [(message.direction, message.date_created) for message in world.carrier.log.of(person.number)]
        assert left == [("outbound-api", START)], name


def test_no_id_of_an_answer_is_found_in_any_other_table_or_at_the_carrier(played: Played) -> None:
    world, _ = played
    of_answers = {lead for _, content in rows(answers=True) for lead in leads(content)}
    elsewhere = {lead for _, content in rows(answers=False) for lead in leads(content)}
    assert len(of_answers) >= 20
    assert of_answers & (elsewhere | {message.sid for message in world.carrier.log.messages}) == set()
