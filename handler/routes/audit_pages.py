"""Who did what, for the administrator: a month at a time, filtered, newest first; and as a file."""

from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from handler.outside.sheets import Cell, as_csv
from handler.routes.audit_asked import Asked, read_asked
from handler.routes.audit_words import AuditWords
from handler.routes.doorkeeper import the_person
from handler.routes.pages import PageTexts, page, page_language
from handler.routes.rules import staff
from handler.tables.audit import Did, Noted
from handler.work import audit_log
from handler.work.audit_log import TooMany
from handler.work.parts import Parts
from handler.work.retention import AUDIT_MONTHS
from survey_flow.access import Act
from survey_flow.helsinki import local

_HEAD = ("time", "who", "who_id", "did", "code", "unit", "about")


def audit_pages(parts: Parts, texts: PageTexts) -> Blueprint:
    routes = Blueprint("audit", __name__)

    @routes.get("/audit")
    @staff(Act.AUDIT)
    def show() -> Response:
        return _show(parts, texts)

    @routes.get("/audit/export.csv")
    @staff(Act.AUDIT)
    def export() -> AnyResponse:
        return _export(parts, texts)

    return routes


def _show(parts: Parts, texts: PageTexts) -> Response:
    months = audit_log.months_kept(parts)
    asked, faults = read_asked(request.args, months)
    found = audit_log.on_page(asked.month, asked.wanted, before=asked.before or None)
    return page(
        "audit.html",
        texts,
        status=422 if faults else 200,
        faults=faults,
        too_many=request.args.get("told") == "too_many",
        most=audit_log.MOST_EXPORTED,
        asked=asked,
        filtered=any((asked.wanted.who, asked.wanted.did, asked.wanted.unit)),
        months=months,
        deeds=list(Did),
        units=parts.library.organisation.units,
        rows=found.rows,
        older=found.older,
        say=_words(parts, texts, asked),
        local=local,
        kept_months=AUDIT_MONTHS,
    )


def _export(parts: Parts, texts: PageTexts) -> AnyResponse:
    asked, faults = read_asked(request.args, audit_log.months_kept(parts))
    if faults:
        return redirect(f"{url_for('audit.show')}?{urlencode([*request.args.items(multi=True)])}")
    try:
        found = audit_log.exported(parts, asked.month, asked.wanted, who=the_person().id)
    except TooMany:
        return redirect(f"{url_for('audit.show')}?{urlencode(asked.query(told='too_many'))}")
    say = _words(parts, texts, asked)
    head = [say.words[f"audit_head_{name}"] for name in _HEAD]
    content = as_csv(head, [_line(row, say) for row in found])
    headers = {"Content-Disposition": f'attachment; filename="kuulolla-{asked.month}.csv"'}
    return Response(content, content_type="text/csv; charset=utf-8", headers=headers)


def _line(row: Noted, say: AuditWords) -> list[Cell]:
    moment = local(row.at).strftime("%Y-%m-%d %H:%M:%S")
    return [moment, say.who(row.who), row.who, say.did(row.did), row.did, say.unit(row.unit), say.about(row)]


def _words(parts: Parts, texts: PageTexts, asked: Asked) -> AuditWords:
    language = page_language()
    units = parts.library.organisation.units
    return AuditWords(texts[language], language, audit_log.names(asked.month), units)
