"""The commands `flask --app handler.app privacy holds|erase`, for the data protection officer.

The number is read from standard input: an argument would stay in the shell's history, and show in the list of
processes. It is never printed or logged.
"""

import re
import sys
from typing import TYPE_CHECKING

import click
from flask.cli import AppGroup

from handler.commands_parts import bound_parts, who_runs
from handler.commands_privacy_words import NOT_FOUND_BY_A_NUMBER, sentences

if TYPE_CHECKING:
    from handler.work.parts import Parts
    from survey_flow.phone import PhoneNumber

privacy = AppGroup("privacy", help="What is held on a phone number, and its erasure.")


@privacy.command("holds")
def holds() -> None:
    """Tell in words what is held on a number, which is asked for (or piped in) and not shown."""
    from handler.work.held_data import look_up

    parts = bound_parts()
    number = _typed_number(parts)
    found = look_up(parts, number, who=who_runs(parts))
    for sentence in sentences(parts, found):
        click.echo(sentence)
    click.echo(f"\n{NOT_FOUND_BY_A_NUMBER}")


@privacy.command("erase")
@click.option("--opt-out-too", is_flag=True, help="The opt-out as well: without it the number may be asked again.")
@click.option("--yes", is_flag=True, help="Do not ask again; needed where the number is piped in.")
def erase(opt_out_too: bool, yes: bool) -> None:
    """Erase what is held on a number, which is asked for (or piped in) and not shown.

    An open survey is closed and its answers so far are dropped. An opt-out stays, for it protects the person: without
    it the next member of staff who types the number sends a survey.
    """
    from handler.work import held_data

    parts = bound_parts()
    number, who = _typed_number(parts), who_runs(parts)
    for sentence in sentences(parts, held_data.look_up(parts, number, who=who)):
        click.echo(sentence)
    if not yes and not _confirmed():
        raise click.ClickException("Nothing was erased. Where the number is piped in, give --yes.")
    try:
        held_data.erase(parts, number, who=who, opt_out_too=opt_out_too)
    except held_data.StillWritten as failure:
        raise click.ClickException("Somebody wrote to these rows all the time. Run the command again.") from failure
    click.echo(_ERASED)
    if any(each.rows.opt_out for each in held_data.held_on(parts, number)):
        click.echo("The opt-out stays, so that nobody asks this number again; --opt-out-too erases it as well.")
    else:
        click.echo("No opt-out stands: the number may be asked for feedback again.")


_ERASED = (
    "Erased. What passed with the number at the carrier since its last opening is deleted there by the next rounds of "
    "the schedule, within minutes as a rule; until then one row keeps the number sealed for it."
)


def _confirmed() -> bool:
    return sys.stdin.isatty() and click.confirm("Erase all this?")


def _typed_number(parts: "Parts") -> "PhoneNumber":
    """From standard input; on a terminal twice, for nobody sees a slip. A ClickException that does not hold it."""
    from survey_flow.phone import NotAPhoneNumber, PhoneFault, from_carrier
    from survey_flow.typed_number import typed_number

    if sys.stdin.isatty():
        typed = str(click.prompt("Phone number (it is not shown)", hide_input=True, confirmation_prompt="Once more"))
    else:
        typed = sys.stdin.readline()
    try:
        return typed_number(typed, parts.library.organisation.calling_codes)
    except NotAPhoneNumber as wrong:
        # No survey goes there, but whoever has texted us from there may have opted out.
        elsewhere = from_carrier(re.sub(r"[\s()./-]", "", typed))
        if elsewhere is not None and wrong.fault in (PhoneFault.FOREIGN, PhoneFault.NOT_MOBILE):
            return elsewhere
        raise click.ClickException(_WRONG[wrong.fault]) from None


_WHOLE = "write it with + and the country's code."
_WRONG = {
    "missing": "No number was given.",
    "not_a_number": "This is no phone number.",
    "not_mobile": f"This is no mobile number; if it is meant, {_WHOLE}",
    "foreign": f"This is a number of another country; {_WHOLE}",
}
