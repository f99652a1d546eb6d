"""Whether a regular expression can read some text in many ways, by its form and without running it.

A text that is read in many ways and then fails is tried in all of them. The ways are those through the automaton of the
expression's positions (Glushkov): two ways from a position back to itself on one text double with each round, and two
loops after one another that read the same text can share it out at every place. Bounds above a few count as no bound,
anchors and references back for nothing, which can only find more; what looks ahead or behind is looked at by itself.

Sources: A. Weber and H. Seidl, On the degree of ambiguity of finite automata, 1991; C. Allauzen, M. Mohri and
A. Rastogi, General algorithms for testing the ambiguity of finite automata, 2008.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import product
from re import _constants, _parser  # type: ignore[attr-defined]
from typing import Any

from tests.hostile.signs import signs_of

# Up to so many rounds are written out one after another; more are taken for rounds without end.
MOST_WRITTEN_OUT = 3
_SIGNS = (_constants.LITERAL, _constants.NOT_LITERAL, _constants.ANY, _constants.IN)
_REPEATS = (_constants.MAX_REPEAT, _constants.MIN_REPEAT, _constants.POSSESSIVE_REPEAT)
Ways = Counter[int]  # positions, in how many ways


class Ambiguity(StrEnum):
    DOUBLES = "two ways from a place back to itself"
    SHARED = "two loops that can read the same text"


@dataclass(frozen=True, slots=True)
class Part:
    """In how many ways it can be empty, where it can begin, where end."""

    empty: int
    first: Ways
    last: Ways


NOTHING = Part(1, Counter(), Counter())


@dataclass(slots=True)
class Automaton:
    """`takes` has for each position the signs that it reads, `follows` in how many ways one comes after another."""

    flags: int
    takes: list[frozenset[str]] = field(default_factory=list)
    follows: Counter[tuple[int, int]] = field(default_factory=Counter)

    def sequence(self, nodes: Iterable[Any]) -> Part:
        whole = NOTHING
        for node in nodes:
            whole = self._joined(whole, self._part(node))
        return whole

    def _joined(self, one: Part, other: Part) -> Part:
        self._follow(one.last, other.first)
        return Part(
            one.empty * other.empty,
            one.first + _times(other.first, one.empty),
            other.last + _times(one.last, other.empty),
        )

    def _follow(self, last: Ways, first: Ways) -> None:
        for (end, ways), (begin, more) in product(last.items(), first.items()):
            self.follows[end, begin] += ways * more

    def _part(self, node: Any) -> Part:
        operator, argument = node
        if operator in _SIGNS:
            self.takes.append(signs_of(node, self.flags))
            here = Counter({len(self.takes) - 1: 1})
            return Part(0, here, here)
        if operator in _REPEATS:
            return self._repeat(*argument)
        if operator is _constants.BRANCH:
            return _either([self.sequence(branch) for branch in argument[1]])
        if operator is _constants.SUBPATTERN:
            return self._group(*argument)
        if operator is _constants.ATOMIC_GROUP:
            return self.sequence(argument)
        if operator in (_constants.ASSERT, _constants.ASSERT_NOT):
            self.sequence(argument[1])  # its own loops, apart from the rest
        elif operator not in (_constants.AT, _constants.GROUPREF):
            raise NotImplementedError(str(operator))
        return NOTHING

    def _group(self, _: int | None, added: int, taken_away: int, body: Any) -> Part:
        before, self.flags = self.flags, (self.flags | added) & ~taken_away
        part = self.sequence(body)
        self.flags = before
        return part

    def _repeat(self, least: int, most: int, body: Any) -> Part:
        if most > MOST_WRITTEN_OUT:
            part = self.sequence(body)
            # Of rounds that may be empty, and of which there must be several, any may have been the empty ones.
            for _ in range(2 if least > 1 and part.empty else 1):
                self._follow(part.last, part.first)
            return Part(0 if least and not part.empty else 1, part.first, part.last)
        whole = NOTHING
        for _ in range(most - least):  # x?x? as (x(x)?)?, in which one x is one way
            inner = self._joined(self.sequence(body), whole)
            whole = _either([inner, NOTHING])
        for _ in range(least):
            whole = self._joined(self.sequence(body), whole)
        return whole


def ambiguity(pattern: re.Pattern[Any]) -> Ambiguity | None:
    """The worst that is found. Raises NotImplementedError for a part that it does not know."""
    found = Automaton(pattern.flags)
    found.sequence(_parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG))
    paths = Paths(found)
    if any(paths.doubles(place) for place in paths.loops):
        return Ambiguity.DOUBLES
    pairs = ((one, other) for one in paths.loops for other in paths.loops if paths.leads_on(one, other))
    return Ambiguity.SHARED if any(paths.share(one, other) for one, other in pairs) else None


class Paths:
    """The ways through an automaton."""

    def __init__(self, automaton: Automaton) -> None:
        self._automaton = automaton
        places = range(len(automaton.takes))
        self._after: list[list[int]] = [[] for _ in places]
        for before, after in automaton.follows:
            self._after[before].append(after)
        self._reached = [_closure([(place,)], self._onwards) for place in places]
        self.loops = [place for place in places if (place,) in self._reached[place]]

    def leads_on(self, one: int, other: int) -> bool:
        """From one to the other, and not back."""
        return (other,) in self._reached[one] and (one,) not in self._reached[other]

    def doubles(self, place: int) -> bool:
        """Whether two ways lead from there back to there on one text."""
        circle = {each for (each,) in self._reached[place] if (place,) in self._reached[each]}

        def onwards(at: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
            one, other, differ = at
            for to in self._together(one, other):
                if circle.issuperset(to):
                    twice = one == other and to[0] == to[1] and self._automaton.follows[one, to[0]] > 1
                    yield (*to, int(differ or twice or to[0] != to[1]))

        return (place, place, 1) in _closure([(place, place, 0)], onwards)

    def share(self, one: int, other: int) -> bool:
        """Whether one text leads from each of the loops back to it, and from the one to the other."""

        def onwards(at: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
            for to in self._together(*at):
                if (one,) in self._reached[to[0]] and (other,) in self._reached[to[1]]:
                    yield to

        return (one, other, other) in _closure([(one, one, other)], onwards)

    def _onwards(self, at: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        return ((after,) for after in self._after[at[0]])

    def _together(self, *places: int) -> Iterator[tuple[int, ...]]:
        """One sign further, the same for all."""
        for to in product(*(self._after[place] for place in places)):
            if frozenset.intersection(*(self._automaton.takes[each] for each in to)):
                yield to


def _closure(
    begin: list[tuple[int, ...]], onwards: Callable[[tuple[int, ...]], Iterable[tuple[int, ...]]]
) -> set[tuple[int, ...]]:
    """Whatever is reached in one step or more."""
    found: set[tuple[int, ...]] = set()
    waiting = begin
    while waiting:
        new = set(onwards(waiting.pop())) - found
        found |= new
        waiting += new
    return found


def _times(ways: Ways, often: int) -> Ways:
    return Counter({place: many * often for place, many in ways.items() if often})


def _either(parts: Iterable[Part]) -> Part:
    whole = Part(0, Counter(), Counter())
    for part in parts:
        whole = Part(whole.empty + part.empty, whole.first + part.first, whole.last + part.last)
    return whole
