"""The handbook does not rot: every edit that it teaches is made in a copy of templates/ and checked, and every name of
a button, message, command and page that it mentions is looked up where it comes from."""

import re
import shlex
import shutil
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import click
import pytest

from handler.app import create_app
from handler.routes.handbook import DOCS, FOLDERS, HANDBOOK, page_files
from handler.templates import TEMPLATES, checked_library, page_texts
from survey_flow.faults import FaultyDefinitions
from survey_flow.language import Language
from survey_flow.library import Library
from survey_flow.play import Player

WORDS = page_texts()[Language.FI]
PAGES = sorted(page_files())
# Of whom names in bold are names on our pages.
READERS = ("lahettajat", "esihenkilot")


def text_of(page: str) -> str:
    return page_files()[page].read_text(encoding="utf-8")


# --- recipes

_FILE = r"`templates/(?P<file>[^`]+)`"
_STEP = re.compile(
    rf"(?P<append>Lisää\s+tiedoston\s+{_FILE}\s+loppuun)"
    rf"|(?P<insert>Lisää\s+tiedostoon\s+{_FILE.replace('file', 'file_2')}\s+tämän\s+rivin\s+jälkeen)"
    rf"|(?P<replace>Korvaa\s+tiedostossa\s+{_FILE.replace('file', 'file_3')})"
    r"|(?P<copy>Kopioi\s+tiedosto\s+`templates/(?P<source>[^`]+)`\s+tiedostoksi\s+`templates/(?P<target>[^`]+)`)"
    r"|```toml\n(?P<block>.*?)```",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Edit:
    """One edit as the page teaches it: `old` is replaced by `new`; without an `old` `new` goes to the file's end."""

    file: str
    old: str
    new: str


def recipes() -> dict[str, str]:
    """Every section of the administrator's page that shows an edit, by its heading."""
    sections = re.split(r"^### ", text_of("paakayttajat"), flags=re.MULTILINE)[1:]
    return {section.splitlines()[0]: section for section in sections if "```toml" in section}


def follow(recipe: str, folder: Path) -> None:
    """Does in the folder what the recipe says, in its order."""
    steps = list(_STEP.finditer(recipe))
    blocks: list[str] = []
    for step, after in pairwise([*steps, None]):
        assert step is not None
        if step["copy"]:
            shutil.copy(folder / step["source"], folder / step["target"])
        elif step["block"] is not None:
            blocks.append(step["block"])
        else:
            said = step
        if step["block"] is not None and (after is None or after["block"] is None):
            make(edit_of(said, blocks), folder)
            blocks = []


def edit_of(said: re.Match[str], blocks: list[str]) -> Edit:
    if said["append"]:
        (new,) = blocks
        return Edit(said["file"], "", new)
    first, second = blocks
    if said["insert"]:
        return Edit(said["file_2"], first, first + second)
    return Edit(said["file_3"], first, second)


def make(edit: Edit, folder: Path) -> None:
    path = folder / edit.file
    text = path.read_text(encoding="utf-8")
    if not edit.old:
        path.write_text(f"{text}\n{edit.new}", encoding="utf-8")
        return
    assert text.count(edit.old.strip()) == 1, f"{edit.file} does not hold this once:\n{edit.old}"
    path.write_text(text.replace(edit.old.strip(), edit.new.strip("\n")), encoding="utf-8")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TEMPLATES, tmp_path / "templates"))


def made(heading: str, copy: Path) -> Library:
    follow(recipes()[heading], copy)
    return checked_library(copy)


@pytest.mark.parametrize("heading", recipes())
def test_a_recipe_passes_the_check_and_changes_something(heading: str, copy: Path, library: Library) -> None:
    after = made(heading, copy)
    assert (after.organisation, after.surveys) != (library.organisation, library.surveys)


def test_the_recipes_are_those_that_an_administrator_needs() -> None:
    assert list(recipes()) == [
        "Uusi yksikkö",
        "Uusi palvelu ja oma kysely",
        "Keräysikkunat",
        "Päivän enimmäismäärä",
        "Kysymys käyttöön tai pois käytöstä",
        "Uusi kysymys",
        "Sanamuoto muuttuu, merkitys ei",
        "Merkitys tai asteikko muuttuu",
        "Tulosten ensimmäinen kuukausi",
        "Raporttien saajat",
        "Säilytysajat",
    ]


def test_a_new_unit_is_asked_the_surveys_that_are_there(copy: Path) -> None:
    unit = made("Uusi yksikkö", copy).organisation.units["hamina"]
    assert unit.surveys == {"youth": "nuorten-matala-nuori", "guardian": "nuorten-matala-huoltaja"}


def test_a_new_service_has_a_survey_and_a_county_of_its_own(copy: Path) -> None:
    after = made("Uusi palvelu ja oma kysely", copy)
    assert after.surveys["kotihoito"].respondents == {"client"}
    assert after.organisation.units["imatra"].county[Language.FI] == "Etelä-Karjalan hyvinvointialue"


def test_a_new_question_is_asked(copy: Path) -> None:
    survey = made("Uusi kysymys", copy).surveys["nuorten-matala-nuori"]
    assert survey.question("odotus").asked


