"""A unit's results as a page for supervisors: what is published, to be read aloud, printed and taken to a meeting."""

from flask import Blueprint, Response, request

from handler.routes.doorkeeper import the_person
from handler.routes.pages import PageTexts, page, page_language
from handler.routes.results_asked import period_field
from handler.routes.results_charts import TREND_HEIGHT
from handler.routes.results_choices import group_menu, period_menu
from handler.routes.results_meeting import LONGEST_ACTION, LONGEST_NAME, chosen_view, meeting_of, shortened
from handler.routes.results_read import Read, read_results
from handler.routes.results_view import shares
from handler.routes.results_words import ResultsWords
from handler.routes.rules import staff
from handler.routes.unit_asked import asked_unit, own_units, remember_unit
from handler.work.audit_notes import note_reading
from handler.work.parts import Parts
from handler.work.results import Compare
from handler.work.sendings import cost_of, sending_columns_by_month
from survey_flow.access import Act
from survey_flow.organisation import Unit
from survey_flow.publication import month_after, month_of


def results_routes(parts: Parts, texts: PageTexts) -> Blueprint:
    routes = Blueprint("results", __name__)
    remember_unit(routes, parts)

    @routes.get("/results")
    @staff(Act.RESULTS)
    def results() -> Response:
        return _results(parts, texts, asked_unit(parts, Act.RESULTS))

    @routes.get("/results/meeting")
    @staff(Act.RESULTS)
    def meeting() -> Response:
        return _meeting(parts, texts, asked_unit(parts, Act.RESULTS))

    return routes


def _read(parts: Parts, texts: PageTexts, unit: Unit) -> Read:
    language = page_language()
    return read_results(parts, unit, request.args.to_dict(), ResultsWords(texts[language]), language)


def _results(parts: Parts, texts: PageTexts, unit: Unit) -> Response:
    read = _read(parts, texts, unit)
    return page(
        "results.html",
        texts,
        status=400 if read.faults else 200,
        **read.for_template(),
        units=own_units(parts, Act.RESULTS),
        group_options=group_menu(read.every, read.asked, read.words, read.language),
        period_options=period_menu(read.calendar, read.groups, read.asked.period, read.words),
        compares=list(Compare),
        shares=shares(read.views),
        sent=_sent(parts, unit),
        cost=cost_of(parts, read.groups),
        period_field=period_field,
        trend_height=TREND_HEIGHT,
    )


def _meeting(parts: Parts, texts: PageTexts, unit: Unit) -> Response:
    note_reading(parts, unit, who=the_person().id, about="meeting")
    read = _read(parts, texts, unit)
    view = chosen_view(read.views)
    return page(
        "meeting.html",
        texts,
        status=400 if read.faults else 200,
        **read.for_template(),
        today=parts.today(),
        themes=parts.library.organisation.themes,
        meeting=meeting_of(parts, unit, view, reader=the_person()) if view else None,
        shortened=shortened,
        longest_action=LONGEST_ACTION,
        longest_name=LONGEST_NAME,
    )


def _sent(parts: Parts, unit: Unit) -> list[tuple[str, dict[str, int]]]:
    """What was sent and blocked this month and last, for the unit as a whole."""
    this_month = month_of(parts.today())
    columns = sending_columns_by_month(parts, unit, (this_month, month_after(this_month, -1)))
    return [(month, dict(counted)) for month, counted in columns.items()]
