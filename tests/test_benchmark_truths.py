"""What must be true after a load, and that each of these truths is seen when it is broken."""

from collections.abc import Callable

import pytest

from benchmarks.load.burst import ANSWER, IN_A_ROW, Said, told
from benchmarks.load.play import Heard
from benchmarks.load.talks import KINDS, End, Talk
from benchmarks.load.truths import broken, unkept
from benchmarks.rounds import PLACE
from handler.tables import counts
from handler.tables.opt_outs import OptOutRow
from handler.tables.responses import ResponseRow
from survey_flow.phone import PhoneNumber
from tests.world import PHONE, World

HEARD = Heard(0.0, 1.0)
CALM_MS = 10.0


@pytest.fixture
def talked(world: World) -> list[Talk]:
    """One of each kind, to the end."""
    all_talks = []
    for number, kind in enumerate(KINDS):
        phone = PhoneNumber(f"+35840123450{number}")
        talk = Talk(phone, kind, tuple((f"SM{number}-{place}", text) for place, text in enumerate(kind.texts)))
        world.opened(number=phone)
        for message_id, text in talk.messages:
            world.text(text, number=phone, message_id=message_id)
        all_talks.append(talk)
    return all_talks


def test_nothing_is_broken_when_everybody_was_heard(world: World, talked: list[Talk]) -> None:
    assert broken(world.parts, talked, [HEARD]) == []


def lose_a_response() -> None:
    next(row for row in ResponseRow.scan() if row.outcome == End.FINISHED.value).delete()


def lose_an_opt_out() -> None:
    next(iter(OptOutRow.scan())).delete()


def count_one_twice() -> None:
    counts.add_alone(PLACE, {End.FINISHED.value: 1})


@pytest.mark.parametrize(
    ("damage", "sentences"),
    [
        pytest.param(lose_a_response, ["finished responses are kept", "rows of counts are not"], id="a lost response"),
        pytest.param(lose_an_opt_out, ["1 opt-outs are kept"], id="a lost opt-out"),
        pytest.param(count_one_twice, ["are counted", "rows of counts are not"], id="somebody counted twice"),
    ],
)
def test_what_was_lost_or_doubled_is_told(
    world: World, talked: list[Talk], damage: Callable[[], None], sentences: list[str]
) -> None:
    damage()
    found = broken(world.parts, talked, [HEARD])
    assert len(found) == len(sentences)
    assert all(words in sentence for words, sentence in zip(sentences, found, strict=True))


def test_a_conversation_that_hangs_is_told(world: World, talked: list[Talk]) -> None:
    world.opened()
    silent = Talk(PHONE, KINDS[0], ())
    assert "1 conversations are not closed." in broken(world.parts, [*talked, silent], [HEARD])


def test_faults_are_told_with_how_often_they_were_heard(world: World, talked: list[Talk]) -> None:
    faults = [Heard(0.0, 1.0, "status 500")] * 2
    assert broken(world.parts, talked, [HEARD, *faults]) == ["2 messages: status 500."]


def test_a_first_answer_that_is_kept_once_is_as_it_should_be(world: World) -> None:
    world.opened()
    world.text(str(ANSWER), message_id="SM1")
    assert list(unkept(world.parts, [Said(PHONE, "SM1", HEARD)])) == []


@pytest.mark.parametrize(
    "said",
    [
        pytest.param([], id="lost"),
        pytest.param([("SM2", "9")], id="another message's"),
        pytest.param([("SM1", "8")], id="another answer"),
        pytest.param([("SM1", "9"), ("SM3", "4534")], id="heard twice, the second time for the next question"),
        pytest.param([("SM1", "STOP")], id="closed"),
    ],
)
def test_a_first_answer_that_is_not_kept_once_is_told(world: World, said: list[tuple[str, str]]) -> None:
    world.opened()
    for message_id, text in said:
        world.text(text, message_id=message_id)
    assert list(unkept(world.parts, [Said(PHONE, "SM1", HEARD)])) == [
        "1 first answers of the burst are not kept, or not once."
    ]


def stream(*ms: float) -> list[Heard]:
    """Answers to one message each tenth of a second, the first of them at 100."""
    return [Heard(100 + place / 10, each) for place, each in enumerate(ms)]


@pytest.mark.parametrize(
    ("after", "seconds"),
    [
        pytest.param(stream(*[CALM_MS] * 20), 0.0, id="nobody waited"),
        pytest.param(stream(*[500] * 20, *[CALM_MS] * 20), 2.0, id="two seconds of waiting"),
        pytest.param(stream(CALM_MS, CALM_MS, *[500] * 18, *[CALM_MS] * 20), 2.0, id="the queue grows slowly"),
        pytest.param(stream(*[500] * 10, *[CALM_MS] * 5, 99, *[CALM_MS] * 9), 1.0, id="one late answer among many"),
        pytest.param(stream(*[500] * 40), None, id="never"),
        pytest.param(stream(*[500] * 20, *[CALM_MS] * (IN_A_ROW - 1)), None, id="not for long enough"),
    ],
)
def test_a_recovery_is_counted_from_the_bursts_begin(after: list[Heard], seconds: float | None) -> None:
    found = told(stream(*[CALM_MS] * 10), after, [Heard(101.5, 900)], began=100.0)
    assert found.seconds == (None if seconds is None else pytest.approx(seconds))
    assert found.worst_ms == max(one.ms for one in after)
    assert found.burst_seconds == pytest.approx(1.5)
