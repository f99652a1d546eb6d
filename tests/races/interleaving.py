"""Two deeds in threads, each stopped before every call to DynamoDB, and every merge of their calls played.

Between two calls a deed touches nothing that the other sees, so an order of calls is all that there is to a race. Of
merges that differ only in the order of neighbouring calls that touch no common row, the first alone is played (they end
alike); with `all_of_them` each is. What a deed does after it has lost is part of the merge: it is not known before it
is played, so the tree of choices is walked by playing it again from the start.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.races.stage import Call

# A deed that has not stopped or ended by then never will; no merge takes as long.
PATIENCE = 30


class Player:
    """A deed in a thread of its own, which moves only when it is told to."""

    def __init__(self, deed: Callable[[], Any]) -> None:
        self.pending: Call | None = None
        self.has_begun = self.has_ended = False
        self.result: Any = None
        self.fault: BaseException | None = None
        self._go, self._stopped = threading.Semaphore(0), threading.Semaphore(0)
        self._thread = threading.Thread(target=self._play, args=(deed,), daemon=True)

    def begin(self) -> None:
        """Until its first call."""
        self.has_begun = True
        self._thread.start()
        self._wait()

    def move(self) -> None:
        """Its pending call, and on until the next one."""
        self._go.release()
        self._wait()

    def stop_before(self, call: Call) -> None:
        """Called in its own thread."""
        self.pending = call
        self._stopped.release()
        self._go.acquire()

    def is_here(self) -> bool:
        return threading.current_thread() is self._thread

    def _wait(self) -> None:
        assert self._stopped.acquire(timeout=PATIENCE), f"a deed neither stops nor ends: {self.pending}"

    def _play(self, deed: Callable[[], Any]) -> None:
        try:
            self.result = deed()
        except BaseException as fault:
            self.fault = fault
        self.pending, self.has_ended = None, True
        self._stopped.release()


@dataclass(frozen=True, slots=True)
class Deeds:
    """The second may have to wait until something has come of the first, as a callback has for its message."""

    one: Callable[[], Any]
    other: Callable[[], Any]
    other_may_begin: Callable[[], bool] = lambda: True


@dataclass(slots=True)
class Merge:
    """One order of calls, as it was played. After the first `new` of them it was seen to be like another."""

    moves: list[tuple[int, Call]] = field(default_factory=list)
    results: tuple[Any, Any] = (None, None)
    new: int = 0

    @property
    def known(self) -> bool:
        return self.new < len(self.moves)

    @property
    def one_after_another(self) -> bool:
        """Whether one deed had ended before the other began."""
        players = [who for who, _ in self.moves]
        return players in (sorted(players), sorted(players, reverse=True))

    def __str__(self) -> str:
        return "\n".join(f"  {'the first: ' if who == 0 else 'the second:'} {call}" for who, call in self.moves)


@dataclass(slots=True)
class _Choice:
    """Who may move at this point, of whom it is known that they need not, and who is to be tried, one after another."""

    awake: list[int]
    asleep: set[int]
    options: list[int]
    at: int = 0

    @property
    def who(self) -> int:
        return self.options[self.at]

    def try_too(self, who: int) -> None:
        if who in self.awake and who not in self.asleep and who not in self.options:
            self.options.append(who)


class Interleaving:
    """`prepare` makes all as it was before and gives the deeds; whoever is about to call asks `before` first."""

    def __init__(self, prepare: Callable[[], Deeds], *, all_of_them: bool = False) -> None:
        self._prepare, self._all = prepare, all_of_them
        self._players: tuple[Player, ...] = ()
        self._choices: list[_Choice] = []

    def before(self, call: Call) -> None:
        """Keeps a deed waiting until it may go on; whoever else calls goes on at once."""
        for player in self._players:
            if player.is_here():
                player.stop_before(call)

    def merges(self) -> Iterator[Merge]:
        """Each is given when it has just been played; what it left is there until the next is asked for."""
        while True:
            merge = self._played()
            self._turn_round(merge)
            yield merge
            while self._choices and self._choices[-1].at + 1 == len(self._choices[-1].options):
                self._choices.pop()
            if not self._choices:
                return
            self._choices[-1].at += 1

    def _played(self) -> Merge:
        deeds, merge = self._prepare(), Merge()
        players = self._players = (Player(deeds.one), Player(deeds.other))
        players[0].begin()
        asleep: set[int] = set()
        while awake := _who_may_move(players, deeds):
            choice = self._choice(len(merge.moves), awake, asleep)
            if choice.who not in choice.asleep and merge.new == len(merge.moves):
                merge.new += 1
            call = players[choice.who].pending
            assert call is not None
            rested = choice.asleep | set(choice.options[: choice.at])
            asleep = set() if self._all else {one for one in rested - {choice.who} if not _meets(players[one], call)}
            merge.moves.append((choice.who, call))
            players[choice.who].move()
        merge.results = _results(players, merge)
        return merge

    def _choice(self, depth: int, awake: list[int], asleep: set[int]) -> _Choice:
        if depth == len(self._choices):
            options = awake if self._all else [one for one in awake if one not in asleep][:1] or awake[:1]
            self._choices.append(_Choice(awake, asleep, options))
        return self._choices[depth]

    def _turn_round(self, merge: Merge) -> None:
        """Where two calls meet, the second is to be tried before the first."""
        for later, (who, call) in enumerate(merge.moves[: merge.new]):
            met = [at for at in range(later) if merge.moves[at][0] != who and merge.moves[at][1].meets(call)]
            if met:
                self._choices[met[-1]].try_too(who)


def _who_may_move(players: Sequence[Player], deeds: Deeds) -> list[int]:
    if not players[1].has_begun and (players[0].has_ended or deeds.other_may_begin()):
        players[1].begin()
    return [who for who, player in enumerate(players) if player.has_begun and not player.has_ended]


def _meets(player: Player, call: Call) -> bool:
    return player.pending is None or player.pending.meets(call)


def _results(players: Sequence[Player], merge: Merge) -> tuple[Any, Any]:
    for player in players:
        if player.fault is not None:
            player.fault.add_note(str(merge))
            raise player.fault
    return players[0].result, players[1].result
