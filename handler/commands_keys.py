"""The commands `keys create|rotate|revoke|list` of `flask --app handler.app`. A new key is told on the last line."""

from datetime import timedelta

import click
from flask.cli import AppGroup

from handler.commands_parts import bound_parts, who_runs
from handler.tables.staff_keys import StaffKey
from handler.work import staff_key_keeping as keeping
from handler.work.parts import Parts
from handler.work.staff_key import LIFETIME, LONGEST_DAYS
from handler.work.staff_key_keeping import MOST_OLD_DAYS, OLD_DAYS, KeyState, NoSuchKey, NotToRotate, Wish
from survey_flow.access import Right

keys = AppGroup("keys", help="Make, rotate, list and revoke API keys.")


@keys.command("create")
@click.option("--unit", "units", multiple=True, required=True, help="May be given several times.")
@click.option(
    "--right",
    "rights",
    multiple=True,
    required=True,
    type=click.Choice([right.value for right in Right]),
    help="May be given several times.",
)
@click.option(
    "--days",
    default=LIFETIME.days,
    show_default=True,
    type=click.IntRange(1, LONGEST_DAYS),
    help="How long the key holds.",
)
@click.option("--purpose", default="", help="What it is for, such as the name of the system that uses it.")
def create_key(units: tuple[str, ...], rights: tuple[str, ...], days: int, purpose: str) -> None:
    """Make a key. It is shown once, alone on the last line."""
    parts = bound_parts()
    if unknown := set(units) - set(parts.library.organisation.units):
        raise click.ClickException(f"There is no unit {sorted(unknown)[0]}.")
    wish = Wish(frozenset(units), frozenset(map(Right, rights)), purpose.strip(), timedelta(days=days))
    made = keeping.make(parts, wish, who=who_runs(parts))
    said = f"for {', '.join(units)}: {', '.join(rights)}"
    click.echo(f"Key {made.id}, {said}. It holds {days} days and is not shown again.")
    click.echo(made.key)


@keys.command("rotate")
@click.argument("key_id")
@click.option(
    "--old-days",
    default=OLD_DAYS,
    show_default=True,
    type=click.IntRange(0, MOST_OLD_DAYS),
    help="For how many days the old key holds on beside the new one.",
)
def rotate_key(key_id: str, old_days: int) -> None:
    """Make a key in another's stead, with the same units, rights and lifetime. It is shown once, on the last line."""
    parts = bound_parts()
    try:
        made = keeping.rotate(parts, key_id, old_days=old_days, who=who_runs(parts))
        old = keeping.find(key_id)
    except NoSuchKey as error:
        raise click.ClickException("There is no such key.") from error
    except NotToRotate as error:
        sentence = "Only a key that holds, and that no other replaces yet, can be rotated. Make a new one."
        raise click.ClickException(sentence) from error
    click.echo(f"Key {made.id} replaces {old.id}, which ends on {old.expires_on.isoformat()}. It is not shown again.")
    click.echo(made.key)


@keys.command("list")
def list_keys() -> None:
    """List the keys by their ids; the keys themselves are kept nowhere."""
    parts = bound_parts()
    for key in keeping.listed(parts.today()):
        click.echo(_line(parts, key))


@keys.command("revoke")
@click.argument("key_id")
def revoke_key(key_id: str) -> None:
    """Revoke a key by its id, at once."""
    parts = bound_parts()
    try:
        done = keeping.revoke(parts, key_id, who=who_runs(parts))
    except NoSuchKey as error:
        raise click.ClickException("There is no such key.") from error
    click.echo(f"Key {key_id} is revoked." if done else f"Key {key_id} was revoked already.")


def _line(parts: Parts, key: StaffKey) -> str:
    what = f"{', '.join(sorted(key.units))}: {', '.join(sorted(key.rights))}"
    purpose = f"  {key.purpose}" if key.purpose else ""
    return f"{key.id}  {what}{purpose}  {_state(parts, key)}"


def _state(parts: Parts, key: StaffKey) -> str:
    state = keeping.state_of(key, parts.today())
    used = f"last used {key.last_used_on.isoformat()}" if key.last_used_on else "never used"
    if state is KeyState.REVOKED and key.revoked_on:
        return f"{used}, revoked"
    if state is KeyState.EXPIRED:
        return f"{used}, expired {key.expires_on.isoformat()}"
    replaced = f", replaced by {key.replaced_by}" if key.replaced_by else ""
    return f"until {key.expires_on.isoformat()}, {used}{replaced}"
