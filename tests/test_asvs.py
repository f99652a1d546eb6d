"""The table of OWASP's ASVS (docs/asvs.md): every requirement once, every test and file named is there, what it says of
the code as a whole; the table of rights; the papers on privacy."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from docs.privacy.drawing import overlapping
from docs.privacy.tietovirrat import BOXES, DRAWING, TABLES_BOX, drawn
from handler.app import create_app
from handler.tables.all_tables import TABLES
from survey_flow.access import MAY, Act, Role
from survey_flow.library import Library
from tests.environment import ENVIRONMENT
from tests.world import World

ROOT = Path(__file__).resolve().parent.parent
ASVS, SIGN_IN = ROOT / "docs" / "asvs.md", ROOT / "docs" / "sign-in.md"
ASSESSMENT = ROOT / "docs" / "privacy" / "vaikutustenarviointi.md"

# The levels of each section's requirements in their order, of version 5.0.0.
# Source: github.com/OWASP/ASVS, tag v5.0.0, 5.0/docs_en/OWASP_Application_Security_Verification_Standard_5.0.0_en.csv
# fmt: off
LEVELS = {
    "1.1": "22", "1.2": "1111122223", "1.3": "112222222223", "1.4": "222", "1.5": "123",
    "2.1": "122", "2.2": "112", "2.3": "12223", "2.4": "23",
    "3.1": "3", "3.2": "113", "3.3": "12223", "3.4": "11222233", "3.5": "11122333", "3.6": "3", "3.7": "22333",
    "4.1": "12233", "4.2": "23333", "4.3": "22", "4.4": "1222",
    "5.1": "2", "5.2": "112333", "5.3": "113", "5.4": "222",
    "6.1": "122", "6.2": "111111112222", "6.3": "11223333", "6.4": "112233", "6.5": "22222333", "6.6": "2223",
    "6.7": "33", "6.8": "2222",
    "7.1": "222", "7.2": "1111", "7.3": "22", "7.4": "11222", "7.5": "223", "7.6": "22",
    "8.1": "1233", "8.2": "1123", "8.3": "133", "8.4": "23",
    "9.1": "111", "9.2": "1222",
    "10.1": "22", "10.2": "223", "10.3": "22223", "10.4": "1111122222233333", "10.5": "22222", "10.6": "22",
    "10.7": "222",
    "11.1": "2233", "11.2": "22233", "11.3": "11233", "11.4": "1222", "11.5": "23", "11.6": "23", "11.7": "33",
    "12.1": "12233", "12.2": "11", "12.3": "22223",
    "13.1": "2333", "13.2": "222223", "13.3": "2233", "13.4": "1222233",
    "14.1": "22", "14.2": "12223333", "14.3": "122",
    "15.1": "12233", "15.2": "12233", "15.3": "1222222", "15.4": "3333",
    "16.1": "2", "16.2": "22222", "16.3": "2222", "16.4": "222", "16.5": "2223",
    "17.1": "23", "17.2": "22223333", "17.3": "22",
}
# fmt: on
ANSWERS = ("yes", "partly", "no", "n/a")
ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| (.+) \|$", re.MULTILINE)
CODE = re.compile(r"`([^`\n]+)`")


def requirements(level: int) -> list[str]:
    return [
        f"{section}.{number}"
        for section, levels in LEVELS.items()
        for number, one in enumerate(levels, 1)
        if one == str(level)
    ]


def rows(level: int) -> list[tuple[str, list[str]]]:
    """Each row's id and its cells after that."""
    text = ASVS.read_text(encoding="utf-8").partition(f"\n## Level {level}\n")[2].partition("\n## ")[0]
    return [(found[1], [cell.strip() for cell in found[2].split(" | ")]) for found in ROW.finditer(text)]


# --- the table


def test_the_levels_are_as_many_as_the_standard_has() -> None:
    assert Counter("".join(LEVELS.values())) == {"1": 70, "2": 183, "3": 92}


@pytest.mark.parametrize("level", [1, 2])
def test_every_requirement_stands_once_under_its_level_in_the_standards_order(level: int) -> None:
    assert [name for name, _ in rows(level)] == requirements(level)


