"""What must be true when everybody has talked: nothing lost, nothing twice, every count as it was played."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from benchmarks.load.burst import ANSWER, Said
from benchmarks.load.play import Heard
from benchmarks.load.talks import End, Talk
from benchmarks.rounds import PLACE
from handler.tables import counts
from handler.tables.conversations import Held, State
from handler.tables.opt_outs import OptOutRow
from handler.tables.responses import ResponseRow
from handler.work.fold_sends import fold
from handler.work.parts import Parts
from handler.work.recount import Scope, rows_beside_their_folds


def broken(parts: Parts, all_talks: Sequence[Talk], heard: Sequence[Heard]) -> list[str]:
    """One sentence for each truth that does not hold; none is as it should be."""
    return [*_faults(heard), *_open(parts, all_talks), *_miscounted(parts, all_talks)]


def unkept(parts: Parts, said: Iterable[Said]) -> Iterator[str]:
    """Whoever has given a first answer alone must be asked on, with it kept once under its message's id."""
    wrong = sum(1 for one in said if not _is_kept(parts.held(one.number), one.message_id))
    if wrong:
        yield f"{wrong} first answers of the burst are not kept, or not once."


def _is_kept(held: Held | None, message_id: str) -> bool:
    if held is None or held.dialogue is None or held.message_ids != (message_id,):
        return False
    return list(held.dialogue.answers.values()) == [ANSWER] and bool(held.dialogue.asking)


def _faults(heard: Sequence[Heard]) -> Iterator[str]:
    for fault, times in Counter(one.fault for one in heard if one.fault).items():
        yield f"{times} messages: {fault}."


def _open(parts: Parts, all_talks: Sequence[Talk]) -> Iterator[str]:
    held = [parts.held(talk.number) for talk in all_talks]
    left = sum(1 for each in held if each is None or each.state is not State.CLOSED)
    if left:
        yield f"{left} conversations are not closed."


def _miscounted(parts: Parts, all_talks: Sequence[Talk]) -> Iterator[str]:
    ended = Counter(talk.kind.end for talk in all_talks)
    columns = counts.read(PLACE)
    for end in End:
        if columns.get(end.value, 0) != ended[end]:
            yield f"{ended[end]} conversations ended as {end.value}, and {columns.get(end.value, 0)} are counted."
    refused = sum(1 for _ in OptOutRow.scan())
    if refused != ended[End.OPTED_OUT]:
        yield f"{ended[End.OPTED_OUT]} refused, and {refused} opt-outs are kept."
    finished = sum(1 for row in ResponseRow.scan() if row.outcome == End.FINISHED.value)
    if finished != ended[End.FINISHED]:
        yield f"{ended[End.FINISHED]} finished, and {finished} finished responses are kept."
    fold(PLACE)  # as the next round of the schedule does
    differing = sum(1 for row in rows_beside_their_folds(parts, Scope()) if row.differs)
    if differing:
        yield f"{differing} rows of counts are not the sum of their responses."
