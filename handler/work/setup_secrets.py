"""The secrets of a stage: making those that are missing, and changing the pepper step by step.

A pepper is changed in steps because every phone key stands under one: first every container must be able to read under
the new one, then the new one writes, and the old one stays for as long as a row stands under it.
"""

import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta

from handler.outside.secret_parameters import PEPPER, SESSION_KEY, TWILIO_TOKEN, Held, SecretParameters
from handler.settings import NEEDED, Pepper, SettingsMissing, settings_from

# As long as SHA-256 is: shorter ones could be searched through, and numbers are few.
SHORTEST_SECRET = 32  # bytes
FIRST_KEY_ID = "1"
_FILLED = dict.fromkeys(NEEDED, "-") | {"KUULOLLA_STAGE": "test"}


class CannotBe(Exception):
    """What was asked for would do harm now, or makes no sense; its text is a sentence."""


def new_secret() -> str:
    return secrets.token_hex(SHORTEST_SECRET)


def new_pepper(key_id: str = FIRST_KEY_ID) -> str:
    return f"{key_id}:{new_secret()}"


def make_missing(
    parameters: SecretParameters, ask_token: Callable[[], str], tables_with_rows: Callable[[], Sequence[str]]
) -> Iterator[str]:
    """Makes what is not there yet, and tells of each; what is there stays. The token is asked for only if missing.

    Raises CannotBe rather than make a pepper where rows stand under one that is gone.
    """

    def first_pepper() -> str:
        if tables := tables_with_rows():
            raise CannotBe(
                f"{parameters.name(PEPPER)} is missing, but rows stand under a pepper in {', '.join(tables)}. A new "
                "one would forget every opt-out: put the old one back with --restore FILE. If it is lost for good, "
                "--forget-opt-outs makes a new one."
            )
        return new_pepper()

    makers: dict[str, Callable[[], str]] = {
        PEPPER: first_pepper,
        SESSION_KEY: new_secret,
        TWILIO_TOKEN: lambda: token_from(ask_token()),
    }
    for secret, make in makers.items():
        name = parameters.name(secret)
        made = parameters.read(secret) is None and parameters.create(secret, make())
        yield f"{name} is made." if made else f"{name} is there already and stays as it is."


def token_from(typed: str) -> str:
    """One token of Twilio's as it was typed or piped. Raises CannotBe."""
    token = typed.strip()
    if not token:
        raise CannotBe("No token was given: paste Twilio's auth token, or pipe it in.")
    if not token.isascii() or not token.isprintable() or any(sign in token for sign in " ,/"):
        raise CannotBe("That is no auth token of Twilio's: it holds a space, a comma, a slash or a letter like ä.")
    return token


def client_secret_from(typed: str) -> str:
    """What the identity provider gave, as it was typed or piped. Raises CannotBe."""
    secret = typed.strip()
    if not secret or not secret.isascii() or not secret.isprintable() or " " in secret:
        raise CannotBe("That is no client secret: it is one word of signs, digits and letters without ä, ö or å.")
    if secret.startswith("/"):  # it would be taken for the name of a parameter
        raise CannotBe("A client secret that begins with a slash cannot be kept: ask the provider for another.")
    return secret


def peppers_in(value: str) -> tuple[Pepper, ...]:
    """The peppers of a parameter's value, the writing one first; read as the functions read it. Raises CannotBe."""
    try:
        peppers = settings_from(_FILLED | {"KUULOLLA_PEPPER": value}).peppers
    except SettingsMissing as missing:
        raise CannotBe(str(missing).replace("KUULOLLA_PEPPER", "The pepper")) from None
    if short := [pepper.key_id for pepper in peppers if len(pepper.secret) < SHORTEST_SECRET]:
        raise CannotBe(f"The pepper with the key id {short[0]} is shorter than {SHORTEST_SECRET} bytes.")
    return peppers


def tokens_in(value: str) -> tuple[str, ...]:
    """The tokens of a parameter's value, the sending one first. Raises CannotBe."""
    try:
        return settings_from(_FILLED | {"TWILIO_AUTH_TOKEN": value}).twilio_auth_tokens
    except SettingsMissing as missing:
        raise CannotBe(str(missing).replace("TWILIO_AUTH_TOKEN", "The token")) from None


