"""Phone keys: the only trace of a number in our tables, a keyed hash that cannot be undone without the pepper."""

import hmac
from collections.abc import Sequence

from handler.settings import Pepper
from survey_flow.phone import PhoneNumber


class PhoneKeys:
    """Numbers to keys under every pepper in force; the first one writes."""

    def __init__(self, peppers: Sequence[Pepper]) -> None:
        self._peppers = tuple(peppers)

    def all(self, number: PhoneNumber) -> tuple[str, ...]:
        """The number's keys, the writing one first."""
        return tuple(self._under(pepper, number) for pepper in self._peppers)

    def keyed(self, *parts: str) -> str:
        """A keyed digest of other things (an idempotency key, a request), under the writing pepper."""
        return hmac.digest(self._peppers[0].secret, "\x1f".join(parts).encode(), "sha256").hex()

    @staticmethod
    def _under(pepper: Pepper, number: PhoneNumber) -> str:
        return f"{pepper.key_id}.{hmac.digest(pepper.secret, number.encode(), 'sha256').hex()}"
