"""What the tests of the reports begin with: a post that writes down, and months of counts."""

from dataclasses import dataclass, field

from handler.outside.mail import Mail
from handler.tables import counts
from handler.tables.responses import Place
from handler.work import reports
from handler.work.reports import Reporting
from tests.roles import acting_as
from tests.world import World

URL = "https://kuulolla.example"
YOUTH = ("kotka", "nuorten-matala-nuori", "youth")


@dataclass(slots=True)
class RecordingPost:
    """Keeps the mails that it took; `faults` are raised first, one a mail."""

    sent: list[Mail] = field(default_factory=list)
    faults: list[Exception | None] = field(default_factory=list)

    def send(self, mail: Mail) -> None:
        fault = self.faults.pop(0) if self.faults else None
        if fault is not None:
            raise fault
        self.sent.append(mail)

    @property
    def ids(self) -> list[str]:
        return [mail.id for mail in self.sent]

    def to(self, report_id: str) -> Mail:
        (mail,) = (mail for mail in self.sent if mail.id == report_id)
        return mail


def reporting(world: World, post: RecordingPost) -> Reporting:
    return Reporting(world.parts, post, URL)


def answered(month: str, n: int, *, place: tuple[str, str, str] = YOUTH, **columns: int) -> None:
    """A month in which n gave the best score; three times as many were asked."""
    unit, survey, respondent = place
    counts.add_alone(Place(unit, survey, respondent, month), {"finished": n, "nps_10": n, "invited": 3 * n, **columns})


def send_due(reporting: Reporting) -> None:
    """What is due, sent with the role that the function has."""
    with acting_as("report"):
        reports.send_due(reporting)