def with_reading_pepper(held: Held) -> str:
    """The value with a new pepper last: numbers are looked up under it, and nothing is written. Raises CannotBe."""
    peppers = peppers_in(held.value)
    numbers = _numbers(peppers)
    if numbers[0] < max(numbers):
        raise CannotBe(
            f"The pepper {max(numbers)} is still only read: go on with --step write instead of adding another."
        )
    return _value([*peppers, Pepper(str(max(numbers) + 1), new_secret().encode())])


def with_writing_pepper(held: Held, *, known_after: timedelta) -> str:
    """The value with the newest pepper first. Raises CannotBe, also before every container can know it."""
    peppers = peppers_in(held.value)
    numbers = _numbers(peppers)
    newest = numbers.index(max(numbers))
    if newest == 0:
        raise CannotBe(f"The pepper {numbers[0]} writes already, and there is no newer one: begin with --step add.")
    _wait_until_known(held, known_after, "a running container may not know the new pepper")
    return _value([peppers[newest], *peppers[:newest], *peppers[newest + 1 :]])


def without_pepper(
    held: Held, key_id: str, tables_with_rows: Callable[[str], Sequence[str]], *, known_after: timedelta
) -> str:
    """The value without this pepper. Raises CannotBe while a row stands under it, while a container may still write
    under it, and if it is the writing one."""
    peppers = peppers_in(held.value)
    if key_id not in {pepper.key_id for pepper in peppers}:
        raise CannotBe(f"There is no pepper with the key id {key_id}.")
    if peppers[0].key_id == key_id:
        raise CannotBe(f"The pepper {key_id} is the one that writes: it cannot go.")
    if tables := tables_with_rows(key_id):
        raise CannotBe(
            f"The pepper {key_id} must stay: rows stand under it in {', '.join(tables)}. Without it an opt-out would "
            "be forgotten, and somebody asked again who has said no. Rows of throttle and conversations go by "
            "themselves within four months; opt-outs stay until they are withdrawn."
        )
    _wait_until_known(held, known_after, "a running container may still write under it")
    return _value([pepper for pepper in peppers if pepper.key_id != key_id])


def told_of_peppers(held: Held, rows: Mapping[str, Mapping[str, int]]) -> Iterator[str]:
    """A line for each pepper: whether it writes, how many rows stand under it by table, and whether it may be dropped;
    then one for rows that no pepper finds. Raises CannotBe."""
    peppers = [pepper.key_id for pepper in peppers_in(held.value)]
    for key_id in peppers:
        counted = {table: counts.get(key_id, 0) for table, counts in rows.items()}
        told = ", ".join(f"{table} {count}" for table, count in counted.items())
        if key_id == peppers[0]:
            yield f"{key_id}: writes; {told}."
        else:
            yield f"{key_id}: is read; {told}; {'must stay' if any(counted.values()) else 'may be dropped'}."
    if lost := [f"{table} {count}" for table, counts in rows.items() if (count := _unknown(counts, peppers))]:
        yield f"Under a pepper that is gone: {', '.join(lost)}. Opt-outs among them do not hold: see the run book."


def _unknown(counts: Mapping[str, int], key_ids: Sequence[str]) -> int:
    return sum(count for key_id, count in counts.items() if key_id not in key_ids)


def _wait_until_known(held: Held, known_after: timedelta, why: str) -> None:
    wait = known_after - held.age
    if wait > timedelta(0):
        minutes = -(-wait.total_seconds() // 60)
        raise CannotBe(f"Not yet: {why}. Wait {minutes:.0f} more minutes.")


def _numbers(peppers: Sequence[Pepper]) -> list[int]:
    ids = [pepper.key_id for pepper in peppers]
    if wrong := [key_id for key_id in ids if not (key_id.isascii() and key_id.isdigit())]:
        raise CannotBe(f"The key id {wrong[0]} is no number: this pepper was not made here, change it by hand.")
    return [int(key_id) for key_id in ids]


def _value(peppers: Sequence[Pepper]) -> str:
    return ",".join(f"{pepper.key_id}:{pepper.secret.decode()}" for pepper in peppers)
