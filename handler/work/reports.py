"""Reports that come by themselves: which are due on a day, and that each is sent once.

The schedule comes once a day, may come twice, and two of its rounds may run at once. So a report is claimed before it
is sent, by a mark that stands for a lease, and once SES has taken it the mark is prolonged past the time in which the
report is due. A send that failed, or a process that died after the claim, leaves a mark whose lease ends, and a later
round sends the report. A process that dies after SES has taken the mail and before the mark is prolonged has it sent a
second time: rather twice than never, since reports that are left undone are what these are against.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from handler.outside.mail import Mail, Post
from handler.tables import limits
from handler.work.parts import Parts
from handler.work.report_facts import monthly_facts, quarter_facts
from handler.work.report_mail import monthly_mail, quarterly_mail, speech
from survey_flow.language import Language
from survey_flow.organisation import Organisation, Unit
from survey_flow.publication import SHOWN_FROM, month_after, month_of
from survey_flow.report import monthly
from survey_flow.report_quarter import quarter_before, quarterly

# Longer than the claim, the send and the mark at their slowest (a test adds them up), and shorter than the time until
# AWS tries a failed round again.
LEASE = timedelta(seconds=60)
# A report is due until its month ends; its mark outlasts that by far.
SENT = timedelta(days=100)
QUARTERLY_MONTHS = (1, 4, 7, 10)


@dataclass(frozen=True, slots=True)
class Reporting:
    """What sending reports needs. `public_url` is where the link in a mail leads."""

    parts: Parts
    post: Post
    public_url: str


@dataclass(frozen=True, slots=True)
class Due:
    """A report that is to be sent unless it was: the mark that it is claimed by, and how its mail is made."""

    mark: str
    make: Callable[[], Mail]


def send_due(reporting: Reporting) -> None:
    """Sends what is due. What fails keeps no other report waiting; the first such fault is raised at the end."""
    failures: list[Exception] = []
    for due in due_reports(reporting):
        try:
            _send_once(reporting, due)
        except Exception as failure:
            failures.append(failure)
    if failures:
        raise failures[0]


def due_reports(reporting: Reporting) -> Iterator[Due]:
    """From the day on which the last month's figures may be shown: each unit's, and after a quarter the whole's."""
    today, organisation = reporting.parts.today(), reporting.parts.library.organisation
    if today.day < SHOWN_FROM or not organisation.reports_from:
        return
    month, parts, url = month_after(month_of(today), -1), reporting.parts, reporting.public_url
    for unit in organisation.units.values():
        if unit.reports_to:
            yield Due(f"report#{unit.id}#{month}", partial(unit_report, parts, unit, url))
    if today.month in QUARTERLY_MONTHS and organisation.reports_to:
        yield Due(f"report##{month}", partial(organisation_report, parts, url))


def unit_report(parts: Parts, unit: Unit, public_url: str) -> Mail:
    """The unit's report on the month before this one, in the first of its languages."""
    language = unit.languages[0]
    facts = monthly_facts(parts, unit, language)
    return monthly_mail(
        parts,
        monthly(speech(language), facts, language),
        unit,
        language,
        report_id=f"report-{unit.id}-{facts.month}",
        public_url=public_url,
    )


def organisation_report(parts: Parts, public_url: str) -> Mail:
    """The organisation's report on the quarter before this one."""
    language = language_of(parts.library.organisation)
    months = quarter_before(month_of(parts.today()))
    return quarterly_mail(
        parts,
        quarterly(speech(language), quarter_facts(parts, months, language)),
        language,
        report_id=f"report-quarter-{months[-1]}",
        public_url=public_url,
    )


def language_of(organisation: Organisation) -> Language:
    """That of its first unit: the organisation's file names none for the whole."""
    first = next(iter(organisation.units.values()))
    return first.languages[0]


def _send_once(reporting: Reporting, due: Due) -> None:
    """Made before the claim: a fault in the making leaves the report free for the next round."""
    clock = reporting.parts.clock
    if limits.stands(due.mark, now=clock()) is not None:
        return
    mail = due.make()
    if not limits.once(due.mark, now=clock(), window=LEASE):
        return
    reporting.post.send(mail)
    limits.mark(due.mark, now=clock(), window=SENT)
