"""The carrier as a whole: one network, and the two ways through it."""

from local.carrier.background import Background
from local.carrier.callbacks import Callbacks
from local.carrier.clock import Clock
from local.carrier.config import CarrierConfig
from local.carrier.counts import Requests
from local.carrier.faults import Faults
from local.carrier.holds import Held, Holds, Parked
from local.carrier.inbound import Inbound, Receipt
from local.carrier.network import Network
from local.carrier.outbound import Outbound
from local.carrier.sky import CALM, Sky
from local.carrier.troubles import Troubles
from local.carrier.webhooks import Webhooks


class Carrier:
    def __init__(self, config: CarrierConfig) -> None:
        self.config = config
        self.clock = Clock()
        self.network = Network(now=self.clock, state_file=config.state_file)
        self.holds = Holds()
        self.faults = Faults()
        self.sky = Sky()
        self.requests = Requests()
        self.troubles = Troubles(self.faults, self.sky, self.requests)
        self._webhooks = Webhooks(config)
        self._background = Background()
        self.callbacks = Callbacks(config, self.network, self.holds, self.sky, self._webhooks, self._background)
        self.outbound = Outbound(config, self.network, self.holds, self.sky, self.callbacks, self._background)
        self.inbound = Inbound(config, self.network, self.holds, self._webhooks, self.outbound, self.troubles)
        self.outbound.resume()

    @property
    def busy(self) -> int:
        """How many deliveries are going on in the background; what is held back does not count."""
        return self._background.busy

    def repeat(self, sid: str) -> Receipt | None:
        """The same inbound message, or the last status callback of an outbound one, once more."""
        message = self.network.find(sid)
        if message is None:
            return None
        self.network.note(message.phone, "Toistettiin.")
        if message.direction == "inbound":
            return self.inbound.hand_over(message)
        if message.callback:
            self.callbacks.post(message)
        return Receipt(sid=sid, status=message.status)

    def release(self, what: Held | None = None, number: str | None = None) -> list[Parked]:
        """Lets go on, one after another and oldest first, what was held back."""
        freed = self.holds.release(what, number)
        self.network.touch()

        def run() -> None:
            for one in freed:
                one.resume()

        self._background.put(run)
        return freed

    def forget(self) -> None:
        self._end_hangs()
        self.holds.release()
        self.faults.clear()
        self.sky.change(CALM)
        self.requests.clear()
        self.network.reset()

    def _end_hangs(self) -> None:
        for one in self.holds.release(Held.ANSWER):
            one.resume()

    def close(self) -> None:
        self._end_hangs()
        self._webhooks.close()
        self._background.close()
