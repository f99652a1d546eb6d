"""The table of guards: what each keeps, where it stands, what stands in its place when it is taken out, who notices."""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
TABLE = Path(__file__).with_name("guards.toml")

# What the whole rests on: each is a topic of the table, and the first on the page.
INVARIANTS = (
    "One opening per number and three months",
    "No send is claimed after an opt-out was committed",
    "Each question is answered at most once, by a message written after it was sent",
    "Counts equal the fold of the responses",
    "Every accepted invitation ends",
    "No number in any log",
)


@dataclass(frozen=True, slots=True)
class Removal:
    """`text` stands in `file` once; `instead` is put in its place."""

    file: str
    text: str
    instead: str


@dataclass(frozen=True, slots=True)
class Guard:
    """Without all of `removals` each of the tests `caught_by` fails. More than one where each hides the other."""

    topic: str
    name: str
    keeps: str
    removals: tuple[Removal, ...]
    caught_by: tuple[str, ...]

    @property
    def files(self) -> tuple[str, ...]:
        """Where it stands, each file once."""
        return tuple(dict.fromkeys(removal.file for removal in self.removals))

    @property
    def digest(self) -> str:
        """Another one when anything else is taken out, or put in its place."""
        told = [part for each in self.removals for part in (each.file, each.text, each.instead)]
        return sha256("\0".join(told).encode()).hexdigest()[:8]

    def without(self, root: Path) -> dict[str, str]:
        """By file, its content without the guard."""
        contents = {file: (root / file).read_text(encoding="utf-8") for file in self.files}
        for removal in self.removals:
            contents[removal.file] = contents[removal.file].replace(removal.text, removal.instead)
        return contents

    def faults(self, root: Path) -> Iterator[str]:
        """What keeps it from being taken out, in sentences."""
        for removal in self.removals:
            path = root / removal.file
            found = path.read_text(encoding="utf-8").count(removal.text) if path.exists() else 0
            if found != 1:
                yield f"{self.name}: its text stands {found} times in {removal.file}, and not once."
            if removal.text == removal.instead:
                yield f"{self.name}: what stands in its place is the guard itself."
        for test in self.caught_by:
            if not _is_there(root, test):
                yield f"{self.name}: there is no test {test}."


def guards(table: Path = TABLE) -> Sequence[Guard]:
    """In the order in which they stand, by topic."""
    topics = tomllib.loads(table.read_text(encoding="utf-8"))
    return [_guard(topic, row) for topic, rows in topics.items() for row in rows]


def _guard(topic: str, row: dict[str, object]) -> Guard:
    """Raises TypeError for a field that is missing, or that nobody knows."""
    fields = dict(row)
    also = fields.pop("also", [])
    assert isinstance(also, list)
    first = {name: fields.pop(name) for name in ("file", "text", "instead") if name in fields}
    removals = tuple(Removal(**each) for each in (first, *also))
    guard = Guard(topic=topic, removals=removals, **fields)  # type: ignore[arg-type]
    return replace(guard, caught_by=tuple(guard.caught_by))


def _is_there(root: Path, test: str) -> bool:
    path, _, name = test.partition("::")
    file = root / path
    return file.exists() and f"\ndef {name.partition('[')[0]}(" in file.read_text(encoding="utf-8")
