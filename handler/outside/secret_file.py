"""The pepper on its way to a safe, and back: a file that only its owner may read, and that takes no other's place."""

import os
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

_EXPLAINED = """\
# Kuulolla: the secret under which phone numbers are hashed. Losing it loses every opt-out; whoever has it and the
# tables can try numbers. Keep this file offline, in a safe that two people open together; then delete it from here.
# Put it back with: flask --app handler.app setup secrets --stage {stage} --restore FILE
stage = {stage}
version = {version}
written = {day}
pepper = {value}
"""


class FileRefused(Exception):
    """Its text is a sentence."""


@dataclass(frozen=True, slots=True)
class Backup:
    stage: str
    value: str = field(repr=False)


def write_backup(path: Path, *, stage: str, version: int, value: str, day: date) -> None:
    """A new file with mode 0600, on the disk when this returns. Raises FileRefused."""
    text = _EXPLAINED.format(stage=stage, version=version, day=day.isoformat(), value=value)
    try:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            os.fchmod(file.fileno(), 0o600)  # whatever the umask says
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        raise FileRefused(f"{path} is there already: nothing is written over. Choose another name.") from None
    except OSError as error:
        raise FileRefused(f"{path} cannot be written: {error.strerror}.") from None


def read_backup(path: Path) -> Backup:
    """Raises FileRefused."""
    try:
        lines = path.read_text(encoding="ascii").splitlines()
    except OSError as error:
        raise FileRefused(f"{path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise FileRefused(f"{path} is no backup of a pepper.") from None
    said = {name.strip(): value.strip() for name, equals, value in (line.partition("=") for line in lines) if equals}
    if not said.get("stage") or not said.get("pepper"):
        raise FileRefused(f"{path} is no backup of a pepper: it has no stage or no pepper.")
    return Backup(said["stage"], said["pepper"])