def test_a_question_is_switched_on(copy: Path, library: Library) -> None:
    assert not library.surveys["nuorten-matala-nuori"].question("turva").asked
    survey = made("Kysymys käyttöön tai pois käytöstä", copy).surveys["nuorten-matala-nuori"]
    assert survey.question("turva").asked


def test_a_changed_meaning_gets_columns_of_its_own_and_a_new_version(copy: Path, library: Library) -> None:
    before = library.surveys["nuorten-matala-nuori"]
    after = made("Merkitys tai asteikko muuttuu", copy).surveys["nuorten-matala-nuori"]
    assert after.version == before.version + 1
    assert {question.stem for question in after.questions} ^ {question.stem for question in before.questions} == {
        "vaikutus",
        "kuunneltiin",
    }


def test_what_the_check_says_of_a_forgotten_group_is_what_the_page_quotes(copy: Path) -> None:
    forgotten = recipes()["Merkitys tai asteikko muuttuu"].split("Vaihda id myös ryhmään")[0]
    follow(forgotten, copy)
    with pytest.raises(FaultyDefinitions) as failure:
        checked_library(copy)
    assert str(failure.value) in " ".join(text_of("paakayttajat").split())


def test_windows_ceilings_recipients_and_retention_are_read_as_the_page_says(copy: Path) -> None:
    for heading in ("Keräysikkunat", "Päivän enimmäismäärä", "Raporttien saajat", "Säilytysajat"):
        follow(recipes()[heading], copy)
    after = checked_library(copy).organisation
    kotka = after.units["kotka"]
    assert (len(kotka.windows), kotka.results_from, kotka.daily_ceiling) == (2, "2027-03", 200)
    assert kotka.reports_to == ("esihenkilo.kotka@hyvinvointialue.example",)
    assert (after.keep_months, after.reports_from) == (24, "palaute@hyvinvointialue.example")


# --- what the pages quote


@pytest.mark.parametrize("page", READERS)
def test_every_name_in_bold_stands_on_a_page_of_ours(page: str) -> None:
    patterns = [re.sub(r"\\\{\w+\\\}", ".+", re.escape(words)) for words in WORDS.values()]
    named = set(re.findall(r"\*\*(.+?)\*\*", text_of(page)))
    assert named
    assert [name for name in named if not any(re.fullmatch(pattern, name) for pattern in patterns)] == []


def test_the_messages_that_a_sender_reads_of_are_those_that_leave(library: Library) -> None:
    section = text_of("lahettajat").split("## Mitä vastaaja saa")[1].split("\n## ")[0]
    quoted = [re.sub(r"\\?\n> ?", "\n", quote[2:]) for quote in re.findall(r"^> .*(?:\n> .*)*", section, re.MULTILINE)]
    player = Player.begin(library, unit="kotka", respondent="youth", language=Language.FI)
    for answer in ("9, koska kuunneltiin", "4535", "Kiva paikka"):
        player.hear(answer)
    assert quoted == player.said


def commands() -> list[str]:
    """Every command of ours that a page quotes."""
    found = [re.findall(r"flask --app handler\.app ([^`\n]+)", text_of(page)) for page in PAGES]
    return sorted({command.strip() for commands in found for command in commands})


@pytest.mark.parametrize("quoted", commands())
def test_every_command_quoted_is_one_of_ours_with_those_options(quoted: str) -> None:
    command: click.Command = create_app().cli
    words = shlex.split(quoted)
    while isinstance(command, click.Group):
        command = command.commands[words.pop(0)]
    command.make_context("quoted", words)


# --- from page to page


@pytest.mark.parametrize("page", PAGES)
def test_every_link_and_picture_of_a_page_is_there(page: str) -> None:
    path = page_files()[page]
    targets = re.findall(r"\]\(([^)#\s]+)", path.read_text(encoding="utf-8"))
    missing = [target for target in targets if "://" not in target and not (path.parent / target).exists()]
    assert missing == []


@pytest.mark.parametrize("page", PAGES)
def test_every_link_to_a_heading_finds_it(page: str) -> None:
    from handler.routes.markdown_text import read_text

    for target, place in re.findall(r"\]\(([^)#\s]*)#([^)\s]+)\)", text_of(page)):
        html = read_text(text_of(Path(target).stem if target else page), str).html
        assert f'id="{place}"' in html


def test_the_first_page_leads_to_every_other() -> None:
    first = text_of("index")
    assert [name for name in PAGES if name != "index" and f"{name}.md)" not in first] == []


def test_no_two_files_make_one_page() -> None:
    files = [path for folder in FOLDERS for path in folder.glob("*.md")]
    assert len(files) == len(PAGES)


def test_every_picture_is_shown_somewhere() -> None:
    shown = "".join(text_of(page) for page in PAGES)
    assert [path.name for path in (HANDBOOK / "pictures").iterdir() if f"pictures/{path.name})" not in shown] == []


@pytest.mark.parametrize("notice", sorted(path.stem for path in (DOCS / "notices").glob("*.md")))
def test_a_notice_says_what_is_to_be_filled_in(notice: str) -> None:
    assert "[TÄYTÄ: " in text_of(notice)
    assert re.findall(r"\[TÄYTÄ(?!: )", text_of(notice)) == []
