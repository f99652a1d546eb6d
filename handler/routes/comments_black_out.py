"""One comment: words blacked out of it for good, or the whole of it deleted. Forms without JavaScript."""

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from handler.routes.doorkeeper import the_person
from handler.routes.pages import PageTexts, page
from handler.routes.rules import staff
from handler.routes.unit_asked import known_unit
from handler.tables.comments import Comment
from handler.work.audit_notes import note_reading
from handler.work.comments import find
from handler.work.comments_marking import NotAsShown, black_out, delete, shown_as
from handler.work.parts import Parts
from survey_flow.access import Act
from survey_flow.comment_words import lines_of
from survey_flow.organisation import Unit


def add_black_out(routes: Blueprint, parts: Parts, texts: PageTexts) -> None:
    @routes.get("/comments/<unit_id>/<comment_id>")
    @staff(Act.COMMENTS)
    def show_one(unit_id: str, comment_id: str) -> Response:
        return _one(parts, texts, known_unit(parts, unit_id, Act.COMMENTS), comment_id)

    @routes.post("/comments/<unit_id>/<comment_id>")
    @staff(Act.COMMENTS)
    def black_out_words(unit_id: str, comment_id: str) -> AnyResponse:
        return _black_out(parts, texts, known_unit(parts, unit_id, Act.COMMENTS), comment_id)

    @routes.get("/comments/<unit_id>/<comment_id>/delete")
    @staff(Act.COMMENTS)
    def ask_once_more(unit_id: str, comment_id: str) -> Response:
        return _one(parts, texts, known_unit(parts, unit_id, Act.COMMENTS), comment_id, deleting=True)

    @routes.post("/comments/<unit_id>/<comment_id>/delete")
    @staff(Act.COMMENTS)
    def delete_it(unit_id: str, comment_id: str) -> AnyResponse:
        return _delete(parts, texts, known_unit(parts, unit_id, Act.COMMENTS), comment_id)


def _black_out(parts: Parts, texts: PageTexts, unit: Unit, comment_id: str) -> AnyResponse:
    comment, ticked = find(parts, unit, comment_id), request.form.getlist("word")
    if comment is None:
        return _one(parts, texts, unit, comment_id)
    if not ticked or not all(word.isascii() and word.isdigit() for word in ticked):
        return _one(parts, texts, unit, comment_id, fault="missing", status=422)
    try:
        black_out(parts, unit, comment, {int(word) for word in ticked}, shown=_shown(), who=the_person().id)
    except ValueError:
        return _one(parts, texts, unit, comment_id, fault="unknown", status=422)
    except NotAsShown:
        return _one(parts, texts, unit, comment_id, fault="changed", status=409)
    return redirect(url_for("comments.show_one", unit_id=unit.id, comment_id=comment_id, told="blacked_out"), 303)


def _delete(parts: Parts, texts: PageTexts, unit: Unit, comment_id: str) -> AnyResponse:
    comment = find(parts, unit, comment_id)
    if comment is None:
        return _one(parts, texts, unit, comment_id)
    try:
        delete(parts, unit, comment, shown=_shown(), who=the_person().id)
    except NotAsShown:
        return _one(parts, texts, unit, comment_id, fault="changed", status=409, deleting=True)
    return redirect(url_for("comments.show", unit=unit.id, told="deleted"), 303)


def _shown() -> str:
    return request.form.get("shown", "")


def _one(
    parts: Parts,
    texts: PageTexts,
    unit: Unit,
    comment_id: str,
    *,
    fault: str = "",
    status: int = 200,
    deleting: bool = False,
) -> Response:
    """The comment as it is now; of one that is gone, or not to be read, that it is not there."""
    note_reading(parts, unit, who=the_person().id)
    comment: Comment | None = find(parts, unit, comment_id)
    return page(
        "comments_one.html",
        texts,
        status=404 if comment is None else status,
        unit=unit,
        comment=comment,
        comment_id=comment_id,
        lines=lines_of(comment.text) if comment else (),
        shown=shown_as(comment) if comment else "",
        fault=fault,
        deleting=deleting,
        told=not fault and request.args.get("told") == "blacked_out",
    )
