"""Results to take along: CSV, a workbook, and a summary in the shape of THL's structure. As the page shows."""

from collections.abc import Callable, Mapping, Sequence
from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from handler.outside.sheets import Cell, as_csv, as_workbook
from handler.routes.doorkeeper import the_person
from handler.routes.pages import PageTexts, page_language
from handler.routes.results_asked import asked_results
from handler.routes.rules import staff
from handler.routes.unit_asked import asked_unit, remember_unit
from handler.work.audit_notes import note_export
from handler.work.parts import Parts
from handler.work.results import GroupResults, unit_results
from survey_flow.access import Act
from survey_flow.language import Language
from survey_flow.organisation import Unit
from survey_flow.result_rows import Row, result_rows, thl_rows
from survey_flow.survey import Texts

_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_HEAD = ("unit", "group", "survey", "version", "from", "to", "code", "question", "measure", "answer", "label")
_END = ("value", "n", "note")
_THL_HEAD = ("unit", "group", "survey", "version", "from", "to", "theme", "measure")

Words = Mapping[str, str]
Table = tuple[list[str], list[Sequence[Cell]]]


def export_routes(parts: Parts, texts: PageTexts) -> Blueprint:
    routes = Blueprint("results_export", __name__)
    remember_unit(routes, parts)

    @routes.get("/results/export.csv")
    @staff(Act.RESULTS)
    def csv() -> AnyResponse:
        return _asked(parts, "csv", lambda unit, groups: _csv(unit, _table(unit, groups, texts), "csv"))

    @routes.get("/results/export.xlsx")
    @staff(Act.RESULTS)
    def xlsx() -> AnyResponse:
        return _asked(parts, "xlsx", lambda unit, groups: _xlsx(unit, _table(unit, groups, texts)))

    @routes.get("/results/thl.csv")
    @staff(Act.RESULTS)
    def thl() -> AnyResponse:
        themes = parts.library.organisation.themes
        return _asked(parts, "thl", lambda unit, groups: _csv(unit, _thl_table(unit, groups, texts, themes), "thl.csv"))

    return routes


def _asked(parts: Parts, kind: str, answer: Callable[[Unit, list[GroupResults]], Response]) -> AnyResponse:
    """The answer for a unit and what is shown of it. A fault in the question is told on the page of the results."""
    unit = asked_unit(parts, Act.RESULTS)
    asked, faults = asked_results(request.args, parts.library.surveys)
    if faults:
        return redirect(f"{url_for('results.results')}?{urlencode([*request.args.items(multi=True)])}")
    note_export(parts, unit, who=the_person().id, kind=kind)
    found = unit_results(parts, unit, asked.period, asked.compare)
    return answer(unit, [group for group in found if asked.wants(group.respondent, group.survey.id)])


def _thl_table(unit: Unit, groups: Sequence[GroupResults], texts: PageTexts, themes: Mapping[str, Texts]) -> Table:
    language = page_language()
    words = texts[language]
    head = [words[f"export_{name}"] for name in (*_THL_HEAD, *_END)]
    rows: list[Sequence[Cell]] = []
    for group in groups:
        for row in thl_rows(group.figures):
            theme = themes[row.text][language] if row.text else ""
            place = [*_place(unit, group, language, words), *_months(group)]
            rows.append([*place, theme, words[f"export_{row.measure}"], *_end(row, group, words)])
    return head, rows


def _table(unit: Unit, groups: Sequence[GroupResults], texts: PageTexts) -> Table:
    language = page_language()
    words = texts[language]
    head = [words[f"export_{name}"] for name in (*_HEAD, *_END)]
    rows: list[Sequence[Cell]] = [
        [*_place(unit, group, language, words), *_months(group), *_figure(row, words), *_end(row, group, words)]
        for group in groups
        for row in result_rows(group.survey, group.figures, language)
    ]
    return head, rows


def _place(unit: Unit, group: GroupResults, language: Language, words: Words) -> list[Cell]:
    return [unit.name[language], words[f"group_{group.respondent}"], group.survey.title[language], group.survey.version]


def _months(group: GroupResults) -> list[Cell]:
    return [group.figures.months[0], group.figures.months[-1]]


def _figure(row: Row, words: Words) -> list[Cell]:
    return [row.question, row.text, words[f"export_{row.measure}"], row.answer, row.answer_text]


def _end(row: Row, group: GroupResults, words: Words) -> list[Cell]:
    return [row.value, row.n, words["results_indicative"] if group.figures.indicative else ""]


def _csv(unit: Unit, table: Table, ending: str) -> Response:
    return _file(as_csv(*table), "text/csv; charset=utf-8", unit, ending)


def _xlsx(unit: Unit, table: Table) -> Response:
    return _file(as_workbook(unit.name[page_language()], *table), _WORKBOOK, unit, "xlsx")


def _file(content: bytes, kind: str, unit: Unit, ending: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="kuulolla-{unit.id}.{ending}"'}
    return Response(content, content_type=kind, headers=headers)
