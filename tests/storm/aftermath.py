"""What is left after a storm: the tables, what the carrier took in, the logs. Read once, before the truths are."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

import boto3

from handler.tables.invitations import InvitationRow
from local.carrier.messages import Message
from tests.chance import seed
from tests.handler.looking import invitation_in
from tests.storm.parts import PREFIX, StormParts


@dataclass(frozen=True, slots=True)
class Aftermath:
    """`taken` are the messages that the carrier took in for each invitation, `reminders` those to each number."""

    of: StormParts
    logs: str
    waiting: int
    tables: dict[str, list[dict[str, Any]]]
    invitations: list[InvitationRow]
    number_of: dict[str, str]
    taken: dict[str, list[Message]]
    reminders: dict[str, list[Message]]

    @classmethod
    def read(cls, of: StormParts, *, waiting: int, logs: str) -> Self:
        taken: dict[str, list[Message]] = defaultdict(list)
        reminders: dict[str, list[Message]] = defaultdict(list)
        for message in of.net.carrier.network.messages():
            if message.direction == "outbound-api":
                invitation = invitation_in(message.callback or "")
                (taken[invitation] if invitation else reminders[message.to]).append(message)
        number_of = {one: number for number, ids in of.known.invited.items() for one in ids}
        of.known.bodies |= _dead_letters(of)
        rows = list(InvitationRow.scan())
        return cls(of, logs, waiting, _tables(of), rows, number_of, dict(taken), dict(reminders))

    def none(self, what: str, found: Iterable[object]) -> None:
        """Fails with what was found, if anything was."""
        wrong = list(found)
        assert not wrong, f"{what}: {len(wrong)}, such as {wrong[:3]} (KUULOLLA_SEED={seed()})"

    def statuses(self, invitation_id: str) -> list[str]:
        """What became of the messages that the carrier took in for this invitation."""
        return [message.status for message in self.taken.get(invitation_id, [])]

    def plain(self, table: str) -> list[dict[str, str]]:
        """The rows of a table, without DynamoDB's types."""
        return [{name: next(iter(value.values())) for name, value in row.items()} for row in self.tables[table]]

    def story(self, row: InvitationRow) -> str:
        """Enough to see how it came to this."""
        number = self.number_of.get(row.id, "")
        person = next((person for person in self.of.people if person.number == number), None)
        find, sids = self.of.net.carrier.network.find, self.of.known.texted.get(number, [])
        said = [message.text for sid in sids if (message := find(sid))]
        told, refused = self.of.front.told.get(row.id), number in self.of.known.refused
        return f"{row.state} {row.reason} taken={self.statuses(row.id)} {told=} {said=} {refused=} {person} {row.id}"


def _tables(of: StormParts) -> dict[str, list[dict[str, Any]]]:
    dynamodb = boto3.client("dynamodb", region_name=of.settings.region)
    names = [name for name in dynamodb.list_tables()["TableNames"] if name.startswith(PREFIX)]
    pages = dynamodb.get_paginator("scan")
    return {
        name.removeprefix(PREFIX): [row for page in pages.paginate(TableName=name) for row in page["Items"]]
        for name in names
    }


def _dead_letters(of: StormParts) -> set[str]:
    """Items over which somebody died again and again; the schedule has put them anew."""
    sqs, found = of.deliverer.sqs, set()
    address = sqs.get_queue_url(QueueName=f"{of.settings.sending_queue}-dead")["QueueUrl"]
    while messages := sqs.receive_message(QueueUrl=address, MaxNumberOfMessages=10).get("Messages", []):
        found |= {message["Body"] for message in messages}
        for message in messages:
            sqs.delete_message(QueueUrl=address, ReceiptHandle=message["ReceiptHandle"])
    return found
