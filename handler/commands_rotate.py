"""The commands `setup rotate pepper|twilio-token`: changing a secret while the service runs."""

from datetime import timedelta

import click
from flask.cli import AppGroup

from handler.commands_setup_place import SETUP, Place, of_stage, of_twilio, said_plainly, typed_token
from handler.start import SECRETS_KEPT_SECONDS

# Two looks of every container at its secrets: one of them may fail.
KNOWN_AFTER = timedelta(seconds=2 * SECRETS_KEPT_SECONDS)

rotate = AppGroup("rotate", help="Change a secret, step by step, while the service runs.")


@rotate.command("pepper")
@of_stage
@click.option("--step", type=click.Choice(["look", "add", "write", "drop"]), required=True)
@click.option("--key-id", help="With --step drop: the old pepper's key id.")
def rotate_pepper(stage: str, region: str, step: str, key_id: str | None) -> None:
    """Change the pepper: add a new one that is read, let it write ten minutes later, drop the old one years later.

    Only needed when the pepper has leaked. The old one stays for as long as an opt-out stands under it: `look` counts
    what stands under each, and changes nothing.
    """
    from handler.outside.secret_parameters import PEPPER
    from handler.work.setup_secrets import told_of_peppers, with_reading_pepper, with_writing_pepper, without_pepper

    if (step == "drop") != (key_id is not None):
        raise click.UsageError("--key-id goes with --step drop, and that needs it.")
    place = Place(stage, region)
    with said_plainly():
        held = place.held(PEPPER)
        if step == "look":
            for line in told_of_peppers(held, place.rows.counted()):
                click.echo(line)
            return
        if step == "add":
            value = with_reading_pepper(held)
        elif step == "write":
            value = with_writing_pepper(held, known_after=KNOWN_AFTER)
        else:
            value = without_pepper(held, str(key_id), place.rows.tables_with_rows, known_after=KNOWN_AFTER)
        place.parameters.change(PEPPER, value, held)
    click.echo(_PEPPER_NEXT[step].format(setup=SETUP, stage=stage, minutes=KNOWN_AFTER.seconds // 60))


_PEPPER_NEXT = {
    "add": "The new pepper is read. Next: {setup} secrets --stage {stage} --back-up FILE, then, in {minutes} minutes, "
    "{setup} rotate pepper --stage {stage} --step write",
    "write": "The new pepper writes, and the old one is read. Next: {setup} secrets --stage {stage} --back-up FILE. "
    "Leave the old one where it is: opt-outs stand under it ({setup} rotate pepper --stage {stage} --step look).",
    "drop": "The old pepper is gone. Next: {setup} secrets --stage {stage} --back-up FILE",
}


@rotate.command("twilio-token")
@of_stage
@of_twilio
@click.option("--step", type=click.Choice(["add", "drop"]), required=True)
def rotate_token(stage: str, region: str, step: str, **twilio: str) -> None:
    """Change Twilio's token: add the secondary one (asked for, or piped in), promote it in Twilio, drop the old one."""
    from handler.outside.secret_parameters import TWILIO_TOKEN
    from handler.work.setup_token import with_new_token, with_one_token

    place = Place(stage, region, **twilio)
    with said_plainly():
        held = place.held(TWILIO_TOKEN)
        if step == "add":
            value = with_new_token(held, typed_token(), place.twilio)
        else:
            value = with_one_token(held, place.twilio)
        place.parameters.change(TWILIO_TOKEN, value, held)
    click.echo(_TOKEN_NEXT[step].format(setup=SETUP, stage=stage, minutes=KNOWN_AFTER.seconds // 60))


_TOKEN_NEXT = {
    "add": "Both tokens are accepted, and the new one sends. Next: in {minutes} minutes promote the secondary token in "
    "Twilio's console (Account > API keys & tokens); at once if the old one has leaked, then answers may be lost for "
    "five minutes. Then: {setup} rotate twilio-token --stage {stage} --step drop",
    "drop": "One token is left, the one that Twilio takes. Next: {setup} check --stage {stage}",
}
