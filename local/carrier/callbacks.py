"""Status callbacks: posted at once, or held back, lost, repeated or late."""

from dataclasses import dataclass
from functools import partial

from local.carrier.background import Background
from local.carrier.config import CarrierConfig
from local.carrier.forms import status_form
from local.carrier.holds import Held, Holds
from local.carrier.messages import Message
from local.carrier.network import Network
from local.carrier.sky import Sky
from local.carrier.webhooks import WebhookFailed, Webhooks


@dataclass(frozen=True)
class Callbacks:
    config: CarrierConfig
    network: Network
    holds: Holds
    sky: Sky
    webhooks: Webhooks
    background: Background

    def tell(self, message: Message) -> None:
        """Posts the status that the message has, or what becomes of that."""
        if not message.callback:
            return
        if self.holds.park(Held.STATUS, message.to, message.sid, partial(self.post, message)):
            self.network.touch()
            return
        fate = self.sky.weather.callback(message.to, message.turn, message.status)
        if fate.delay:
            self._later(message, fate.times, fate.delay)
        else:
            self._post_times(message, fate.times)

    def post(self, message: Message) -> None:
        try:
            self.webhooks.post(message.callback or "", status_form(message, self.config))
        except WebhookFailed as failure:
            self.network.note(message.phone, f"Tilatieto {message.status} ei mennyt perille. {failure}", 11200)

    def _post_times(self, message: Message, times: int) -> None:
        for _ in range(times):
            self.post(message)

    def _later(self, message: Message, times: int, seconds: float) -> None:
        """Held back until the time has passed or somebody releases it, whichever is first."""
        parked = self.holds.keep(Held.STATUS, message.to, message.sid, partial(self._post_times, message, times))

        def due() -> None:
            if self.holds.take(parked):
                parked.resume()

        self.background.later(seconds, due)
