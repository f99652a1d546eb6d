"""The command `sessions end`: whoever has left the organisation is out at once."""

import click
from flask.cli import AppGroup

from handler.commands_parts import bound_parts
from handler.tables.audit import Did, note
from handler.work.sessions import end_all

WHO = "command"

sessions = AppGroup("sessions", help="End sessions of people who signed in.")


@sessions.command("end")
@click.argument("person")
def end_sessions(person: str) -> None:
    """End every session of PERSON, on all their devices: "person:SUBJECT", as the audit has it.

    The provider may let them in again: take their groups away there first.
    """
    if not person.startswith("person:"):
        raise click.UsageError('A person is written as in the audit: "person:SUBJECT".')
    parts = bound_parts()
    ended = end_all(person)
    if ended:
        note(parts.clock(), who=WHO, did=Did.SIGNED_OUT, about=str(ended))
    click.echo(f"{ended} sessions ended." if ended != 1 else "One session ended.")
