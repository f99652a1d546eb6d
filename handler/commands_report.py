"""The command `flask --app handler.app report`: a report as it would be mailed today, printed and not sent."""

import click
from flask.cli import with_appcontext

from handler.commands_parts import bound_parts


@click.command("report")
@click.option("--unit", "unit_id", help="The unit's monthly report; without it, the organisation's quarterly one.")
@with_appcontext
def report(unit_id: str | None) -> None:
    """Print a report's text as it would be mailed today. Nothing is sent."""
    from handler.start import read_settings
    from handler.work.reports import organisation_report, unit_report

    parts = bound_parts()
    public_url = read_settings().public_url
    if unit_id is None:
        click.echo(organisation_report(parts, public_url).text)
        return
    unit = parts.library.organisation.units.get(unit_id)
    if unit is None:
        raise click.ClickException(f"There is no unit {unit_id}.")
    click.echo(unit_report(parts, unit, public_url).text)
