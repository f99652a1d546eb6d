"""Somebody keeps everything that was ever shown, of every period and on every day, and tries to work out what was not.

Each published number is a linear equation over the answers behind it. For each small month (fewer than five answers by
its end) two linear programs ask for the fewest and the most answers, of all and of the unhappy, that agree with all
equations and with the rule itself, which is no secret. Where both are the same number, it is known: that is a leak.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from random import Random

import numpy as np
import pytest
from scipy.optimize import linprog

from survey_flow.figures import group_figures, response_cells, responses_in
from survey_flow.library import Library
from survey_flow.publication import (
    HIDDEN_UNDER,
    INDICATIVE_UNDER,
    Book,
    Cell,
    Period,
    calendar,
    cells_within,
    month_after,
    months_between,
    within,
)
from survey_flow.question_figures import question_cells
from survey_flow.survey import Kind, Survey

FIRST, MONTHS = "2026-01", 9
ALL = months_between(FIRST, month_after(FIRST, MONTHS - 1))
# Of each month answers come in four steps: its 5th, 15th and 25th, and after its end before its books close. Looks are
# taken on these days and on the day on which the books are closed.
STEPS = 4
# What an answer is, for the equations: to the recommendation question, and to a statement that many leave out.
KINDS = ("unhappy", "unhappy, disagrees", "unhappy, agrees", "happy", "happy, disagrees", "happy, agrees")
EVERYBODY, UNHAPPY, HAPPY = range(6), (0, 1, 2), (3, 4, 5)
DISAGREE, AGREE, WITH_STATEMENT = (1, 4), (2, 5), (1, 2, 4, 5)


@dataclass(frozen=True)
class Answers:
    """How many of each kind came in each step of each month: the unknowns, and the truth about them."""

    truth: np.ndarray

    @classmethod
    def made_up(cls, seed: int, most: int) -> "Answers":
        rng = Random(seed)  # noqa: S311 made-up answers, not secrets
        truth = np.zeros((MONTHS, STEPS, len(KINDS)), dtype=int)
        for month in range(MONTHS):
            for _ in range(rng.choice((0, 1, 2, 3, 4, 6, most))):
                truth[month, rng.choice((0, 1, 2, 2, 3)), rng.choice((0, 0, 1, 2, 3, 3, 3, 4, 5, 5))] += 1
        return cls(truth)

    def book(self, came: np.ndarray) -> Book:
        """The counts that hold what had come by then (`came` is a mask over months and steps)."""
        made = {}
        for at, month in enumerate(ALL):
            by_kind = (self.truth[at] * came[at][:, None]).sum(axis=0)
            columns = {
                "finished": int(by_kind.sum()),
                "nps_2": int(by_kind[list(UNHAPPY)].sum()),
                "nps_10": int(by_kind[list(HAPPY)].sum()),
                "apu_2": int(by_kind[list(DISAGREE)].sum()),
                "apu_5": int(by_kind[list(AGREE)].sum()),
            }
            if columns["finished"]:
                made[month] = columns
        return made


def looks() -> Iterator[tuple[date, np.ndarray]]:
    """Each day of looking, with what had come by then."""
    days: list[tuple[date, tuple[int, int] | None]] = []
    for at, month in enumerate(ALL):
        days += [(date.fromisoformat(f"{month}-{day:02}"), (at, step)) for step, day in enumerate((5, 15, 25))]
        after = month_after(month)
        days += [(date.fromisoformat(f"{after}-03"), (at, 3)), (date.fromisoformat(f"{after}-08"), None)]
    came = np.zeros((MONTHS, STEPS), dtype=int)
    for day, step in sorted(days, key=lambda each: each[0]):
        if step is not None:
            came[step] = 1
        yield day, came.copy()


# An equation: the months, steps and kinds that were added, and the sum that was shown.
Equation = tuple[np.ndarray, int]
# What is shown: the months it is of, the kinds of answers that are added, the number.
Number = tuple[tuple[str, ...], tuple[int, ...], int]
Publish = Callable[[Survey, Book, date], Iterator[Number]]
MEANT = {"nps": {2: UNHAPPY, 10: HAPPY}, "apu": {2: DISAGREE, 5: AGREE}}


def as_published(survey: Survey, book: Book, today: date) -> Iterator[Number]:
    """Every number that a door may show on a day, of every period of whole months: months, kinds of answers, number."""
    shown = response_cells(calendar((), first=FIRST, today=today), book, today=today)
    final = tuple(cell for cell in shown if not cell.live)
    large = cells_within(final, book, responses_in, at_least=INDICATIVE_UNDER)
    for cells, own, at_least in ((shown, shown, HIDDEN_UNDER), (final, large, INDICATIVE_UNDER)):
        for first in ALL:
            for last in months_between(first, ALL[-1]):
                period = Period(first, last)
                figures = group_figures(survey, cells, book, period, at_least=at_least)
                # A careful reader knows which whole cells the figures are of, the empty months at their edges too.
                if not figures.hidden:
                    yield _months(own, period), tuple(EVERYBODY), figures.responses
                for each in figures.questions:
                    if not each.hidden:
                        months = _months(question_cells(each.question, cells, book, at_least=at_least), period)
                        for digit, kinds in MEANT[each.question.id].items():
                            yield months, kinds, each.distribution[digit]


def _months(cells: Iterable[Cell], period: Period) -> tuple[str, ...]:
    return tuple(month for cell in within(cells, period) for month in cell.months)


def naively(_: Survey, book: Book, today: date) -> Iterator[Number]:
    """What many products do: any period with five answers or more is shown, up to today."""
    for first in ALL:
        for last in months_between(first, ALL[-1]):
            months = tuple(month for month in ALL if first <= month <= last and month <= today.isoformat()[:7])
            rows = [book.get(month, {}) for month in months]
            n, unhappy = (sum(row.get(name, 0) for row in rows) for name in ("finished", "nps_2"))
            if n >= HIDDEN_UNDER:
                yield months, tuple(EVERYBODY), n
                yield months, UNHAPPY, unhappy


def equations(survey: Survey, answers: Answers, publish: Publish) -> list[Equation]:
    found: dict[bytes, Equation] = {}
    for day, came in looks():
        for months, kinds, number in publish(survey, answers.book(came), day):
            mask = np.zeros(answers.truth.shape)
            for month in months:
                if month in ALL:
                    mask[np.ix_([ALL.index(month)], range(STEPS), kinds)] = 1
            mask *= came[:, :, None]
            assert int((mask * answers.truth).sum()) == number, "the test reads the page wrongly"
            found[mask.tobytes()] = (mask, number)
    return list(found.values())


@dataclass(frozen=True)
class Secret:
    """What must not be known of a month: how many of `whose` answered so."""

    month: int
    what: str
    kinds: tuple[int, ...]
    whose: tuple[int, ...]


def secrets(answers: Answers) -> list[Secret]:
    """Of months with fewer than five answers, to the survey or to the statement."""
    found = []
    for month in range(MONTHS):
        by_kind = answers.truth[month].sum(axis=0)
        if 0 < by_kind.sum() < HIDDEN_UNDER:
            found.append(Secret(month, "how many", tuple(EVERYBODY), ()))
            found.append(Secret(month, "how many were unhappy", UNHAPPY, tuple(EVERYBODY)))
        if 0 < by_kind[list(WITH_STATEMENT)].sum() < HIDDEN_UNDER:
            found.append(Secret(month, "how many disagreed", DISAGREE, WITH_STATEMENT))
    return found


def known_by_the_rule(answers: Answers) -> list[np.ndarray]:
    """Months that have under five answers together, since they were not shown: the rule is no secret."""
    today = date.fromisoformat(f"{month_after(ALL[-1])}-08")
    everything = answers.book(np.ones((MONTHS, STEPS), dtype=int))
    shown = response_cells(calendar((), first=FIRST, today=today), everything, today=today)
    ended = shown[-1].months[-1] if shown else ""
    joined = [cell.months[:-1] for cell in shown] + [tuple(month for month in ALL if month > ended)]
    masks = []
    for months in joined:
        mask = np.zeros(answers.truth.shape)
        for month in months:
            mask[ALL.index(month)] = 1
            masks.append(mask.ravel().copy())
    return masks


def leaks(answers: Answers, known: list[Equation], rule: list[np.ndarray]) -> list[Secret]:
    """The secrets that are known: the fewest and the most that agree with everything are the same number."""
    sums = np.array([mask.ravel() for mask, _ in known]) if known else np.zeros((0, answers.truth.size))
    shown = np.array([number for _, number in known])
    found = []
    for secret in secrets(answers):
        asked = np.zeros(answers.truth.shape)
        asked[np.ix_([secret.month], range(STEPS), secret.kinds)] = 1
        least, most = (sign * _bound(sign * asked.ravel(), sums, shown, rule) for sign in (1, -1))
        if most - least < 0.5 and not _all_alike(answers, known, secret):
            found.append(secret)
    return found


def _bound(objective: np.ndarray, sums: np.ndarray, shown: np.ndarray, rule: list[np.ndarray]) -> float:
    solved = linprog(
        objective,
        A_eq=sums if len(sums) else None,
        b_eq=shown if len(sums) else None,
        A_ub=rule or None,
        b_ub=[HIDDEN_UNDER - 1] * len(rule) if rule else None,
        bounds=(0, 60),
    )
    assert solved.status == 0, solved.message
    return float(solved.fun)


def _all_alike(answers: Answers, known: list[Equation], secret: Secret) -> bool:
    """Where everybody in a published sum answered alike, each is known: no hiding of small groups prevents that."""
    for mask, _ in known:
        months = {int(month) for month in np.argwhere(mask.sum(axis=(1, 2)) > 0).ravel()}
        if secret.whose and secret.month in months:
            inside = answers.truth[sorted(months)].sum(axis=(0, 1))
            if inside[list(secret.kinds)].sum() in (0, inside[list(secret.whose)].sum()):
                return True
    return False


@pytest.fixture
def survey(library: Library) -> Survey:
    asked = library.surveys["nuorten-matala-nuori"]
    # Two questions are enough for the equations.
    return replace(
        asked, questions=tuple(each for each in asked.questions if each.kind is Kind.NPS or each.id == "apu")
    )


@pytest.mark.parametrize("most", [9, 26], ids=["small months", "months that are shown live"])
@pytest.mark.parametrize("seed", range(8))
def test_nothing_hidden_can_be_worked_out_from_all_that_was_ever_shown(survey: Survey, seed: int, most: int) -> None:
    answers = Answers.made_up(seed, most)
    known = equations(survey, answers, as_published)
    assert leaks(answers, known, known_by_the_rule(answers)) == []


def test_the_made_up_answers_have_what_the_rule_is_for(survey: Survey) -> None:
    """Small months, months shown, months shown live: without them the test above would be about nothing."""
    seen: Counter[str] = Counter()
    for seed in range(8):
        answers = Answers.made_up(seed, 26)
        seen["secrets"] += len(secrets(answers))
        for day, came in looks():
            book = answers.book(came)
            for cell in response_cells(calendar((), first=FIRST, today=day), book, today=day):
                seen["live" if cell.live else "final"] += 1
                seen["joined"] += sum(month in book for month in cell.months) > 1
    assert min(seen[what] for what in ("secrets", "live", "final", "joined")) > 20, seen


def test_the_same_attack_succeeds_where_any_five_answers_are_shown(survey: Survey) -> None:
    """So that the test above can fail at all."""
    worlds = [Answers.made_up(seed, 9) for seed in range(8)]
    found = [len(leaks(answers, equations(survey, answers, naively), [])) for answers in worlds]
    assert sum(count > 0 for count in found) >= 6, found
