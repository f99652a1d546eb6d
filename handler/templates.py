"""Reading the templates folder: surveys, organisation, messages, words. Compiled when packaging, else TOML.

The compiled file spares the webhook's function the checks and their library; it is written by `compile_library` from
definitions that were checked, and read only from our own package.
"""

import pickle
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from survey_flow.faults import Fault, FaultyDefinitions, collecting
from survey_flow.language import Language
from survey_flow.library import Library
from survey_flow.messages import Messages
from survey_flow.organisation import Organisation
from survey_flow.replies import Lexicon
from survey_flow.survey import Survey

if TYPE_CHECKING:
    from survey_flow.safety_check import Line

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
    from survey_flow.safety_check import check_safety
    from survey_flow.survey_check import check

    faults: list[Fault] = []
    surveys = {}
    for path in sorted((folder / "surveys").glob("*.toml")):
        with collecting(faults):
            surveys[path.stem] = _survey(path)
    with collecting(faults):
        organisation = _organisation(folder)
    with collecting(faults):
        messages = _messages(folder)
    with collecting(faults):
        lexicon = _lexicon(folder)
    with collecting(faults):
        lines = _safety_lines(folder)
    if not faults:
        library = Library(organisation=organisation, surveys=surveys, messages=messages, lexicon=lexicon)
        faults += check(library)
        faults += check_safety(messages, lines)
    if faults:
        raise FaultyDefinitions(faults)
    return library


def _survey(path: Path) -> Survey:
    from survey_flow.definitions import survey_from  # msgspec stays off the webhook

    survey = survey_from(path.name, _read(path, path.name))
    if survey.id != path.stem:
        raise FaultyDefinitions([Fault(path.name, "", f"its survey's id is {survey.id!r}, not the file's name.")])
    return survey


def _organisation(folder: Path) -> Organisation:
    from survey_flow.organisation_definitions import organisation_from

    name = "organisation.toml"
    return organisation_from(name, _read(folder / name, name))


def _messages(folder: Path) -> Messages:
    from survey_flow.definitions import messages_from

    files = _per_language(folder / "messages")
    return messages_from({language: (f"messages/{language}.toml", raw) for language, raw in files.items()})


def _safety_lines(folder: Path) -> list["Line"]:
    from survey_flow.definitions import safety_lines_from

    name = "safety_lines.toml"
    return safety_lines_from(name, _read(folder / name, name))


def _lexicon(folder: Path) -> Lexicon:
    words, safety = _per_language(folder / "words"), _per_language(folder / "safety")
    try:
        return Lexicon.from_files(words, safety)
    except ValueError as error:
        file, _, what = str(error).partition(": ")
        raise FaultyDefinitions([Fault(file, "", what)]) from error


def compile_library(folder: Path, target: Path) -> None:
    """Writes the checked library where `load_library` finds it before the TOML."""
    target.write_bytes(pickle.dumps(checked_library(folder), protocol=5))


def page_texts(folder: Path = TEMPLATES) -> Mapping[Language, Mapping[str, str]]:
    """The words of the pages, by language: what every page has, and each topic's own file under pages/fi, sv and en.

    Raises FaultyDefinitions when two files say the same word.
    """
    texts = _per_language(folder / "pages")
    faults: list[Fault] = []
    for language, words in texts.items():
        for path in sorted((folder / "pages" / language).glob("*.toml")):
            name = f"pages/{language}/{path.name}"
            with collecting(faults):
                topic = _read(path, name)
                faults += [Fault(name, "", f"another file says {word!r} already.") for word in topic.keys() & words]
                words.update(topic)
    if faults:
        raise FaultyDefinitions(faults)
    return texts


def _per_language(folder: Path) -> dict[Language, dict[str, Any]]:
    faults: list[Fault] = []
    read = {}
    for language in Language:
        name = f"{language}.toml"
        with collecting(faults):
            read[language] = _read(folder / name, f"{folder.name}/{name}")
    if faults:
        raise FaultyDefinitions(faults)
    return read


def _read(path: Path, name: str) -> dict[str, Any]:
    import tomllib  # not on the webhook's path: the library is compiled there

    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise FaultyDefinitions([Fault(name, "", "the file is missing.")]) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise FaultyDefinitions([Fault(name, "", f"the file cannot be read: {error}.")]) from error
