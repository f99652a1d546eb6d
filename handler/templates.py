"""Reading the templates folder: surveys, organisation, messages, words. Compiled when packaging, else TOML.

The compiled file spares the webhook's function the checks and their library; it is written by `compile_library` from
definitions that were checked, and read only from our own package.
"""

import pickle
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from survey_flow.faults import Fault, FaultyDefinitions
from survey_flow.language import Language
from survey_flow.library import Library

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
COMPILED = "compiled.pickle"


def load_library(folder: Path = TEMPLATES) -> Library:
    """The library, compiled or from checked TOML. Raises FaultyDefinitions with every fault found."""
    compiled = folder / COMPILED
    if compiled.exists():
        library = pickle.loads(compiled.read_bytes())  # noqa: S301 our own file, made when packaging
        assert isinstance(library, Library)  # noqa: S101 a wrong file in our own package
        return library
    return checked_library(folder)


def checked_library(folder: Path = TEMPLATES) -> Library:
    """The library from TOML. Raises FaultyDefinitions with every fault found."""
    from survey_flow.definitions import messages_from, organisation_from, survey_from  # msgspec stays off the webhook
    from survey_flow.replies import Lexicon
    from survey_flow.survey_check import check

    faults: list[Fault] = []
    surveys = {}
    for path in sorted((folder / "surveys").glob("*.toml")):
        try:
            survey = survey_from(path.name, _read(path))
        except FaultyDefinitions as failure:
            faults += failure.faults
            continue
        if survey.id in surveys:
            faults.append(Fault(path.name, "", f"another file holds a survey with the id {survey.id!r}."))
        surveys[survey.id] = survey
    if faults:
        raise FaultyDefinitions(faults)
    words = _per_language(folder / "words")
    safety = _per_language(folder / "safety")
    library = Library(
        organisation=organisation_from("organisation.toml", _read(folder / "organisation.toml")),
        surveys=surveys,
        messages=messages_from(
            {
                language: (f"messages/{language}.toml", raw)
                for language, raw in _per_language(folder / "messages").items()
            }
        ),
        lexicon=Lexicon.from_files(words, safety),
    )
    faults = check(library)
    if faults:
        raise FaultyDefinitions(faults)
    return library


def compile_library(folder: Path, target: Path) -> None:
    """Writes the checked library where `load_library` finds it before the TOML."""
    target.write_bytes(pickle.dumps(checked_library(folder), protocol=5))


def page_texts(folder: Path = TEMPLATES) -> Mapping[Language, Mapping[str, str]]:
    """The words of the pages, by language."""
    return _per_language(folder / "pages")


def _per_language(folder: Path) -> dict[Language, dict[str, Any]]:
    return {language: _read(folder / f"{language}.toml") for language in Language}


def _read(path: Path) -> dict[str, Any]:
    name = f"{path.parent.name}/{path.name}"
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise FaultyDefinitions([Fault(name, "", "the file is missing.")]) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise FaultyDefinitions([Fault(name, "", f"the file cannot be read: {error}.")]) from error
