"""The commands `setup secrets|twilio|check`: what an administrator does beside deploying, with own credentials."""

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import click
from flask.cli import AppGroup

from handler.clock import utc_now
from handler.commands_rotate import rotate
from handler.commands_setup_place import SETUP, Place, of_stage, of_twilio, said_plainly, typed_token
from handler.commands_sign_in import set_up_sign_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from handler.work.setup_check import Names
    from handler.work.setup_webhooks import Difference

setup = AppGroup("setup", help="Secrets, Twilio's settings, and whether a deployed stage is ready.")
setup.add_command(rotate)
setup.add_command(set_up_sign_in)


@setup.command("secrets")
@of_stage
@click.option("--back-up", type=click.Path(path_type=Path), help="Write the pepper to this new file, for a safe.")
@click.option(
    "--restore", type=click.Path(path_type=Path), help="Put the pepper of this file back where there is none."
)
@click.option("--forget-opt-outs", is_flag=True, help="Make a new pepper though rows stand under one that is lost.")
def make_secrets(stage: str, region: str, back_up: Path | None, restore: Path | None, forget_opt_outs: bool) -> None:
    """Make the secrets that are missing: the pepper, the session key, Twilio's token (asked for, or piped in).

    What is there already stays as it is, and no secret is ever shown.
    """
    from handler.work import setup_backup
    from handler.work.setup_secrets import make_missing

    if sum(map(bool, (back_up, restore, forget_opt_outs))) > 1:
        raise click.UsageError("--back-up, --restore and --forget-opt-outs do not go together.")
    place = Place(stage, region)
    with said_plainly():
        if restore:
            click.echo(setup_backup.restore(place.parameters, restore, stage=stage))
        elif back_up:
            setup_backup.back_up(place.parameters, back_up, stage=stage, today=utc_now().date())
            click.echo(f"The pepper is in {back_up}. Keep it in a safe, offline; then delete the file here.")
        else:
            rows = list if forget_opt_outs else place.rows.tables_with_rows
            for line in make_missing(place.parameters, typed_token, rows):
                click.echo(line)
            click.echo(f"Next, unless it is done: {SETUP} secrets --stage {stage} --back-up FILE")


@setup.command("twilio")
@of_stage
@of_twilio
@click.option("--apply", is_flag=True, help="Change what differs; without it the differences are only shown.")
@click.pass_context
def set_up_twilio(context: click.Context, /, stage: str, region: str, apply: bool, **twilio: str) -> None:
    """Point the sender's webhooks at this stage, and print what has to be clicked in Twilio's console.

    Exit code 1 when something differs and was not changed.
    """
    from handler.outside.twilio_client import is_service
    from handler.work.setup_webhooks import differences, wanted_of

    place = Place(stage, region, **twilio)
    with said_plainly():
        sender = place.sends_from()
        wanted = wanted_of(sender, place.answers_at())
        at_twilio = place.twilio().sender(sender)
        wrong = differences(at_twilio, wanted)
        for difference in wrong:
            click.echo(str(difference))
        if wrong and apply:
            at_twilio.change({difference.name: difference.wanted for difference in wrong})
            wrong = differences(at_twilio, wanted)
    click.echo(_how_it_stands(wrong, apply))
    if is_service(sender):
        _print_clicks(sender)
    else:
        click.echo("With a number alone Twilio answers STOP itself, in English: make a Messaging Service for it.")
    context.exit(1 if wrong else 0)


def _how_it_stands(wrong: "Sequence[Difference]", apply: bool) -> str:
    if not wrong:
        return "The webhooks are as they are to be."
    if apply:
        return f"Twilio has not taken {', '.join(difference.name for difference in wrong)}: look in its console."
    return "Nothing is changed yet: add --apply."


def _print_clicks(service: str) -> None:
    from handler.templates import TEMPLATES, checked_library
    from handler.work.setup_opt_out import answered_by_carrier, opt_out_faults, to_paste
    from survey_flow.faults import FaultyDefinitions

    path = TEMPLATES / "carrier_opt_out.toml"
    try:
        library = checked_library()
    except FaultyDefinitions as failure:
        raise click.ClickException(str(failure)) from failure
    answered = answered_by_carrier(tomllib.loads(path.read_text(encoding="utf-8")), library)
    if faults := list(opt_out_faults(answered, library.lexicon)):
        raise click.ClickException("\n".join((f"{path.name} must be corrected first:", *faults)))
    click.echo()
    for line in to_paste(answered, service=service):
        click.echo(line)


@setup.command("check")
@of_stage
@of_twilio
@click.pass_context
def check(context: click.Context, /, stage: str, region: str, **twilio: str) -> None:
    """Look whether a deployed stage has all that it needs: one line a thing. Exit code 1 when something is missing."""
    from handler.work import setup_check
    from handler.work.setup_check_secrets import looks_at_secrets

    place, ready = Place(stage, region, **twilio), True
    with said_plainly():
        account = place.look.account()
        sender, public_url = place.sends_from(), place.answers_at()
    click.echo(f"Stage {stage}, AWS account {account}, {region}, {public_url}, sent from {sender}")
    names = _names(place)
    looks = [
        *looks_at_secrets(place.parameters, names),
        *setup_check.looks_at_stage(place.look, names),
        (public_url, lambda: setup_check.look_at_health(public_url)),
        *setup_check.looks_at_twilio(place.twilio, sender, public_url, names),
    ]
    for line in setup_check.lines(looks):
        click.echo(str(line))
        ready = ready and not line.todo
    context.exit(0 if ready else 1)


def _names(place: Place) -> "Names":
    """What the parts of the stage are called, as the functions call them."""
    from handler.settings import queues_of
    from handler.tables.all_tables import TABLES
    from handler.templates import load_library
    from handler.work.setup_check import Names

    prefix = place.table_prefix
    return Names(
        stage=place.stage,
        stack=place.stack_name,
        tables=[f"{prefix}{table.Meta.short_name}" for table in TABLES],  # type: ignore[attr-defined]
        queues=list(queues_of(prefix)),
        keys=[f"alias/{prefix}{name}" for name in ("sealing", "inbound")],
        alarms=f"{prefix}alarms",
        reports_from=load_library().organisation.reports_from,
        setup=SETUP,
    )
