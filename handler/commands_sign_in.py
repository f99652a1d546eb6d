"""The command `setup sign-in`: the secret that the identity provider gave this service."""

import sys

import click

from handler.commands_setup_place import Place, of_stage, said_plainly


@click.command("sign-in")
@of_stage
def set_up_sign_in(stage: str, region: str) -> None:
    """Keep the client secret of the identity provider: asked for, or piped in. A new one takes the place of the old.

    It is never shown. Running functions read it within five minutes.
    """
    from handler.outside.secret_parameters import CLIENT_SECRET
    from handler.work.setup_secrets import client_secret_from

    place = Place(stage, region)
    with said_plainly():
        secret = client_secret_from(_typed_secret())
        held = place.parameters.read(CLIENT_SECRET)
        if held is None:
            place.parameters.create(CLIENT_SECRET, secret)
        else:
            place.parameters.change(CLIENT_SECRET, secret, held)
    name = place.parameters.name(CLIENT_SECRET)
    click.echo(f"{name} is {'made' if held is None else 'changed; the functions read it within five minutes'}.")


def _typed_secret() -> str:
    if sys.stdin.isatty():
        return str(click.prompt("The client secret (it is not shown)", hide_input=True))
    return sys.stdin.readline()
