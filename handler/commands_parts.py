"""What the commands that touch the tables begin with."""

from typing import cast

import click
from flask import current_app

from handler.work.parts import Parts

# Where the app keeps the function that makes them.
PARTS = "kuulolla_parts"


def bound_parts() -> Parts:
    """The parts, with the tables bound to their prefix by the settings."""
    from handler.settings import SettingsMissing
    from handler.tables.staff_keys import StaffKeyRow

    try:
        parts = cast(Parts, current_app.extensions[PARTS]())
    except SettingsMissing as missing:
        raise click.ClickException(str(missing)) from missing
    if not StaffKeyRow.exists():
        name = StaffKeyRow.Meta.table_name
        raise click.ClickException(f"The table {name} is not there yet: start the app once, or deploy first.")
    return parts
