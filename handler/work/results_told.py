"""A unit's results as plain values, for JSON: by the API and on the command line."""

from typing import Any

from handler.work.results import GroupResults, TrendPoint
from survey_flow.figures import GroupFigures
from survey_flow.question_figures import QuestionFigures
from survey_flow.statistics import Nps, difference_of_nps


def told(group: GroupResults) -> dict[str, Any]:
    """One group's results as templates/openapi.json describes them; of what is hidden nothing but that it is."""
    found: dict[str, Any] = {
        "respondent": group.respondent,
        "survey": group.survey.id,
        "survey_version": group.survey.version,
        **_figures(group.figures),
        "more_from": group.shown_from.isoformat(),
        "trend": [_point(point) for point in group.trend],
    }
    now, before = group.figures.index, group.before.index
    if not group.before.hidden:
        found["before"] = _figures(group.before)
    if now and before:
        change = difference_of_nps(now, before)
        found["nps_change"] = {"value": _tenth(change.value), "low": _tenth(change.low), "high": _tenth(change.high)}
    return found


def _figures(figures: GroupFigures) -> dict[str, Any]:
    told: dict[str, Any] = {"hidden": figures.hidden, "months": list(figures.months)}
    if figures.hidden:
        return told
    return told | {
        "responses": figures.responses,
        "indicative": figures.indicative,
        "live": figures.live,
        "finished": figures.finished,
        "invited": figures.invited,
        "delivered": figures.delivered,
        "broken_off": dict(figures.broken_off),
        "opted_out_at": dict(figures.opted_out_at),
        "questions": [_question(question) for question in figures.questions],
    }


def _question(figures: QuestionFigures) -> dict[str, Any]:
    told: dict[str, Any] = {"id": figures.question.id, "kind": figures.question.kind.value, "hidden": figures.hidden}
    if figures.rescaled:
        told["rescaled"] = True
    if figures.hidden:
        return told
    told |= {
        "months": list(figures.months),
        "n": figures.n,
        "distribution": {str(digit): count for digit, count in figures.distribution.items()},
        "dont_know": figures.dont_know,
        "skipped": figures.skipped,
    }
    if figures.mean is not None:
        told |= {"mean": round(figures.mean, 2), "median": figures.median}
    if figures.nps is not None:
        told["nps"] = _nps(figures.nps)
    return told


def _point(point: TrendPoint) -> dict[str, Any]:
    told: dict[str, Any] = {"months": list(point.months), "responses": point.n}
    if point.nps:
        told["nps"] = {**_nps(point.nps), "n": point.nps.n}
    return told | {"means": {name: round(value, 2) for name, value in point.means.items()}}


def _nps(nps: Nps) -> dict[str, float]:
    return {name: _tenth(getattr(nps, name)) for name in ("index", "low", "high")}


def _tenth(number: float) -> float:
    return round(number, 1)
