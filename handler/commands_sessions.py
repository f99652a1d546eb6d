"""The command `sessions end`: whoever has left the organisation is out at once."""

from functools import partial

import click
from flask import current_app
from flask.cli import AppGroup

from handler.commands_parts import WAIT, bound_parts, who_runs
from handler.tables.audit import Did, note
from handler.work.sessions import end_all

# An index of DynamoDB follows its table within a second, as a rule.
BETWEEN_LOOKS_SECONDS = 5

sessions = AppGroup("sessions", help="End sessions of people who signed in.")


@sessions.command("end")
@click.argument("person")
def end_sessions(person: str) -> None:
    """End every session of PERSON, on all their devices: "person:SUBJECT", as the audit has it.

    The provider may let them in again: take their groups away there first. Looks for their sessions twice.
    """
    if not person.startswith("person:"):
        raise click.UsageError('A person is written as in the audit: "person:SUBJECT".')
    parts = bound_parts()
    ended = end_all(person, wait=partial(current_app.extensions[WAIT], BETWEEN_LOOKS_SECONDS))
    if ended:
        note(parts.clock(), who=who_runs(parts), did=Did.SIGNED_OUT, about=str(ended))
    sessions_ended = f"{ended} sessions ended" if ended != 1 else "One session ended"
    click.echo(f"{sessions_ended}, in two looks {BETWEEN_LOOKS_SECONDS} seconds apart.")
