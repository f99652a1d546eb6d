"""Phone keys: the only trace of a number in our tables, a keyed hash that cannot be undone without the pepper."""

import hmac
from collections.abc import Sequence

from handler.settings import Pepper
from survey_flow.phone import PhoneNumber


class PhoneKeys:
    """Numbers to keys under every pepper in force; the first one writes.

    While a pepper is changed, some containers write under the old one and some under the new one, and all know both
    (docs/decisions/0026): what is written under one key has to be looked for under every other, too.
    """

    def __init__(self, peppers: Sequence[Pepper]) -> None:
        self._peppers = tuple(peppers)
        # Key ids are counted up (setup_secrets.py), and "10" comes after "9".
        self._oldest = min(self._peppers, key=lambda pepper: (len(pepper.key_id), pepper.key_id))

    def all(self, number: PhoneNumber) -> tuple[str, ...]:
        """The number's keys, the writing one first."""
        return tuple(self._under(pepper, number) for pepper in self._peppers)

    def keyed(self, *parts: str) -> str:
        """A keyed digest of what a number could be found from, under the writing pepper."""
        return _digest(self._peppers[0], parts)

    def keyed_under_each(self, *parts: str) -> tuple[str, ...]:
        """The same under every pepper in force, the writing one first: as another container may have written it."""
        return tuple(_digest(pepper, parts) for pepper in self._peppers)

    def lasting(self, *parts: str) -> str:
        """A keyed digest of what holds no number, such as a message's id: under the oldest pepper in force, and so the
        same in every container while a pepper is changed. Another one once that pepper is dropped."""
        return _digest(self._oldest, parts)

    @staticmethod
    def _under(pepper: Pepper, number: PhoneNumber) -> str:
        return f"{pepper.key_id}.{hmac.digest(pepper.secret, number.encode(), 'sha256').hex()}"


def _digest(pepper: Pepper, parts: Sequence[str]) -> str:
    return hmac.digest(pepper.secret, "\x1f".join(parts).encode(), "sha256").hex()
