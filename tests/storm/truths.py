"""What must be true after a storm, whatever failed in it: each a function that fails with what is otherwise."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from itertools import pairwise

from handler.tables.conversations import ConversationRow, State
from handler.tables.invitations import InvitationRow
from handler.tables.responses import ResponseRow
from handler.tables.throttle import ThrottleRow
from handler.work.settle import LOOKS
from local.carrier.messages import Message
from survey_flow.contact_policy import allowed_from
from survey_flow.helsinki import day_of
from tests.storm.aftermath import Aftermath
from tests.storm.parts import seed

NEVER_TAKEN = ("failed", "cancelled", "expired", "blocked")
NEVER_ARRIVED = ("undelivered", "failed")
CONTACT = ("sent", "delivered", "unknown")
ENDED = {*NEVER_TAKEN, *NEVER_ARRIVED, *CONTACT}
FINAL = {"delivered", "undelivered", "failed"}


def no_item_and_no_round_fails(after: Aftermath) -> None:
    after.none("failures", after.of.known.failures)
    after.none("items that failed", re.findall(r".*an item of the queue failed.*", after.logs))


def nothing_is_owed(after: Aftermath) -> None:
    after.none("deletions owed", after.tables["deletions"])
    after.none("rows with something due", (row for row in after.tables["conversations"] if "due" in row))
    assert after.waiting == 0


def no_conversation_is_open(after: Aftermath) -> None:
    rows = list(ConversationRow.scan())
    after.none("conversations that are open", (row.attribute_values for row in rows if row.state != State.CLOSED))
    after.none("sealed numbers", (row.phone_key for row in rows if row.sealed_number is not None))


def every_invitation_has_ended(after: Aftermath) -> None:
    going_on = (row for row in after.invitations if row.state not in ENDED)
    after.none("invitations that have not ended", map(after.story, going_on))


def nobody_is_left_at_sent_whose_end_was_told(after: Aftermath) -> None:
    told = after.of.front.told
    left = (row for row in after.invitations if row.state == "sent" and told.get(row.id, set()) & FINAL)
    after.none("sent, though the end was told", map(after.story, left))


def unknown_means_that_nobody_could_be_asked(after: Aftermath) -> None:
    """Or that the number has written, which settles its conversation."""

    def could_be_asked(number: str) -> bool:
        return after.of.door.listed[number] >= LOOKS and number not in after.of.known.texted

    unknown = (row for row in after.invitations if row.state == "unknown" and could_be_asked(after.number_of[row.id]))
    after.none("unknown, though the carrier could be asked", map(after.story, unknown))


def an_invitation_tells_what_became_of_its_opening(after: Aftermath) -> None:
    wrong = (row for row in after.invitations if not _is_true(row, after.statuses(row.id)))
    after.none("invitations that tell otherwise than the carrier", map(after.story, wrong))


def _is_true(row: InvitationRow, statuses: list[str]) -> bool:
    if row.state in NEVER_TAKEN:
        return statuses == [] or (row.state == "failed" and statuses == ["failed"])
    if row.state in ("delivered", "undelivered"):
        return statuses == [row.state]
    return len(statuses) == 1 if row.state == "sent" else len(statuses) <= 1


def no_opening_leaves_twice(after: Aftermath) -> None:
    after.none("invitations sent twice", (one for one, messages in after.taken.items() if len(messages) > 1))


def nobody_is_asked_twice_within_three_months(after: Aftermath) -> None:
    """By what the carrier took in and did not fail to deliver, whatever the invitation; told by the opening's text."""
    texts = {message.text for messages in after.taken.values() for message in messages}
    openings = defaultdict(list)
    for message in after.of.net.carrier.network.messages():
        if message.text in texts and message.status not in NEVER_ARRIVED:
            openings[message.to].append(message)
    after.none("numbers asked twice within three months", _too_soon(openings))


def nobody_is_reminded_twice(after: Aftermath) -> None:
    after.none("numbers reminded twice within three months", _too_soon(after.reminders))
    openings = Counter(message.to for messages in after.taken.values() for message in messages)
    more = (number for number, found in after.reminders.items() if len(found) > openings[number])
    after.none("numbers with more reminders than openings", more)


def _too_soon(by_number: dict[str, list[Message]]) -> Iterator[str]:
    for number, messages in by_number.items():
        days = sorted(day_of(message.created) for message in messages)
        if any(later < allowed_from(earlier) for earlier, later in pairwise(days)):
            yield number


def every_message_had_a_claim(after: Aftermath) -> None:
    """Or the two that follow would tell nothing."""
    claims = Counter(claim.number for claim in after.of.known.claims)
    accepted = after.of.net.carrier.requests.accepted
    after.none("messages without a claim", (number for number, count in accepted.items() if count > claims[number]))


def nothing_is_claimed_after_an_opt_out(after: Aftermath) -> None:
    refused = after.of.known.refused
    late = (claim for claim in after.of.known.claims if claim.at > refused.get(claim.number, claim.at))
    after.none("claims after an opt-out", late)


def who_has_finished_is_not_reminded(after: Aftermath) -> None:
    finished = after.of.known.finished
    reminders = (claim for claim in after.of.known.claims if not claim.opening)
    late = (claim for claim in reminders if claim.at > finished.get(claim.number, claim.at))
    after.none("reminders of what was finished", late)


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
    thanked = after.of.known.thanked
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
    told = ((name, found) for name, text in places.items() for found in _told_in(text, numbers))
    after.none("places that tell a number", told)


# However it is written: +358 40..., 0035840..., 040..., 40..., with spaces, dots or dashes; not as a part of a hash.
_NUMBER = re.compile(r"(?<![0-9a-fA-F])(?:(?:\+|00)?358|0)?[ .-]?(40[ .-]?(?:[0-9][ .-]?){6}[0-9])(?![0-9a-fA-F])")


def _told_in(text: str, numbers: set[str]) -> Iterator[str]:
    for found in _NUMBER.finditer(text):
        if re.sub(r"[ .-]", "", found[1]) in numbers:
            yield text[max(found.start() - 60, 0) : found.end() + 60]


def there_was_a_storm(after: Aftermath) -> None:
    """Or all of this proves nothing."""
    states = Counter(row.state for row in after.invitations)
    missing = ENDED - {"expired"} - states.keys()
    assert not missing, f"no invitation is {missing}: {states} (KUULOLLA_SEED={seed()})"
    assert after.reminders
    assert after.of.known.thanked


TRUTHS: tuple[Callable[[Aftermath], None], ...] = (
    no_item_and_no_round_fails,
    nothing_is_owed,
    no_conversation_is_open,
    every_invitation_has_ended,
    nobody_is_left_at_sent_whose_end_was_told,
    unknown_means_that_nobody_could_be_asked,
    an_invitation_tells_what_became_of_its_opening,
    no_opening_leaves_twice,
    nobody_is_asked_twice_within_three_months,
    nobody_is_reminded_twice,
    every_message_had_a_claim,
    nothing_is_claimed_after_an_opt_out,
    who_has_finished_is_not_reminded,
    the_counts_are_the_fold_of_the_invitations,
    every_finished_survey_is_counted_once,
    the_contact_stands_for_those_whose_opening_left,
    the_carrier_holds_no_answers,
    no_number_is_told_anywhere,
    there_was_a_storm,
)


def assert_all_true(after: Aftermath) -> None:
    """Fails with everything that is otherwise, at once."""
    wrong = []
    for truth in TRUTHS:
        try:
            truth(after)
        except AssertionError as error:
            wrong.append(f"{truth.__name__}: {error}")
    assert not wrong, "\n".join(wrong)