@pytest.mark.parametrize("level", [1, 2])
def test_every_row_has_an_answer_and_says_how_or_why_not(level: int) -> None:
    for name, (about, answer, how, *_) in rows(level):
        assert about, name
        assert answer in ANSWERS, name
        assert len(how) >= 4, name  # "None"


def test_what_holds_at_level_one_is_shown_by_something() -> None:
    shown = {name: cells[3] for name, cells in rows(1) if cells[1] in ("yes", "partly")}
    assert [name for name, shown_by in shown.items() if not CODE.findall(shown_by)] == []


def test_the_summary_counts_the_rows() -> None:
    text = ASVS.read_text(encoding="utf-8")
    for level in (1, 2):
        counted = Counter(cells[1] for _, cells in rows(level))
        assert f"| {level} | {' | '.join(str(counted[answer]) for answer in ANSWERS)} |" in text


def named() -> Iterator[str]:
    """What stands in backticks anywhere and is a path of ours."""
    for path in (ASVS, SIGN_IN, ASSESSMENT):
        for code in CODE.findall(path.read_text(encoding="utf-8")):
            if re.fullmatch(r"(handler|survey_flow|infra|tests|docs|templates|local)/[\w./-]+(::\w+)?", code):
                yield code


@cache
def functions_in(path: Path) -> set[str]:
    return {node.name for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("code", sorted(set(named())))
def test_a_file_or_test_that_is_named_is_there(code: str) -> None:
    path, _, test = code.partition("::")
    assert (ROOT / path).exists()
    assert not test or test in functions_in(ROOT / path)


@pytest.mark.parametrize("path", [ASVS, SIGN_IN, ASSESSMENT], ids=lambda path: path.name)
def test_every_link_within_our_papers_leads_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", path.read_text(encoding="utf-8")):
        if "://" in target:
            continue
        file, _, place = target.partition("#")
        led_to = (path.parent / file).resolve() if file else path
        assert led_to.exists(), target
        if place:
            headings = re.findall(r"^#+ (.+)$", led_to.read_text(encoding="utf-8"), re.MULTILINE)
            slugs = [re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings]
            assert place in slugs, target


# --- what it says of the code as a whole


@pytest.fixture
def client(world: World, library: Library) -> FlaskClient:
    app = create_app(("web",), environment=ENVIRONMENT, clock=world.clock, library=library)
    return app.test_client()


OURS = sorted([*(ROOT / "handler").rglob("*.py"), *(ROOT / "survey_flow").rglob("*.py")])
RUNS = {"eval", "exec", "compile", "__import__", "system", "popen", "spawnl", "spawnv", "check_output", "Popen"}
RUNNERS = {"subprocess", "pickle", "marshal", "shelve", "dill"}


# Methods of dataclasses, tables of expressions, the library of surveys: all made when packaging, all our own files.
ALLOWED = {"handler/cold_start.py: exec", "handler/cold_start.py: marshal", "handler/templates.py: pickle"}


def test_nothing_is_run_that_was_put_together_from_text() -> None:
    assert {f"{path.relative_to(ROOT)}: {name}" for path in OURS for name in _running(path)} == ALLOWED


def _running(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in RUNNERS)
        elif isinstance(node, ast.ImportFrom) and node.module in RUNNERS:
            yield node.module
        elif isinstance(node, ast.Call):
            called = node.func
            if isinstance(called, ast.Name) and called.id in RUNS:
                yield called.id
            if isinstance(called, ast.Attribute) and called.attr in RUNS - {"compile"}:  # re.compile
                yield called.attr


def test_no_broken_hash_is_used() -> None:
    broken = re.compile(r"\b(md5|sha1|SHA1|MD5|RC4|DES|ECB)\b")
    assert [path.name for path in OURS if broken.search(path.read_text(encoding="utf-8"))] == []


def test_scripts_put_text_into_pages_as_text_alone() -> None:
    markup = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|javascript:")
    scripts = sorted((ROOT / "templates" / "static").glob("*.js"))
    assert scripts
    assert [script.name for script in scripts if markup.search(script.read_text(encoding="utf-8"))] == []


def test_scripts_keep_nothing_in_the_browser() -> None:
    kept = re.compile(r"localStorage|sessionStorage|indexedDB|document\.cookie|caches\.")
    scripts = sorted((ROOT / "templates" / "static").glob("*.js"))
    assert [script.name for script in scripts if kept.search(script.read_text(encoding="utf-8"))] == []


def test_no_page_lets_markup_through_but_the_handbooks() -> None:
    pages = sorted((ROOT / "templates").rglob("*.html"))
    through = {page.name for page in pages if re.search(r"\|\s*safe\b|autoescape false", page.read_text("utf-8"))}
    assert through == {"handbook.html"}


def test_no_page_loads_anything_from_elsewhere() -> None:
    elsewhere = re.compile(r"""(?:src|href|action)=["'](?:https?:)?//""")
    for page in sorted((ROOT / "templates" / "pages").rglob("*.html")):
        assert elsewhere.findall(page.read_text(encoding="utf-8")) == [], page.name


def test_every_text_says_its_charset(client: FlaskClient) -> None:
    rules = [rule for rule in client.application.url_map.iter_rules() if "GET" in (rule.methods or ())]
    files = [f"/static/{path.name}" for path in (ROOT / "templates" / "static").iterdir() if path.is_file()]
    for address in [rule.rule for rule in rules if "<" not in rule.rule] + files:
        with client.get(address) as answer:
            kind = answer.headers["Content-Type"] if answer.data else ""
        assert "charset=utf-8" in kind or not re.match(r"text/|.*[/+]xml", kind), (address, kind)


WAYS = ["..%2f..%2f..%2fREADME.md", "....//README.md", "/etc/passwd", "%2e%2e%2findex.md", "..%5cindex.md"]


@pytest.mark.parametrize("place", ["/handbook/", "/handbook/pictures/", "/static/"])
@pytest.mark.parametrize("way", WAYS)
def test_no_address_leads_to_a_file_outside(client: FlaskClient, place: str, way: str) -> None:
    assert client.get(f"{place}{way}").status_code in (308, 404)


# --- the table of rights


def test_the_table_of_rights_is_the_codes() -> None:
    text = SIGN_IN.read_text(encoding="utf-8")
    head = re.search(r"^\| Right \| (.+) \| What \|$", text, re.MULTILINE)
    assert head
    roles = [Role(name) for name in head[1].split(" | ")]
    written = {
        Act(cells[0]): {role for role, cell in zip(roles, cells[1:-1], strict=True) if cell == "yes"}
        for line in text[head.end() :].split("\n\n")[0].splitlines()[2:]
        if (cells := [cell.strip() for cell in line.strip("|").split("|")])
    }
    assert written == {act: {role for role in Role if act in MAY[role]} for act in Act}


# --- the papers on privacy


def test_no_box_of_the_drawing_covers_another() -> None:
    assert overlapping([*BOXES, TABLES_BOX]) == []


def test_the_drawing_is_the_one_that_its_program_draws() -> None:
    assert DRAWING.read_text(encoding="utf-8") == drawn()


@pytest.mark.parametrize("name", sorted(table.Meta.short_name for table in TABLES))
def test_every_table_is_in_the_drawing_and_in_the_assessment(name: str) -> None:
    assert re.search(rf"\b{name}\b", DRAWING.read_text(encoding="utf-8"))
    assert f"`{name}`" in ASSESSMENT.read_text(encoding="utf-8")


def test_the_assessment_says_what_is_to_be_filled_in() -> None:
    text = ASSESSMENT.read_text(encoding="utf-8")
    assert "[TÄYTÄ: " in text
    assert re.findall(r"\[TÄYTÄ(?!:\s)", text) == []


def test_every_risk_has_its_measure_and_what_is_left() -> None:
    text = ASSESSMENT.read_text(encoding="utf-8")
    listed = re.findall(r"^\| (R\d+) \|", text, re.MULTILINE)
    told = re.findall(r"^### (R\d+) ", text, re.MULTILINE)
    assert listed == told
    assert len(listed) >= 12


def test_every_decision_of_the_organisation_has_a_place_for_it() -> None:
    decisions = ASSESSMENT.read_text(encoding="utf-8").partition("\n## 9. Päätettävä ennen käyttöä")[2]
    numbered = re.findall(r"^\| P\d+ \| .+ \| \[TÄYTÄ: .+\] \|$", decisions, re.MULTILINE)
    assert len(numbered) >= 14
