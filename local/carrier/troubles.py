"""Whether what is asked now goes wrong: a single fault that was asked for, or else the weather."""

from dataclasses import dataclass

from local.carrier.counts import Requests
from local.carrier.faults import Asked, Fault, Faults
from local.carrier.sky import Sky


@dataclass(frozen=True)
class Troubles:
    faults: Faults
    sky: Sky
    requests: Requests

    def meet(self, asked: Asked, number: str) -> Fault | None:
        """Counts the request, and the fault that it meets."""
        self.requests.ask(asked)
        # Both are asked, so that a fault does not move the turns of the weather.
        weather = self.sky.trouble(asked, number)
        fault = self.faults.take(asked, number) or weather
        if fault is not None:
            self.requests.meet(fault)
        return fault
