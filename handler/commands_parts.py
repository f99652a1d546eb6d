"""What the commands that touch the tables begin with."""

from typing import cast

import click
from flask import current_app

from handler.work.parts import Parts

# Where the app keeps the function that makes them.
PARTS = "kuulolla_parts"
# And the function that lets so many seconds go by.
WAIT = "kuulolla_wait"


def who_runs(parts: Parts) -> str:
    """As the audit has it: "command:NAME", by AWS's name for whoever runs it, or by this machine's user."""
    from handler.outside.caller_identity import caller_here, caller_in_aws
    from handler.settings import Stage
    from handler.start import stage_of_the_terminal

    stands_in = stage_of_the_terminal() in ("", Stage.LOCAL)
    name = "" if stands_in else caller_in_aws(region=parts.region)
    return f"command:{name or caller_here()}"


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
