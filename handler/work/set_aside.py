"""Setting a message aside that the webhook has not answered: sealed, and into the queue of the rescue. No tables."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from handler.phone_keys import PhoneKeys
from handler.work.inbound import Inbound, packed


class Forms(Protocol):
    def seal(self, plain: bytes, *, about: str) -> str:
        """What may stand in a queue. Raises KeySilent."""

    def unseal(self, sealed: str) -> bytes:
        """Raises KeySilent, or CannotUnseal."""


class Put(Protocol):
    def __call__(self, body: str, *, group: str, about: str) -> None:
        """In order within the group; the same `about` again within five minutes is nothing. Raises NotQueued."""


@dataclass(frozen=True, slots=True)
class Aside:
    phone_keys: PhoneKeys
    forms: Forms
    put: Put
    clock: Callable[[], datetime]
    count: Callable[[str, int], None]


def set_aside(aside: Aside, inbound: Inbound) -> None:
    """The message, sealed; its order is kept among those of its number. Raises KeySilent or NotQueued."""
    about = aside.phone_keys.lasting("set aside", inbound.message_id)
    sealed = aside.forms.seal(packed(inbound), about=about)
    aside.put(sealed, group=aside.phone_keys.all(inbound.number)[0], about=about)
