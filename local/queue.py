"""The sending queue on one machine: made when it is missing, and drained as AWS drains it into the deliver function."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
from botocore.exceptions import ClientError

from handler.jobs import MOST_RECEIVES, VISIBILITY_SECONDS, deliver_batch
from handler.settings import Settings
from handler.work.delivery import Delivery

# The most that SQS hands out at once.
AT_ONCE = 10
_KEPT = str(14 * 24 * 3600)


def make_missing_queue(settings: Settings) -> str:
    """The address of the sending queue; the queue and that of its dead letters are made when they are not there."""
    sqs = boto3.client("sqs", region_name=settings.region)
    try:
        return str(sqs.get_queue_url(QueueName=settings.sending_queue)["QueueUrl"])
    except ClientError:
        pass
    dead = sqs.create_queue(QueueName=f"{settings.sending_queue}-dead", Attributes={"MessageRetentionPeriod": _KEPT})[
        "QueueUrl"
    ]
    arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    redrive = {"deadLetterTargetArn": arn, "maxReceiveCount": MOST_RECEIVES}
    attributes = {"VisibilityTimeout": str(VISIBILITY_SECONDS), "RedrivePolicy": json.dumps(redrive)}
    return str(sqs.create_queue(QueueName=settings.sending_queue, Attributes=attributes)["QueueUrl"])


class QueueWorker:
    """Stands in for Lambda's event source mapping: hands batches over, deletes what did not fail."""

    def __init__(self, delivery: Delivery, address: str, *, region: str) -> None:
        self._delivery = delivery
        self._address = address
        self._sqs = boto3.client("sqs", region_name=region)

    def drain(self) -> int:
        """Everything that can be received now, handled; gives how many items that was."""
        handled = 0
        for records in self._batches():
            answer = deliver_batch(self._delivery, {"Records": records})
            failed = {item["itemIdentifier"] for item in answer["batchItemFailures"]}
            handled += len(records)
            done = [
                {"Id": str(number), "ReceiptHandle": record["receiptHandle"]}
                for number, record in enumerate(records)
                if record["messageId"] not in failed
            ]
            if done:
                self._sqs.delete_message_batch(QueueUrl=self._address, Entries=done)
        return handled

    def _batches(self) -> Iterator[list[dict[str, Any]]]:
        while True:
            answer = self._sqs.receive_message(QueueUrl=self._address, MaxNumberOfMessages=AT_ONCE)
            messages = answer.get("Messages", [])
            if not messages:
                return
            yield [
                {"messageId": one["MessageId"], "receiptHandle": one["ReceiptHandle"], "body": one["Body"]}
                for one in messages
            ]
