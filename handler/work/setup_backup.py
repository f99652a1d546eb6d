"""The pepper's way to a file and back. A tag of the parameter tells which version was last written to a file."""

from datetime import date
from pathlib import Path

from handler.outside.secret_file import read_backup, write_backup
from handler.outside.secret_parameters import PEPPER, Held, SecretParameters
from handler.work.setup_secrets import CannotBe, peppers_in

_TAG = "backed-up-version"


def backed_up(parameters: SecretParameters, held: Held) -> bool:
    return parameters.tags(PEPPER).get(_TAG) == str(held.version)


def back_up(parameters: SecretParameters, path: Path, *, stage: str, today: date) -> None:
    """Raises CannotBe, FileRefused, AwsRefused."""
    held = parameters.read(PEPPER)
    if held is None:
        raise CannotBe(f"{parameters.name(PEPPER)} is not there: there is nothing to back up.")
    peppers_in(held.value)
    write_backup(path, stage=stage, version=held.version, value=held.value, day=today)
    parameters.tag(PEPPER, **{_TAG: str(held.version)})


def restore(parameters: SecretParameters, path: Path, *, stage: str) -> str:
    """What became of it, in a sentence. What is there stays. Raises CannotBe, FileRefused, AwsRefused."""
    backup = read_backup(path)
    if backup.stage != stage:
        raise CannotBe(f"{path} holds the pepper of stage {backup.stage}, not of {stage}.")
    peppers_in(backup.value)
    name = parameters.name(PEPPER)
    if parameters.create(PEPPER, backup.value):
        parameters.tag(PEPPER, **{_TAG: "1"})
        return f"{name} is restored."
    held = parameters.read(PEPPER)
    if held is not None and held.value == backup.value:
        return f"{name} is there already, and is the one in {path}."
    raise CannotBe(
        f"{name} is there already and is another one than in {path}: nothing is changed. Whichever the tables' rows "
        "stand under is the right one; if that is the one in the file, delete the parameter and run this again."
    )
