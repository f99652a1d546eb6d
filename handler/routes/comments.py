"""A unit's comments: the supervisor's list with its bulk marking, and what the senders may read."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from functools import partial
from math import ceil
from typing import Any

from flask import Blueprint, Response, request

from handler.routes.comments_black_out import add_black_out
from handler.routes.comments_fields import (
    A_PAGE,
    NONE,
    Fault,
    Filter,
    ForMeeting,
    Waiting,
    read_filter,
    read_marking,
    read_ticks,
)
from handler.routes.doorkeeper import the_person
from handler.routes.pages import PageTexts, page, remember, remembered
from handler.routes.rules import staff
from handler.routes.unit_asked import asked_unit, own_units, remember_unit
from handler.tables.comments import Comment
from handler.work import comments
from handler.work.audit_notes import note_reading
from handler.work.comments import MOST_FOR_MEETING
from handler.work.comments_marking import Outcome, TooManyForMeeting, mark
from handler.work.parts import Parts
from survey_flow.access import Act
from survey_flow.comment_marks import CommentKind, CommentStatus
from survey_flow.organisation import Unit
from survey_flow.survey import Respondent

HANDLER_COOKIE = "kuulolla_handler"
_TOLD = ("deleted", "blacked_out")


def comment_pages(parts: Parts, texts: PageTexts) -> Blueprint:
    routes = Blueprint("comments", __name__)
    remember_unit(routes, parts)

    @routes.get("/comments")
    @staff(Act.COMMENTS)
    def show() -> Response:
        return _list(parts, texts, asked_unit(parts, Act.COMMENTS))

    @routes.post("/comments")
    @staff(Act.COMMENTS)
    def mark_ticked() -> Response:
        return _mark(parts, texts, asked_unit(parts, Act.COMMENTS))

    @routes.get("/comments/shared")
    @staff(Act.SHARED_COMMENTS)
    def shared() -> Response:
        unit, units = asked_unit(parts, Act.SHARED_COMMENTS), own_units(parts, Act.SHARED_COMMENTS)
        note_reading(parts, unit, who=the_person().id, about="shared")
        found = comments.shared(parts, unit)
        return page("comments_shared.html", texts, unit=unit, units=units, found=found, **_names(parts))

    add_black_out(routes, parts, texts)
    return routes


def _mark(parts: Parts, texts: PageTexts, unit: Unit) -> Response:
    organisation = parts.library.organisation
    typed, ticks = request.form.to_dict(), request.form.getlist("tick")
    ticked, faults = read_ticks(ticks)
    marking, more = read_marking(typed, organisation)
    faults |= more
    if not faults:
        try:
            outcomes = mark(parts, unit, ticked, marking, who=the_person().id)
        except TooManyForMeeting:
            faults["comments_meeting"] = Fault.TOO_MANY
    if faults:
        return _list(parts, texts, unit, faults=faults, typed=typed, ticked={tick.rpartition(".")[0] for tick in ticks})
    who = marking.change.by
    response = _list(parts, texts, unit, outcomes=Counter(outcomes.values()), typed={"who": who} if who else None)
    if who:
        remember(response, HANDLER_COOKIE, who)
    return response


def _list(
    parts: Parts,
    texts: PageTexts,
    unit: Unit,
    *,
    faults: Mapping[str, Fault] | None = None,
    typed: Mapping[str, str] | None = None,
    ticked: Collection[str] = (),
    outcomes: Mapping[Outcome, int] | None = None,
) -> Response:
    wanted, filter_faults = read_filter(request.args, parts.library.organisation)
    note_reading(parts, unit, who=the_person().id)
    every = comments.readable(parts, unit)
    found = [one for one in every if wanted.lets(one, overdue=comments.is_overdue(parts, one))]
    at, on_page = _page_of(found, request.args.get("page", ""))
    told = request.args.get("told", "")
    return page(
        "comments.html",
        texts,
        status=422 if faults or filter_faults else 200,
        faults=faults or {},
        filter_faults=filter_faults,
        typed=typed or {"who": remembered(HANDLER_COOKIE) or the_person().name},
        ticked={one.id for one in on_page} if request.args.get("ticked") == "all" else ticked,
        outcomes=outcomes,
        told=told if told in _TOLD and request.method == "GET" else None,
        unit=unit,
        units=own_units(parts, Act.COMMENTS),
        found=on_page,
        count=len(found),
        handling=comments.handling(parts, every),
        chosen=sum(one.chosen_for_meeting for one in every),
        at=at,
        pages=_pages(found),
        filter=wanted,
        **_choices(),
        **_names(parts),
    )


def _pages(found: Sequence[Comment]) -> int:
    return max(1, ceil(len(found) / A_PAGE))


def _page_of(found: Sequence[Comment], asked: str) -> tuple[int, Sequence[Comment]]:
    """The page asked for, from 1, and what is on it; one that is not there is the nearest."""
    at = min(int(asked), _pages(found)) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
    at = max(1, at)
    return at, found[(at - 1) * A_PAGE : at * A_PAGE]


def _choices() -> dict[str, Any]:
    return {
        "statuses": list(CommentStatus),
        "stages": list(Waiting),
        "kinds": list(CommentKind),
        "groups": list(Respondent),
        "meeting_choices": list(ForMeeting),
        "none": NONE,
        "most_for_meeting": MOST_FOR_MEETING,
        "most_at_once": A_PAGE,
        "nothing_asked": Filter(),
    }


def _names(parts: Parts) -> dict[str, Any]:
    """What the cards say of a comment."""
    organisation = parts.library.organisation
    return {
        "themes": organisation.themes,
        "comment_days": organisation.comment_days,
        "due_on": partial(comments.due_on, parts),
        "is_overdue": partial(comments.is_overdue, parts),
    }
