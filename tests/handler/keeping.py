"""Messages that wait for their rescue, without KMS and without a queue; and the rescue over the world's tables."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from handler import jobs
from handler.outside.sealed_forms import CannotUnseal
from handler.work.inbound import Inbound, packed
from handler.work.rescue import Rescuing, rescue
from survey_flow.phone import PhoneNumber
from tests.roles import acting_as
from tests.world import PHONE, World

PUBLIC_URL = "https://kuulolla.example"
# Longer than Twilio tries webhook and fallback: what was kept so long after a question was surely written after it.
LATER = timedelta(minutes=5)


class OpenForms:
    """Seals nothing, but holds to the rule that what was not sealed by us cannot be unsealed."""

    def seal(self, plain: bytes, *, about: str) -> str:
        return json.dumps({"about": about, "plain": plain.decode()})

    def unseal(self, sealed: str) -> bytes:
        try:
            return str(json.loads(sealed)["plain"]).encode()
        except ValueError:
            raise CannotUnseal("unreadable") from None


def rescuing_of(world: World) -> Rescuing:
    return Rescuing(world.parts, forms=OpenForms(), carrier=world.delivery.carrier, public_url=PUBLIC_URL)


def rescue_batch(rescuing: Rescuing, event: Mapping[str, Any]) -> dict[str, Any]:
    """The function's work, within the function's role."""
    with acting_as("rescue"):
        return jobs.rescue_batch(rescuing, event)


@dataclass(slots=True)
class Kept:
    """The messages of one world that the fallback has taken. Each comes five minutes after whatever was before it."""

    world: World
    messages: int = 0

    def keep(
        self,
        body: str,
        *,
        number: PhoneNumber = PHONE,
        message_id: str | None = None,
        opt_out: str = "",
        after: timedelta = LATER,
    ) -> str:
        """The item, kept `after` so long since what was done last."""
        self.messages += 1
        self.world.clock.now += after
        inbound = Inbound(message_id or f"SMkept{self.messages}", number, body, opt_out, self.world.clock.now)
        return OpenForms().seal(packed(inbound), about="about")

    def rescue(self, item: str) -> list[str]:
        """What is sent because of it."""
        before = len(self.world.carrier.sent)
        with acting_as("rescue"):
            rescue(rescuing_of(self.world), item)
        return [message.text for message in self.world.carrier.sent[before:]]

    def text_late(self, body: str, *, number: PhoneNumber = PHONE, opt_out: str = "") -> list[str]:
        """Kept, and rescued an hour later."""
        item = self.keep(body, number=number, opt_out=opt_out)
        self.world.clock.forward(hours=1)
        return self.rescue(item)
