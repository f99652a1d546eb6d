"""Who is asked where, by which survey, and between which hours: as the shipped organisation.toml says, written anew."""

from dataclasses import dataclass
from datetime import datetime

from survey_flow.helsinki import local

CLOSES = 19
# Months in which the windows of Varkaus are open: each of its two windows is two whole months.
WINDOWS = (4, 5, 10, 11)


@dataclass(frozen=True, slots=True)
class Place:
    unit: str
    respondent: str
    survey: str
    opens: int = 9
    windows: tuple[int, ...] = ()

    def __repr__(self) -> str:
        return f"{self.unit}/{self.respondent}"

    def may_ring(self, moment: datetime) -> bool:
        """Whether a phone may ring then. No day of the model is a holiday."""
        here = local(moment)
        return here.weekday() < 5 and self.opens <= here.hour < CLOSES

    def may_open(self, moment: datetime) -> bool:
        return self.may_ring(moment) and (not self.windows or local(moment).month in self.windows)


PLACES = (
    Place("kotka", "youth", "nuorten-matala-nuori", opens=14),
    Place("kotka", "guardian", "nuorten-matala-huoltaja"),
    Place("kouvola", "youth", "nuorten-matala-nuori", opens=14),
    Place("varkaus", "client", "palvelumittari", windows=WINDOWS),
    Place("nemova", "guardian", "vaikuttavuus-asiakas"),
    Place("nemova", "professional", "vaikuttavuus-sosiaalityontekija"),
)
