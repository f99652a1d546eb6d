"""What the benchmarks stand on, without a time: talks end as they say, posts are signed, replies are ranked."""

from xml.etree import ElementTree

import pytest
from twilio.request_validator import RequestValidator

from benchmarks.figures import ratio, ratio_of_lower_quartiles, spread
from benchmarks.load.talks import KINDS, Kind, talks
from benchmarks.machine import ENVIRONMENT
from benchmarks.pictures import Series, boxes, lines, pairs
from benchmarks.read_reply import LENGTHS, LONGEST, Row, rows_of, slowest_texts
from benchmarks.reply_attacks import attacks
from benchmarks.speed.compare import TURNS
from benchmarks.twilio_posts import PATH, PUBLIC_URL, environ, form, signature
from infra.packaging.import_time import told_by
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


def test_a_ratio_is_that_of_rounds_side_by_side() -> None:
    slow = [[2.0, 2.0, 2.0], [20.0, 20.0, 20.0]]  # the machine was busy in the second round
    assert ratio(slow, [[1.0, 1.0, 1.0], [10.0, 10.0, 10.0]]).value == 2.0


def test_what_a_busy_machine_adds_to_some_processes_moves_no_ratio_of_lower_quartiles() -> None:
    floor, sample = [10.0] * 12, [11.0] * 9 + [90.0] * 3
    assert ratio_of_lower_quartiles(sample, floor).value == pytest.approx(1.1)


def test_a_cold_start_is_told_by_lower_quartiles_of_all_rounds() -> None:
    rounds = [{"start": 7.0, "alone": 100.0, "sms": 110.0, "wired": 120.0 + late} for late in (0, 0, 0, 300)]
    found = told_by(rounds)
    assert (found.ratio, found.wired) == (pytest.approx(1.1), 120.0)


def test_the_worst_pieces_that_were_found_are_tried() -> None:
    assert {"/2en0", "½2en"} <= set(attacks().values())


def test_what_is_kept_of_replies_gives_the_same_rows_again() -> None:
    row = Row("a digit", "nps", dict.fromkeys(LENGTHS, 40.0))
    kept = {"lengths": list(LENGTHS), "rows": [{"text": "a digit", "reader": "nps", "microseconds": [40.0] * 5}]}
    assert rows_of(kept) == [row]


def test_the_slowest_texts_stand_once_each_as_they_are_read_the_slowest() -> None:
    found = [_row("prose", "nps", 90), _row("prose", "masked", 200), _row("digits", "nps", 100), _row("a", "nps", 1)]
    assert [(row.text, row.reader) for row in slowest_texts(found, 2)] == [("prose", "masked"), ("digits", "nps")]


def _row(text: str, reader: str, longest: float) -> Row:
    return Row(text, reader, {**dict.fromkeys(LENGTHS, 1.0), LONGEST: longest})


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
