"""What the benchmarks stand on, without a time: talks end as they say, posts are signed, the page has all its parts."""

import re
from xml.etree import ElementTree

import pytest
from twilio.request_validator import RequestValidator

from benchmarks.figures import ratio, slope, spread
from benchmarks.load.talks import KINDS, Kind, talks
from benchmarks.machine import ENVIRONMENT
from benchmarks.pictures import Series, boxes, lines, pairs
from benchmarks.report.measuring import PARTS
from benchmarks.report.page import TEMPLATE
from benchmarks.report.targets import MOST_CPU, Target, growth, slope_in_ten_minutes
from benchmarks.speed.compare import TURNS
from benchmarks.twilio_posts import PATH, PUBLIC_URL, environ, form, signature
from survey_flow.phone import PhoneNumber
from tests.world import PHONE, World

NUMBERS = [PhoneNumber(f"+35840{number:07d}") for number in range(200)]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_each_talk_ends_as_it_says_and_nothing_is_left_unanswered(world: World, kind: Kind) -> None:
    world.opened()
    (talk,) = talks([PHONE], seed=1)
    for number, text in enumerate(kind.texts):
        assert world.text(text, message_id=f"{talk.messages[0][0]}{number}")
    held = world.held()
    assert held is not None
    assert held.dialogue is None
    assert world.columns()[kind.end.value] == 1


def test_the_turns_that_are_compared_are_a_whole_conversation(world: World) -> None:
    world.opened()
    for text in TURNS.values():
        world.text(text)
    assert world.columns()["finished"] == 1


def test_the_same_seed_gives_the_same_talks_and_another_one_others() -> None:
    assert list(talks(NUMBERS, 13)) == list(talks(NUMBERS, 13))
    assert list(talks(NUMBERS, 13)) != list(talks(NUMBERS, 14))
    assert sum(kind.share for kind in KINDS) == 100


def test_a_message_that_comes_twice_keeps_its_id_and_the_last_one_comes_once() -> None:
    repeated = next(talk for talk in talks(NUMBERS, 13) if talk.kind.twice)
    ids = [message_id for message_id, _ in repeated.messages]
    assert [ids.count(each) for each in dict.fromkeys(ids)] == [2, 2, 1]


def test_posts_are_signed_as_twilio_signs() -> None:
    fields = form(PHONE, "9 koska kuunneltiin")
    validator = RequestValidator(ENVIRONMENT["TWILIO_AUTH_TOKEN"])
    assert validator.validate(f"{PUBLIC_URL}{PATH}", fields, signature(fields))
    assert environ(fields)["HTTP_X_TWILIO_SIGNATURE"] == signature(fields)


def test_the_template_has_a_place_for_each_part_and_no_other() -> None:
    places = set(re.findall(r"{{(\w+)}}", TEMPLATE.read_text()))
    assert places == {"machine", "targets", "soak", "survey_costs", *PARTS}


def test_a_missed_target_is_called_missed() -> None:
    assert Target("CPU", f"at most {MOST_CPU}", "1.30", met=False).row() == "| CPU | at most 1.25 | 1.30 | **missed** |"


def test_a_ratio_is_that_of_rounds_side_by_side() -> None:
    slow = [[2.0, 2.0, 2.0], [20.0, 20.0, 20.0]]  # the machine was busy in the second round
    assert ratio(slow, [[1.0, 1.0, 1.0], [10.0, 10.0, 10.0]]).value == 2.0


def test_a_saw_that_climbs_no_higher_is_no_growth_and_one_that_does_is() -> None:
    saw = [(10.0 * at, 100.0 + at % 5) for at in range(21)]
    assert growth(saw) == 0.0
    assert growth([(at, mb + at / 10) for at, mb in saw]) == pytest.approx(10.0)


def test_a_slope_is_told_for_ten_minutes_and_the_first_minute_does_not_count() -> None:
    memory = [(0.0, 50.0), (30.0, 90.0), (60.0, 100.0), (120.0, 101.0), (180.0, 102.0)]
    assert slope_in_ten_minutes(memory) == pytest.approx(10.0)
    assert slope([(0.0, 1.0)]) == 0.0


@pytest.mark.parametrize(
    "svg",
    [
        pytest.param(boxes("Waiting < 1", "ms", [("1 & 8", spread([1.0, 2.0, 3.0]))]), id="boxes"),
        pytest.param(pairs("Before", [("a <b>", 2.0, 1.0, "µs")]), id="pairs"),
        pytest.param(lines("Memory", "s", "MB", [Series("all", [(0.0, 0.0), (1.0, 5.0)])]), id="lines"),
        pytest.param(lines("Burst", "s", "ms", [Series("one", [(0.0, 1.0)])], dots=True), id="dots"),
    ],
)
def test_pictures_are_well_formed_and_have_a_title(svg: str) -> None:
    picture = ElementTree.fromstring(svg)  # noqa: S314 our own
    assert picture.find("{http://www.w3.org/2000/svg}title") is not None
