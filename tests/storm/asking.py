"""Asking and answering in a storm: many invite at once, and the phones text back when an opening has come."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

from handler.holidays_fi import is_finnish_holiday
from handler.tables import conversations
from handler.tables.conversations import State
from handler.tables.invitations import read as read_invitation
from handler.work.cancel import cancel
from handler.work.invite import Inviting, invite
from handler.work.opt_out import staff_opt_out
from handler.work.request import Refused
from tests.chance import seed
from tests.handler.looking import invitation_in
from tests.storm.mortal import Died, dice, steps
from tests.storm.parts import StormParts
from tests.storm.people import Before, Person, Way
from tests.world import usual_request

ASKING, ANSWERING = 4, 2  # threads


@dataclass(frozen=True, slots=True)
class Asking:
    of: StormParts
    enqueue: Callable[[Sequence[str]], None]
    left_to_say: dict[str, list[str]] = field(default_factory=dict)

    def ask(self, wave: str, asked: Iterable[Person]) -> None:
        with ThreadPoolExecutor(ASKING) as pool:
            for done in [pool.submit(self._ask, person, wave) for person in asked]:
                done.result()

    def _ask(self, person: Person, wave: str) -> None:
        with self.of.clock.at_work():
            if person.before is Before.REFUSED and person.number not in self.of.known.refused:
                staff_opt_out(self.of.parts, person.number, who="test")
                self.of.known.refused[person.number] = time.monotonic()
            for caller in ("one", "other") if person.twice else ("one",):
                self._invite(person, wave, caller)
        if person.before is Before.STOPS:
            self._text(person.number, "STOP")
        if person.before is Before.CANCELLED:
            self._cancel(person)

    def _invite(self, person: Person, wave: str, caller: str) -> None:
        """Whoever dies while inviting tries again under the same key, as callers do."""
        request = usual_request(
            number=person.number,
            unit=person.unit,
            send_after=self.of.clock() + timedelta(days=1) if person.tomorrow else None,
            caller=caller,
            idempotency_key=f"{wave} {person.number[-4:]}",
        )
        inviting = Inviting(self.of.parts, self.of.deliverer.delivery.sealing, is_finnish_holiday, self.enqueue)
        rng = dice(seed(), "inviting", wave, person.number, caller)
        while True:
            try:
                with self.of.mortal.life("inviting", steps(rng, chance=0.05, most=25)):
                    accepted = invite(inviting, request)
            except Died:
                continue
            except Refused:
                return
            self.of.known.invited.setdefault(person.number, []).append(accepted.id)
            self.left_to_say[person.number] = list(person.says)
            return

    def _cancel(self, person: Person) -> None:
        for invitation_id in self.of.known.invited.get(person.number, []):
            invitation = read_invitation(invitation_id)
            if invitation is not None:
                cancel(self.of.parts, invitation)

    def _answer(self, stopping: threading.Event, mine: Sequence[Person], rng: Random) -> None:
        """Until it is stopped: whose opening has come texts what they have to say, now and then."""
        while not stopping.wait(0.1):
            for person in mine:
                if person.way is Way.HANGS and person.number not in self.of.known.refused:
                    held = conversations.read(self.of.key_of(person.number))
                    if held is not None and held.state is State.SENDING:
                        self._text(person.number, "STOP", answers=True)
                elif self.left_to_say.get(person.number) and rng.random() < 0.3 and self._opened(person.number):
                    with self.of.clock.at_work():
                        self._text(person.number, self.left_to_say[person.number].pop(0), answers=True)

    def _opened(self, number: str) -> bool:
        """Whether the phone has the latest invitation's opening."""
        latest = self.of.known.invited[number][-1]
        return any(
            message.status == "delivered" and latest == invitation_in(message.callback or "")
            for message in self.of.net.carrier.network.messages(number)
        )

    def _text(self, number: str, body: str, *, answers: bool = False) -> None:
        """A text from the phone, again and again until the app has taken it; now and then once too often."""
        rng = dice(seed(), "texting", number, len(self.of.known.texted.get(number, ())))
        receipt = self.of.net.carrier.inbound.receive(number, body)
        while receipt.status != "received" or rng.random() < 0.05:
            again = self.of.net.carrier.repeat(receipt.sid)
            assert again is not None
            receipt = again
        self.of.known.texted.setdefault(number, []).append(receipt.sid)
        if answers:
            self.of.known.answers.add(receipt.sid)
        if body == "STOP":
            self.of.known.refused.setdefault(number, time.monotonic())
        if receipt.answer is not None and "Kiitos vastauksistasi" in receipt.answer.body:
            self.of.known.finished.append((number, time.monotonic()))

    @contextmanager
    def answered(self) -> Iterator[None]:
        """While it lasts, the phones answer."""
        stopping = threading.Event()
        with ThreadPoolExecutor(ANSWERING) as pool:
            done = [
                pool.submit(self._answer, stopping, self.of.people[n::ANSWERING], dice(seed(), "phones", n))
                for n in range(ANSWERING)
            ]
            try:
                yield
            finally:
                stopping.set()
            for one in done:
                one.result()
