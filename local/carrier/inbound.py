"""From a phone to the application: the webhook, what its answer asks to be sent, and STOP, START and HELP."""

import uuid
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial

from local.carrier.config import CarrierConfig, OptOutMode
from local.carrier.faults import Asked, Fault
from local.carrier.forms import inbound_form
from local.carrier.holds import Held, Holds
from local.carrier.messages import Message
from local.carrier.network import Network
from local.carrier.opt_outs import ENGLISH, OptOut, OptOutWords
from local.carrier.outbound import Order, Outbound
from local.carrier.troubles import Troubles
from local.carrier.twiml import TwimlProblem, replies_in
from local.carrier.webhooks import Answer, WebhookFailed, Webhooks

_NOT_ANSWERED = 11200


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What became of an inbound message: how the application answered, and what was sent because of it."""

    sid: str
    status: str
    replies: list[Message] = field(default_factory=list)
    carrier_replies: list[Message] = field(default_factory=list)
    answer: Answer | None = None
    error_code: int | None = None


@dataclass(frozen=True)
class Inbound:
    config: CarrierConfig
    network: Network
    holds: Holds
    webhooks: Webhooks
    outbound: Outbound
    troubles: Troubles

    def receive(
        self, number: str, body: str, *, num_media: int = 0, sender: str | None = None, sid: str | None = None
    ) -> Receipt:
        """An inbound message; a `sid` seen before is delivered again with what it held the first time."""
        known = self.network.find(sid) if sid else None
        if known is not None:
            return self.hand_over(known)
        word = self._opt_out_word(body)
        message = self.network.add(self._message(sender or number, body, num_media, sid, word))
        own = self._obey(word, message.sender)
        if self.holds.park(Held.INBOUND, message.sender, message.sid, partial(self.hand_over, message)):
            self.network.touch()
            return Receipt(sid=message.sid, status="held", carrier_replies=own)
        return replace(self.hand_over(message), carrier_replies=own)

    def hand_over(self, message: Message) -> Receipt:
        """Posts the webhook, and when that has failed the fallback; sends what is answered."""
        url, form = f"{self.config.public}/sms/inbound", inbound_form(message, self.config)
        fault = self.troubles.meet(Asked.INBOUND, message.sender)
        receipt = self._ask(message, url, form) if fault is None else self._lose(message, fault, url, form)
        if receipt.status == "received" or self.config.fallback_url is None:
            return receipt
        failed = {"ErrorCode": str(receipt.error_code), "ErrorUrl": url}
        return self._ask(message, self.config.fallback_url, {**form, **failed})

    def _lose(self, message: Message, fault: Fault, url: str, form: Mapping[str, str]) -> Receipt:
        """A webhook that is not answered; the application may have heard it all the same."""
        if fault.accepted:
            with suppress(WebhookFailed):
                self.webhooks.post(url, form)
        self.network.note(message.sender, "Sovellus ei vastannut, niin kuin pyydettiin.", _NOT_ANSWERED)
        return Receipt(sid=message.sid, status="failed", error_code=_NOT_ANSWERED)

    def _ask(self, message: Message, url: str, form: Mapping[str, str]) -> Receipt:
        try:
            answer = self.webhooks.post(url, form)
        except WebhookFailed as failure:
            self.network.note(message.sender, str(failure), _NOT_ANSWERED)
            return Receipt(sid=message.sid, status="failed", error_code=_NOT_ANSWERED)
        try:
            wanted = replies_in(answer)
        except TwimlProblem as problem:
            self.network.note(message.sender, problem.text, problem.code)
            return Receipt(sid=message.sid, status="failed", answer=answer, error_code=problem.code)
        replies = [
            self.outbound.reply(
                Order(to=reply.to or message.sender, body=reply.body, service=message.service, callback=reply.callback)
            )
            for reply in wanted
        ]
        return Receipt(sid=message.sid, status="received", answer=answer, replies=replies)

    def _message(self, sender: str, body: str, num_media: int, sid: str | None, word: OptOut | None) -> Message:
        now = self.network.now()
        return Message(
            sid=sid or f"{'MM' if num_media else 'SM'}{uuid.uuid4().hex}",
            direction="inbound",
            sender=sender,
            to=self.config.sender,
            text=body,
            body=body,
            status="received",
            created=now,
            updated=now,
            sent=now,
            num_media=num_media,
            service=self.config.service,
            opt_out=word if self.config.opt_out is OptOutMode.ADVANCED else None,
        )

    def _opt_out_word(self, body: str) -> OptOut | None:
        return None if self.config.opt_out is OptOutMode.OFF else self._words.read(body)

    def _obey(self, word: OptOut | None, number: str) -> list[Message]:
        """Blocks or lifts, and answers by itself; a blocked number is answered only when it opts in."""
        if word is None:
            return []
        blocked = self.network.phone(number).opted_out
        if word is not OptOut.HELP:
            self.network.set_phone(number, opted_out=word is OptOut.STOP)
        if blocked and word is not OptOut.START:
            return []
        return [self.outbound.own_answer(number, self._words.answers[word])]

    @property
    def _words(self) -> OptOutWords:
        return self.config.advanced_words if self.config.opt_out is OptOutMode.ADVANCED else ENGLISH
