"""A target beside what was measured, and plainly whether it was met."""

from dataclasses import dataclass
from enum import StrEnum

from benchmarks.figures import Ratio


class Verdict(StrEnum):
    MET = "met"
    MISSED = "**missed**"
    # The interval holds the bound: on this machine on that day the truth may lie on either side of it.
    OPEN = "cannot tell"
    NOT_MEASURED = "not measured"


@dataclass(frozen=True, slots=True)
class Target:
    name: str
    wanted: str
    measured: str
    verdict: Verdict

    def row(self) -> str:
        return f"| {self.name} | {self.wanted} | {self.measured} | {self.verdict} |"


def met_if(held: bool) -> Verdict:
    return Verdict.MET if held else Verdict.MISSED


def within(found: Ratio, most: float) -> Verdict:
    """Of the whole interval: its middle alone may be chance."""
    if found.low <= most < found.high:
        return Verdict.OPEN
    return met_if(found.high <= most)


def unmeasured(name: str, wanted: str) -> Target:
    return Target(name, wanted, "-", Verdict.NOT_MEASURED)
