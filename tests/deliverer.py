"""A deliverer that pulls from the sending queue until it is ended: a thread of the test, or a process to be killed.

What it handles goes through the real job and the real client of the carrier.
"""

import json
import logging
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import boto3

from handler.jobs import BATCH_SIZE, deliver_batch, make_delivery
from handler.outside.carrier import TwilioCarrier
from handler.settings import Settings
from handler.start import make_parts, read_settings
from handler.work.delivery import Delivery
from handler.work.parts import Parts
from tests.storm.clock import StormClock
from tests.storm.mortal import Claim, Mortal, Silence, WatchedCarrier

# What a slow answer of the carrier is: the client gives up after it.
SECONDS = 1.0
PAUSE = 0.05


@dataclass(frozen=True, slots=True)
class Deliverer:
    delivery: Delivery
    sqs: Any
    address: str
    mortal: Mortal
    seen: Callable[[str], object]

    def take(self) -> list[dict[str, str]]:
        answer = self.sqs.receive_message(QueueUrl=self.address, MaxNumberOfMessages=BATCH_SIZE)
        return [
            {"messageId": one["MessageId"], "receiptHandle": one["ReceiptHandle"], "body": one["Body"]}
            for one in answer.get("Messages", [])
        ]

    def handle(self, records: list[dict[str, str]]) -> None:
        """As AWS hands a batch to the function: what did not fail is deleted. Whoever dies deletes nothing."""
        for record in records:
            self.seen(record["body"])
        failed = {
            one["itemIdentifier"] for one in deliver_batch(self.delivery, {"Records": records})["batchItemFailures"]
        }
        done = [
            {"Id": str(place), "ReceiptHandle": record["receiptHandle"]}
            for place, record in enumerate(records)
            if record["messageId"] not in failed
        ]
        self.mortal.step("before the queue's delete")
        if done:
            self.sqs.delete_message_batch(QueueUrl=self.address, Entries=done)


def made_deliverer(
    settings: Settings,
    parts: Parts,
    mortal: Mortal,
    address: str,
    *,
    tell: Callable[[Claim | Silence], object],
    seen: Callable[[str], object],
) -> Deliverer:
    client = TwilioCarrier(
        account_sid=settings.twilio_account_sid,
        auth_token=settings.sending_token,
        api_url=settings.twilio_url,
        sender=settings.sender,
        seconds=SECONDS,
    )
    delivery = replace(make_delivery(settings, parts), carrier=WatchedCarrier(client, mortal, tell))
    return Deliverer(delivery, boto3.client("sqs", region_name=settings.region), address, mortal, seen)


def main(folder: Path, address: str, steps: int | None) -> None:
    """Writes what it was handed and what it claimed into a file of its own, a JSON object a line.

    After so many steps it is killed, if by nobody else.
    """
    logging.basicConfig(level=logging.INFO)
    settings, clock = read_settings(), StormClock(folder)
    mortal = Mortal(die=lambda: os.kill(os.getpid(), signal.SIGKILL))
    with (folder / f"notes-{os.getpid()}").open("a", buffering=1) as notes, mortal.watching():
        deliverer = made_deliverer(
            settings,
            make_parts(settings, clock=clock),
            mortal,
            address,
            tell=lambda what: notes.write(json.dumps({type(what).__name__: asdict(what)}) + "\n"),
            seen=lambda body: notes.write(json.dumps({"body": body}) + "\n"),
        )
        with mortal.life("a deliverer", steps):
            deliver_for_ever(deliverer, clock)


def deliver_for_ever(deliverer: Deliverer, clock: StormClock) -> None:
    while True:
        with clock.at_work():
            records = deliverer.take()
            deliverer.handle(records)
        if not records:
            time.sleep(PAUSE)  # an empty queue is not asked again at once: the processor is left to those at work


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]) if sys.argv[3] else None)
