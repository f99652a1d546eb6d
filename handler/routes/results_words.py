"""Figures, months and changes as people read them aloud, in one language. Pure: texts in, sentences out."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup, escape

from survey_flow.statistics import Interval

# "−37…+45", "28–80": a browser may break the line after the sign in the middle.
_SPAN = re.compile(r"[−+]?\d[\d.,]*[…–][−+]?\d[\d.,]*\d|[−+]?\d[\d.,]*[…–][−+]?\d")


@dataclass(frozen=True, slots=True)
class ResultsWords:
    texts: Mapping[str, str]

    def say(self, name: str, **values: object) -> str:
        return self.texts[f"results_{name}"].format(**values)

    def months(self, months: Sequence[str]) -> str:
        """A title: "Syys–marraskuu 2026". The first and the last month are enough."""
        return capital(self._of("", months))

    def named(self, months: Sequence[str]) -> str:
        """Within a sentence: "syys–marraskuu 2026"."""
        return self._of("", months)

    def during(self, months: Sequence[str]) -> str:
        """A sentence's beginning: "Syys–marraskuussa 2026", "Joulukuusta 2026 helmikuuhun 2027"."""
        return capital(self._of("during_", months))

    def day(self, day: date) -> str:
        month_name = self.texts[f"month_{day.month}"]
        written = self.texts["date_form"].format(day=day.day, month=day.month, month_name=month_name, year=day.year)
        return written.replace(" ", "\u00a0")

    def number(self, value: float, decimals: int = 0) -> str:
        """Rounded, with a minus sign proper: "−5", "4,2"."""
        written = f"{_rounded(value, decimals):.{decimals}f}"
        return written.replace("-", "−").replace(".", self.texts["decimal_mark"])

    def signed(self, value: float, decimals: int = 0) -> str:
        """A change: "+12", "−0,3", "0"."""
        return f"{'+' if _rounded(value, decimals) > 0 else ''}{self.number(value, decimals)}"

    def percent(self, value: float) -> str:
        return self.texts["percent"].format(n=self.number(value)).replace(" ", "\u00a0")

    def span(self, interval: Interval, decimals: int = 0) -> str:
        """Between what and what: "28–80", and with a minus in it "−12…45", which a dash would blur."""
        low, high = self.number(interval.low, decimals), self.number(interval.high, decimals)
        return f"{low}{'…' if '−' in low + high else '–'}{high}"

    def signed_span(self, interval: Interval, decimals: int = 0) -> str:
        return f"{self.signed(interval.low, decimals)}…{self.signed(interval.high, decimals)}"

    def probably(self, interval: Interval | None, decimals: int = 0) -> str:
        """ ", todennäköisesti 28–80", or nothing."""
        return self.say("probably", span=self.span(interval, decimals)) if interval else ""

    def change(self, than: str, what: str, change: Interval, decimals: int = 0) -> str:
        """How a figure (`what`: index, mean) has moved, and whether chance alone would explain it."""
        way = moved(change, decimals)
        sentence = self.say(
            f"{what}_{way}",
            than=than,
            size=self.number(abs(change.value), decimals),
            span=self.signed_span(change, decimals),
        )
        return sentence if way == "same" else f"{sentence} {self.say('chance' if change.holds_zero else 'no_chance')}"

    def brief_change(self, change: Interval) -> str:
        """The same of a statement's mean, in a few words."""
        way = moved(change, 1)
        if way == "same" or not change.holds_zero:
            return self.say(f"change_{way}", size=self.number(abs(change.value), 1))
        return self.say("change_chance", size=self.signed(change.value, 1))

    def _of(self, form: str, months: Sequence[str]) -> str:
        first, last = months[0], months[-1]
        length = "month" if first == last else "months" if first[:4] == last[:4] else "years"
        return self.say(
            f"{form}{length}",
            first=self._month(first),
            last=self._month(last),
            first_year=first[:4],
            last_year=last[:4],
        )

    def _month(self, month: str) -> str:
        return self.texts[f"month_{int(month[5:])}"]


def capital(words: str) -> str:
    """The first letter a capital, the rest as it stands."""
    return words[:1].upper() + words[1:]


def unbroken(sentences: Iterable[str]) -> Markup:
    """Sentences in one paragraph, each interval kept on one line."""
    found = [_SPAN.sub(r'<span class="unbroken">\g<0></span>', str(escape(sentence))) for sentence in sentences]
    return Markup(" ".join(found))  # noqa: S704 escaped before the spans were put in


def moved(change: Interval, decimals: int = 0) -> str:
    """up, down, or same when the rounded figures would show no change."""
    rounded = _rounded(change.value, decimals)
    return "up" if rounded > 0 else "down" if rounded < 0 else "same"


def short_months(months: Sequence[str]) -> tuple[str, ...]:
    """Under a chart's point, a line each: "9/26", and for a longer cell "6/26" and "–8/26".

    >>> short_months(("2026-06", "2026-08"))
    ('6/26', '–8/26')
    """
    first, last = (f"{int(month[5:])}/{month[2:4]}" for month in (months[0], months[-1]))
    return (first,) if first == last else (first, f"–{last}")


def _rounded(value: float, decimals: int) -> float:
    """Rounded to so many decimals; never a zero with a minus."""
    return round(float(value), decimals) + 0.0
