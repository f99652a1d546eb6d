"""The stage itself: it finds every way in which two deeds can end, and plays no merge twice that ends alike."""

from collections.abc import Callable
from math import comb

import pytest

from handler.tables.limits import LimitRow
from tests.races.interleaving import Deeds, Interleaving, Merge
from tests.races.stage import Ledger
from tests.world import World

Deed = Callable[[], object]


def counted(what: str) -> None:
    """Reads and writes without a condition: a race lost in silence."""
    row = LimitRow.get(what)
    LimitRow(what, until=row.until + 1, forget_at=0).save()


def played(one: Deed, other: Deed, *, all_of_them: bool = False, may_begin: Deed = lambda: True) -> list[Merge]:
    def prepare() -> Deeds:
        for what in ("a", "b"):
            LimitRow(what, until=0, forget_at=0).save()
        return Deeds(one, other, lambda: bool(may_begin()))

    interleaving, merges = Interleaving(prepare, all_of_them=all_of_them), []
    with Ledger(interleaving.before).open():
        for merge in interleaving.merges():
            merge.results = (LimitRow.get("a").until, LimitRow.get("b").until)
            merges.append(merge)
    return merges


def ends(merges: list[Merge]) -> set[object]:
    return {merge.results for merge in merges if not merge.known}


def test_every_merge_is_played_if_all_are_wanted(world: World) -> None:
    merges = played(lambda: counted("a"), lambda: counted("a"), all_of_them=True)
    assert len({str(merge) for merge in merges}) == len(merges) == comb(4, 2)
    assert ends(merges) == {(1, 0), (2, 0)}


def test_fewer_are_enough_to_find_every_end(world: World) -> None:
    merges = played(lambda: counted("a"), lambda: counted("a"))
    assert ends(merges) == {(1, 0), (2, 0)}
    assert len(merges) < comb(4, 2)


def test_deeds_that_touch_no_common_row_are_played_once(world: World) -> None:
    (merge,) = played(lambda: counted("a"), lambda: counted("b"))
    assert merge.results == (1, 1)


def test_longer_deeds_end_in_as_many_ways_as_all_their_merges(world: World) -> None:
    def one() -> None:
        counted("a")
        counted("b")

    def other() -> None:
        counted("b")
        counted("a")

    few, whole = played(one, other), played(one, other, all_of_them=True)
    assert len(whole) == comb(8, 4)
    assert ends(few) == ends(whole)
    assert len(few) < len(whole) / 2


def test_the_second_waits_until_it_may_begin(world: World) -> None:
    merges = played(lambda: counted("a"), lambda: counted("a"), may_begin=lambda: LimitRow.get("a").until)
    assert ends(merges) == {(2, 0)}


def test_a_fault_tells_the_merge_that_brought_it_about(world: World) -> None:
    def fails() -> None:
        counted("a")
        raise ValueError("on the way")

    with pytest.raises(ValueError, match="on the way") as raised:
        played(fails, lambda: counted("a"))
    assert "the first:  GetItem limits" in raised.value.__notes__[0]
