"""A row of a list of contacts, with the line at which a person finds it in the file."""

from dataclasses import dataclass, field

# What staff send to at a time, without the header.
MOST_ROWS = 5_000


@dataclass(frozen=True, slots=True)
class Row:
    """The cells are not shown in logs: they hold numbers, and whatever else stands in the file."""

    line: int
    cells: tuple[str, ...] = field(repr=False)

    def cell(self, index: int) -> str:
        """The cell without blanks around it; "" where the row is shorter."""
        return self.cells[index].strip() if index < len(self.cells) else ""
