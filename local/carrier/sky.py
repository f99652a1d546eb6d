"""The weather of the moment, and whose how-many-th turn it is."""

import threading
from collections import Counter

from local.carrier.faults import Asked, Fault
from local.carrier.weather import Weather

CALM = Weather()


class Sky:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._weather = CALM
        self._turns: Counter[tuple[str, str]] = Counter()

    @property
    def weather(self) -> Weather:
        return self._weather

    def change(self, weather: Weather) -> None:
        """The turns begin anew, so that the same weather set twice does the same twice."""
        with self._lock:
            self._weather = weather
            self._turns.clear()

    def trouble(self, asked: Asked, number: str) -> Fault | None:
        return self._weather.trouble(asked, number, self.turn(asked, number))

    def turn(self, what: str, number: str) -> int:
        """How-many-th of its kind of this number, from 1; 0 while the weather is calm."""
        with self._lock:
            if self._weather.calm:
                return 0
            self._turns[what, number] += 1
            return self._turns[what, number]
