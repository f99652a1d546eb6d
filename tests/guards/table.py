"""The table of guards: what each keeps, where it stands, what stands in its place when it is taken out, who notices."""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
TABLE = Path(__file__).with_name("guards.toml")


@dataclass(frozen=True, slots=True)
class Guard:
    """`text` stands in `file` once; with `instead` in its place each of the tests `caught_by` fails."""

    topic: str
    name: str
    keeps: str
    file: str
    text: str
    instead: str
    caught_by: tuple[str, ...]

    def removed_from(self, content: str) -> str:
        """The file's content without the guard."""
        return content.replace(self.text, self.instead)

    def faults(self, root: Path) -> Iterator[str]:
        """What keeps it from being taken out, in sentences."""
        path = root / self.file
        found = path.read_text(encoding="utf-8").count(self.text) if path.exists() else 0
        if found != 1:
            yield f"{self.name}: its text stands {found} times in {self.file}, and not once."
        if self.text == self.instead:
            yield f"{self.name}: what stands in its place is the guard itself."
        for test in self.caught_by:
            if not _is_there(root, test):
                yield f"{self.name}: there is no test {test}."


def guards(table: Path = TABLE) -> Sequence[Guard]:
    """In the order in which they stand, by topic."""
    topics = tomllib.loads(table.read_text(encoding="utf-8"))
    return [
        Guard(topic=topic, **{**fields, "caught_by": tuple(fields["caught_by"])})
        for topic, rows in topics.items()
        for fields in rows
    ]


def _is_there(root: Path, test: str) -> bool:
    path, _, name = test.partition("::")
    file = root / path
    return file.exists() and f"\ndef {name.partition('[')[0]}(" in file.read_text(encoding="utf-8")
