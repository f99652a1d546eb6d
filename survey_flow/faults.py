"""What is wrong with a definition file, said in one sentence that names the file, the place in it and the fault."""

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
