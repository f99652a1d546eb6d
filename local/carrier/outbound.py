"""From the application to a phone: a message leaves, arrives or does not, and its status is called back."""

import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from local.carrier.background import Background
from local.carrier.callbacks import Callbacks
from local.carrier.config import CarrierConfig
from local.carrier.holds import Held, Holds
from local.carrier.messages import Direction, Message
from local.carrier.network import Network
from local.carrier.numbers import e164
from local.carrier.sky import Sky

MAX_BODY = 1600


@dataclass(frozen=True, kw_only=True)
class Order:
    """A message to be sent."""

    to: str
    body: str
    service: str | None = None
    callback: str | None = None
    validity: timedelta | None = None


@dataclass(frozen=True)
class Outbound:
    config: CarrierConfig
    network: Network
    holds: Holds
    sky: Sky
    callbacks: Callbacks
    background: Background

    def accept(self, order: Order) -> Message:
        """Takes the message in; it leaves with `dispatch`."""
        return self.network.add(self._message(order, "outbound-api", "accepted" if order.service else "queued"))

    def dispatch(self, sid: str, *, after: Callable[[], object] = lambda: None) -> threading.Event:
        """Sends in the background, once `after` has returned; the event is set when all that can be done is done."""
        done = threading.Event()

        def run() -> None:
            try:
                after()
                self._deliver(sid)
            finally:
                done.set()

        self.background.put(run)
        return done

    def cancel(self, sid: str) -> Message | None:
        """None if it is too late."""
        return self.network.change(sid, unless=lambda message: not message.on_the_way, status="canceled")

    def reply(self, order: Order) -> Message:
        """What TwiML asks for: refused only now, as a message that failed."""
        message = self._message(order, "outbound-reply", "queued")
        code = self._refusal(order)
        if code is not None:
            self.network.note(order.to, "Sovelluksen vastaus ei lähtenyt.", code)
            return self.network.add(replace(message, status="failed", error_code=code))
        self.network.add(message)
        self._deliver(message.sid)
        return self.network.find(message.sid) or message

    def own_answer(self, number: str, body: str) -> Message:
        """The carrier's own words. They reach every phone, and Twilio keeps no record of them."""
        message = self._message(Order(to=number, body=body), "outbound-reply", "delivered")
        return self.network.add(replace(message, recorded=False, carrier_own=True))

    def resume(self) -> None:
        """Goes on with what was under way when the carrier was stopped."""
        for message in self.network.messages():
            if message.on_the_way:
                self.background.put(partial(self._leave, message.sid))
            elif message.direction != "inbound" and message.status == "sent":
                self.background.put(partial(self._arrive, message))

    def _message(self, order: Order, direction: Direction, status: str) -> Message:
        now = self.network.now()
        return Message(
            sid=f"SM{uuid.uuid4().hex}",
            direction=direction,
            sender=self.config.sender,
            to=order.to,
            text=order.body,
            body=order.body,
            status=status,
            created=now,
            updated=now,
            valid_until=now + order.validity if order.validity else None,
            service=order.service,
            callback=order.callback,
            turn=self.sky.turn("message", order.to),
        )

    def _refusal(self, order: Order) -> int | None:
        if e164(order.to) is None:
            return 21211
        if self.network.phone(order.to).opted_out:
            return 21610
        if not order.body:
            return 14103
        return 21617 if len(order.body) > MAX_BODY else None

    def _deliver(self, sid: str) -> None:
        message = self._step(sid, "queued")
        if message is None:
            return
        self._tell(message)
        if self.holds.park(Held.OUTBOUND, message.to, sid, partial(self._leave, sid)):
            self.network.touch()
        else:
            self._leave(sid)

    def _leave(self, sid: str) -> None:
        message, now = self.network.find(sid), self.network.now()
        if message is None:
            return
        if message.valid_until is not None and now > message.valid_until:
            self._tell(self._step(sid, "failed", error_code=30036))
            self.network.note(message.to, "Viesti vanheni ennen kuin se ehti lähteä.", 30036)
        elif left := self._step(sid, "sent", sent=now):
            self._go_on(left)

    def _go_on(self, left: Message) -> None:
        """Two callbacks, in the weather's order."""
        if self.sky.weather.reorders(left.to, left.turn):
            self._arrive(left)
            self._tell(left)
        else:
            self._tell(left)
            self._arrive(left)

    def _arrive(self, message: Message) -> None:
        code = self._obstacle(message)
        self._tell(self._step(message.sid, "delivered" if code is None else "undelivered", error_code=code))

    def _obstacle(self, message: Message) -> int | None:
        """Twilio's error code of what keeps the message from the phone; what the phone is comes before the weather."""
        phone = self.network.phone(message.to)
        if phone.kind == "landline":
            return 30006
        if not phone.reachable:
            return phone.unreachable_code
        return self.sky.weather.undelivered(message.to, message.turn)

    def _step(
        self, sid: str, status: str, *, sent: datetime | None = None, error_code: int | None = None
    ) -> Message | None:
        """The message in its new state; None if it was cancelled or forgotten meanwhile."""
        changes: dict[str, object] = {"status": status, "error_code": error_code}
        if sent is not None:
            changes["sent"] = sent
        return self.network.change(sid, unless=lambda m: m.status == "canceled", **changes)

    def _tell(self, message: Message | None) -> None:
        if message is not None:
            self.callbacks.tell(message)
