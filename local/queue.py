"""The queues on one machine: made when they are missing, and drained as AWS drains them into their functions."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import boto3
from botocore.exceptions import ClientError

from handler import jobs
from handler.settings import Settings

# The most that SQS hands out at once.
AT_ONCE = 10
_KEPT = 14 * 24 * 3600
_FIRST_IN_FIRST_OUT = {"FifoQueue": "true"}


def make_missing_queue(settings: Settings) -> str:
    """The address of the sending queue; the queue and that of its dead letters are made when they are not there."""
    return _made(
        settings,
        settings.sending_queue,
        settings.sending_dead_letters,
        kept=(_KEPT, _KEPT),
        visibility=jobs.VISIBILITY_SECONDS,
        receives=jobs.MOST_RECEIVES,
    )


def make_missing_rescue_queue(settings: Settings) -> str:
    """The same for the queue of messages that wait for their rescue."""
    return _made(
        settings,
        settings.rescue_queue,
        settings.rescue_dead_letters,
        kept=(jobs.RESCUE_KEPT_SECONDS, jobs.RESCUE_DEAD_KEPT_SECONDS),
        visibility=jobs.RESCUE_VISIBILITY_SECONDS,
        receives=jobs.RESCUE_MOST_RECEIVES,
        usual=_FIRST_IN_FIRST_OUT,
    )


def _made(
    settings: Settings,
    name: str,
    dead_letters: str,
    *,
    kept: tuple[int, int],
    visibility: int,
    receives: int,
    usual: Mapping[str, str] | None = None,
) -> str:
    sqs, usual = boto3.client("sqs", region_name=settings.region), dict(usual or {})
    try:
        return str(sqs.get_queue_url(QueueName=name)["QueueUrl"])
    except ClientError:
        pass
    here, there = (str(seconds) for seconds in kept)
    dead = sqs.create_queue(QueueName=dead_letters, Attributes={**usual, "MessageRetentionPeriod": there})["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    attributes = {
        **usual,
        "MessageRetentionPeriod": here,
        "VisibilityTimeout": str(visibility),
        "RedrivePolicy": json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": receives}),
    }
    return str(sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"])


class QueueWorker:
    """Stands in for Lambda's event source mapping: hands batches to `handle`, deletes what did not fail."""

    def __init__(self, handle: Callable[[Mapping[str, Any]], Mapping[str, Any]], address: str, *, region: str) -> None:
        self._handle = handle
        self._address = address
        self._sqs = boto3.client("sqs", region_name=region)

    def drain(self) -> int:
        """Everything that can be received now, handled; gives how many items that was."""
        handled = 0
        for records in self._batches():
            failed = {item["itemIdentifier"] for item in self._handle({"Records": records})["batchItemFailures"]}
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
            answer = self._sqs.receive_message(
                QueueUrl=self._address, MaxNumberOfMessages=AT_ONCE, AttributeNames=["All"]
            )
            messages = answer.get("Messages", [])
            if not messages:
                return
            yield [
                {
                    "messageId": one["MessageId"],
                    "receiptHandle": one["ReceiptHandle"],
                    "body": one["Body"],
                    "attributes": one.get("Attributes", {}),
                }
                for one in messages
            ]
