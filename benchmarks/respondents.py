"""People whose opening has left, by the use cases themselves, for the benchmarks to answer for."""

import itertools
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from benchmarks.rounds import Clock, NoCarrier, PlainSealing, request_of
from handler.settings import Settings
from handler.start import make_parts
from handler.templates import checked_library
from handler.work.deliver import deliver
from handler.work.delivery import Delivery
from handler.work.invite import Inviting, invite
from handler.work.parts import Clock as AnyClock
from handler.work.parts import Parts, count_nothing
from survey_flow.phone import PhoneNumber

# Nobody is asked twice, whatever is measured over one engine.
_NUMBERS = itertools.count(1)
# Calls to the engine are waited for side by side.
_AT_ONCE = 8


@dataclass(slots=True)
class Respondents:
    """Invites and sends without KMS, a queue or a carrier: what they take is not measured here."""

    parts: Parts
    delivery: Delivery

    def opened(self, count: int) -> list[PhoneNumber]:
        """So many new people, each with an opening on the phone."""
        numbers = [PhoneNumber(f"+35840{next(_NUMBERS):07d}") for _ in range(count)]
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            list(pool.map(self._open, numbers))
        return numbers

    def _open(self, number: PhoneNumber) -> None:
        queued: list[str] = []

        def enqueue(keys: Sequence[str]) -> None:
            queued.extend(keys)

        invite(Inviting(self.parts, self.delivery.sealing, self.delivery.is_holiday, enqueue), request_of(number))
        for key in queued:
            deliver(self.delivery, key)


def respondents(settings: Settings, clock: AnyClock | None = None, sealing: PlainSealing | None = None) -> Respondents:
    """Over the shipped surveys, without a daily ceiling."""
    library = checked_library()
    library = replace(library, organisation=replace(library.organisation, daily_ceiling=None))
    parts = replace(make_parts(settings, clock=clock or Clock(), library=library), count=count_nothing)
    delivery = Delivery(
        parts, sealing or PlainSealing(), NoCarrier(), lambda _: False, "https://x.example", lambda: 0.0
    )
    return Respondents(parts, delivery)
