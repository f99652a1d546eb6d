"""What is wrong with a definition file, said in one sentence that names the file, the place in it and the fault."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    file: str
    place: str
    what: str

    def __str__(self) -> str:
        place = f", {self.place}" if self.place else ""
        return f"{self.file}{place}: {self.what}"


class FaultyDefinitions(Exception):
    """Raised when surveys, words or the organisation cannot be loaded; holds every fault found, not the first alone."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


@contextmanager
def collecting(faults: list[Fault]) -> Iterator[None]:
    """Goes on after a faulty part, so that whoever edits sees everything at once."""
    try:
        yield
    except FaultyDefinitions as failure:
        faults += failure.faults


@contextmanager
def said_at(file: str, place: str) -> Iterator[None]:
    """Of a ValueError, whose sentence is for whoever edits, makes a fault of the place."""
    try:
        yield
    except ValueError as error:
        raise FaultyDefinitions([Fault(file, place, str(error))]) from error
