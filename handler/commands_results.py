"""The command `results`: a unit's published figures as JSON, for whoever administers by the command line."""

import json

import click
from flask.cli import with_appcontext

from handler.commands_parts import bound_parts
from survey_flow.publication import Period, month_from
from survey_flow.survey import Respondent


@click.command("results")
@click.option("--unit", "unit_id", required=True)
@click.option("--from", "first", help="The first month, such as 2026-09; without it the latest figures.")
@click.option("--to", "last", help="The last month. One of the two alone means that month.")
@click.option("--group", type=click.Choice([group.value for group in Respondent]))
@with_appcontext
def results(unit_id: str, first: str | None, last: str | None, group: str | None) -> None:
    """Print a unit's figures, by the same rules as the page and the API."""
    from handler.work.results import unit_results
    from handler.work.results_told import told

    parts = bound_parts()
    unit = parts.library.organisation.units.get(unit_id)
    if unit is None:
        raise click.ClickException(f"There is no unit {unit_id}.")
    found = unit_results(parts, unit, _period(first, last))
    shown = [told(each) for each in found if group in (None, each.respondent)]
    click.echo(json.dumps({"unit": unit.id, "groups": shown}, ensure_ascii=False, indent=1))


def _period(first: str | None, last: str | None) -> Period | None:
    first, last = first or last, last or first
    if first is None or last is None:
        return None
    try:
        period = Period(month_from(first), month_from(last))
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    if period.first > period.last:
        raise click.ClickException("The first month comes after the last.")
    return period
