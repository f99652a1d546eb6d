"""What is left of the link in small cells: how often somebody with every table names the response of one who refused.

They know who refused half-way, of the carrier's log and the peppers, and what the counts say of the cell. The decision
(docs/decisions/0032) tells the figures; the shares of people who stop are those of benchmarks/person.py.
"""

import re
from collections import Counter
from pathlib import Path
from random import Random
from statistics import mean

import pytest

from benchmarks.person import AT_ONCE, ENDINGS
from survey_flow.conversation import Outcome

DECISION = Path(__file__).resolve().parents[2] / "docs" / "decisions" / "0032-a-response-does-not-tell-a-refusal.md"
SIZES = (5, 10, 20, 60, 200)
DRAWS = 5000
# After the score, or at the free comment.
QUESTIONS = ("apu", "avoin")

Stopped = list[tuple[str, bool]]


def cell(size: int, chance: Random) -> Stopped:
    """Of those who answer something, each who stops: at which question, and whether they refused."""
    silent, refused = ENDINGS[Outcome.BROKEN_OFF] / 100, ENDINGS[Outcome.OPTED_OUT] / 100 * (1 - AT_ONCE)
    lots = [chance.random() for _ in range(size)]
    return [(chance.choice(QUESTIONS), lot < refused) for lot in lots if lot < silent + refused]


def if_told(stopped: Stopped) -> float:
    """The response says that it ended in a refusal: one of these."""
    return 1 / sum(refused for _, refused in stopped)


def by_the_counts(stopped: Stopped) -> float:
    """The likeliest question, and of those who stopped there any."""
    stops = Counter(question for question, _ in stopped)
    refusals = Counter(question for question, refused in stopped if refused)
    return max(refusals[each] / refusals.total() / stops[each] for each in refusals)


def if_not_split(stopped: Stopped) -> float:
    """Did the counts not split the stops: any that stopped."""
    return 1 / len(stopped)


def chances(size: int) -> tuple[float, float, float, float]:
    chance = Random(size)  # noqa: S311 a lot, and no secret
    cells: list[Stopped] = []
    while len(cells) < DRAWS:
        drawn = cell(size, chance)
        if any(refused for _, refused in drawn):
            cells.append(drawn)
    return (*(mean(map(way, cells)) for way in (if_told, by_the_counts, if_not_split)), 1 / size)


@pytest.mark.parametrize("size", SIZES)
def test_the_decision_says_how_often_a_small_cell_still_leads_to_the_response(size: int) -> None:
    (told,) = re.findall(rf"^\| {size} \| (.+) \|$", DECISION.read_text(encoding="utf-8"), re.MULTILINE)
    assert [int(each.removesuffix(" %")) for each in told.split(" | ")] == [round(100 * each) for each in chances(size)]


def test_where_nobody_else_stopped_at_a_question_it_is_certain() -> None:
    assert by_the_counts([("apu", True), ("avoin", False), ("avoin", False)]) == 1
