"""What a storm may leave behind in counts, contacts, answers and numbers; the rest of the truths is in truths.py."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator

from handler.tables.responses import ResponseRow
from handler.tables.throttle import ThrottleRow
from tests.chance import seed
from tests.storm.aftermath import Aftermath

NEVER_ARRIVED = ("undelivered", "failed")
CONTACT = ("sent", "delivered", "unknown")


def the_counts_are_the_fold_of_the_invitations(after: Aftermath) -> None:
    fold: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for row in after.invitations:
        columns = fold[row.survey, f"{row.month}#{row.unit}#{row.respondent}"]
        columns["invited"] += row.state in (*CONTACT, "undelivered")
        columns["delivered"] += row.state == "delivered"
        columns["undelivered"] += row.state in NEVER_ARRIVED
        if row.state == "blocked":
            columns[f"blocked_{row.reason.replace('-', '_')}"] += 1
    counted = {(row["survey"], row["month_unit_group"]): row for row in after.plain("counts")}
    wanted = {(place, name): number for place, columns in fold.items() for name, number in columns.items()}
    found = {(place, name): int(counted.get(place, {}).get(name, 0)) for place, name in wanted}
    after.none("columns", ((*of, found[of], "and not", wanted[of]) for of in wanted if found[of] != wanted[of]))


def every_finished_survey_is_counted_once(after: Aftermath) -> None:
    stored = sum(row.outcome == "finished" for row in ResponseRow.scan())
    counted = sum(int(row.get("finished", 0)) for row in after.plain("counts"))
    thanked = len(after.of.known.finished)
    assert stored == counted == thanked, f"{stored=} {counted=} {thanked=} (KUULOLLA_SEED={seed()})"


def the_contact_stands_for_those_whose_opening_left(after: Aftermath) -> None:
    """And for no others. Whose opening did not arrive, and who wrote all the same, may have either."""
    standing = {row.phone_key: row.invitation_id for row in ThrottleRow.scan()}
    after.none("contacts that should be otherwise", _wrong_contacts(after, standing))
    after.none("contacts of nobody", standing.keys() - {after.of.key_of(number) for number in after.of.known.invited})


def _wrong_contacts(after: Aftermath, standing: dict[str, str]) -> Iterator[str]:
    rows = {row.id: row for row in after.invitations}
    for number, invited in after.of.known.invited.items():
        latest = rows[invited[-1]]
        wanted = latest.id if latest.state in CONTACT else None
        either = wanted is None and number in after.of.known.texted
        if standing.get(after.of.key_of(number)) != wanted and not either:
            yield after.story(latest)


def the_carrier_holds_no_answers(after: Aftermath) -> None:
    messages = map(after.of.net.carrier.network.find, after.of.known.answers)
    after.none("answers at the carrier", (one for one in messages if one is not None and (one.recorded or one.body)))


def no_number_is_told_anywhere(after: Aftermath) -> None:
    places = {"the logs": after.logs, "the queue": "\n".join(after.of.known.bodies)}
    places |= {table: repr(rows) for table, rows in after.tables.items()}
    numbers = {person.number.removeprefix("+358") for person in after.of.people}
    told = ((name, found) for name, text in places.items() for found in told_in(text, numbers))
    after.none("places that tell a number", told)


# However it is written: +358 40..., 0035840..., 040..., 40..., with spaces, dots or dashes; not as a part of a hash.
_NUMBER = re.compile(r"(?<![0-9a-fA-F])(?:(?:\+|00)?358|0)?[ .-]?(40[ .-]?(?:[0-9][ .-]?){6}[0-9])(?![0-9a-fA-F])")


def told_in(text: str, numbers: set[str]) -> Iterator[str]:
    """Where the text tells one of the numbers, given without their +358."""
    for found in _NUMBER.finditer(text):
        if re.sub(r"[ .-]", "", found[1]) in numbers:
            yield text[max(found.start() - 60, 0) : found.end() + 60]
