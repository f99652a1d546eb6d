"""How a report says numbers, days and months, by the words of its language (templates/mail/)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

Words = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Speech:
    """The words of one language, filled in. Months are written "2026-11"."""

    words: Words

    def say(self, key: str, **values: object) -> str:
        return self.words[key].format(**values)

    def day(self, day: date) -> str:
        return self.say("day", day=day.day, month=day.month, name=self._name(day.month), year=day.year)

    def day_of_this_year(self, day: date) -> str:
        return self.say("day_of_this_year", day=day.day, month=day.month, name=self._name(day.month))

    def in_month(self, month: str) -> str:
        return self.say("in_month", name=self._name(int(month[5:])))

    def months(self, months: Sequence[str]) -> str:
        """The months from the first to the last: "lokakuu 2026", "syys–lokakuu 2026"."""
        first, last = months[0], months[-1]
        names = {"first": self._name(int(first[5:])), "last": self._name(int(last[5:]))}
        if first == last:
            return self.say("one_month", name=names["first"], year=first[:4])
        if first[:4] == last[:4]:
            return self.say("months", **names, year=first[:4])
        return self.say("months_of_two_years", **names, first_year=first[:4], last_year=last[:4])

    def whole(self, number: float) -> str:
        return str(round(number)).replace("-", "−")

    def signed(self, number: float) -> str:
        return f"+{round(number)}" if round(number) > 0 else self.whole(number)

    def tenths(self, number: float) -> str:
        return f"{number:.1f}".replace(".", self.words["decimal_mark"])

    def percent(self, part: float, of: float = 100) -> str:
        return self.say("percent", n=self.whole(100 * part / of))

    def _name(self, month: int) -> str:
        return self.words[f"month_{month}"]
