"""What must be true after a storm, whatever failed in it: each a function that fails with what is otherwise."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from itertools import pairwise

from handler.tables.conversations import ConversationRow, State
from handler.tables.invitations import InvitationRow
from local.carrier.messages import Message
from survey_flow.contact_policy import allowed_from
from survey_flow.helsinki import day_of
from tests.chance import seed
from tests.storm.aftermath import Aftermath
from tests.storm.mortal import Claim
from tests.storm.traces import (
    CONTACT,
    NEVER_ARRIVED,
    every_finished_survey_is_counted_once,
    no_number_is_told_anywhere,
    the_carrier_holds_no_answers,
    the_contact_stands_for_those_whose_opening_left,
    the_counts_are_the_fold_of_the_invitations,
)

NEVER_TAKEN = ("failed", "cancelled", "expired", "blocked")
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
    excused = after.of.known.silences | after.of.known.texted.keys()
    unknown = (row for row in after.invitations if row.state == "unknown" and after.number_of[row.id] not in excused)
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
    """Until the next opening."""
    after.none("reminders of what was finished", _reminded_after_the_end(after))


def _reminded_after_the_end(after: Aftermath) -> Iterator[Claim]:
    moments: list[tuple[float, str, Claim | None]] = [(at, number, None) for number, at in after.of.known.finished]
    moments += [(claim.at, claim.number, claim) for claim in after.of.known.claims]
    finished: set[str] = set()
    for _, number, claim in sorted(moments, key=lambda moment: moment[0]):
        if claim is None:
            finished.add(number)
        elif claim.opening:
            finished.discard(number)
        elif number in finished:
            yield claim


def there_was_a_storm(after: Aftermath) -> None:
    """Or all of this proves nothing."""
    states = Counter(row.state for row in after.invitations)
    missing = ENDED - {"expired"} - states.keys()
    assert not missing, f"no invitation is {missing}: {states} (KUULOLLA_SEED={seed()})"
    assert after.reminders
    assert after.of.known.finished


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
