"""What runs without HTTP: Lambda entry points of the queue and the schedule, and how both are wired.

The time-outs stand in serverless.yml and infra/queues.yml too; a test compares them.
"""

import logging
import random
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from handler.holidays_fi import is_finnish_holiday
from handler.outside import carrier, sealed_forms, sealing
from handler.outside.carrier import TwilioCarrier
from handler.outside.sealed_forms import KmsForms
from handler.outside.sealing import KmsSealing
from handler.outside.send_queue import SendQueue
from handler.settings import Settings
from handler.start import Wired, make_parts
from handler.tables import base
from handler.work.deliver import deliver as deliver_one
from handler.work.delivery import Delivery
from handler.work.metric import Metric
from handler.work.parts import Parts
from handler.work.rescue import Rescuing
from handler.work.rescue import rescue as rescue_one
from handler.work.tick import tick as tick_once

if TYPE_CHECKING:
    from handler.work.reports import Reporting

BATCH_SIZE = 5
# The most calls to DynamoDB that one item makes (a test counts them), beside one to the key service and one to the
# carrier.
CALLS_AN_ITEM = 7
ITEM_SECONDS = CALLS_AN_ITEM * base.SLOWEST_CALL + sealing.SLOWEST_CALL + carrier.SLOWEST_CALL
# The function's own time holds a batch of which every call is at its slowest.
DELIVER_SECONDS = 600
# Until an item that failed, or whose function died, is handed out again; never shorter than the function's own time.
VISIBILITY_SECONDS = 900
# After so many it goes to the dead letters, where it is kept for two weeks.
MOST_RECEIVES = 5
# One message at a time: each takes one to three calls, and a number's next one waits for it anyway.
RESCUE_BATCH_SIZE = 1
# The most calls to DynamoDB that one rescue makes while two peppers are in force (a test counts them); unsealing is one
# or two calls.
CALLS_A_RESCUE = 18
RESCUE_ITEM_SECONDS = CALLS_A_RESCUE * base.SLOWEST_CALL + 2 * sealed_forms.SLOWEST_CALL + carrier.SLOWEST_CALL
RESCUE_SECONDS = 260
# While an item waits to be handed out again, its number's later messages wait behind it.
RESCUE_VISIBILITY_SECONDS = 360
# Ten hours of trying, less than the queue keeps an item: what expires there never reaches the dead letters.
RESCUE_MOST_RECEIVES = 100
# A queue that is first in, first out counts anew from when an item reaches the dead letters: a day together.
RESCUE_KEPT_SECONDS = RESCUE_DEAD_KEPT_SECONDS = 12 * 3600
# One round of the reports, all units' mails; those left over are sent in the next.
REPORT_SECONDS = 600

log = logging.getLogger("kuulolla.jobs")


def make_carrier(settings: Settings) -> TwilioCarrier:
    return TwilioCarrier(
        account_sid=settings.twilio_account_sid,
        auth_token=settings.sending_token,
        api_url=settings.twilio_url,
        sender=settings.sender,
    )


def make_delivery(settings: Settings, parts: Parts, *, spread: Callable[[], float] = random.random) -> Delivery:
    """Delivering as it is wired for real: KMS, Twilio's API, Finnish holidays."""
    return Delivery(
        parts=parts,
        sealing=KmsSealing(settings.sealing_key, region=settings.region),
        carrier=make_carrier(settings),
        is_holiday=is_finnish_holiday,
        public_url=settings.public_url,
        spread=spread,
    )


def make_rescuing(settings: Settings, parts: Parts) -> Rescuing:
    """Rescuing as it is wired for real: KMS and Twilio's API."""
    forms = KmsForms(settings.inbound_key, region=settings.region)
    return Rescuing(parts, forms=forms, carrier=make_carrier(settings), public_url=settings.public_url)


def make_reporting(settings: Settings, parts: Parts) -> "Reporting":
    """Reporting as it is wired for real: by SES."""
    from handler.outside.mail import SesPost
    from handler.work.reports import Reporting  # Jinja and the pictures, on the reports' path only

    return Reporting(parts, post=SesPost(region=settings.region), public_url=settings.public_url)


def deliver(event: Mapping[str, Any], _: Any) -> dict[str, Any]:
    """Lambda entry point: a batch of the queue. The answer names the items that failed, and only those."""
    return deliver_batch(_delivery(), event)


def deliver_batch(delivery: Delivery, event: Mapping[str, Any]) -> dict[str, Any]:
    """One item after another; a poison one harms no neighbour. Logs name the fault's type, never whom it concerns."""
    failed = []
    for record in event["Records"]:
        try:
            deliver_one(delivery, record["body"])
        except Exception as fault:
            log.error("an item of the queue failed: %s", type(fault).__name__)
            delivery.parts.count(Metric.ITEM_FAILED, 1)
            failed.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failed}


def rescue(event: Mapping[str, Any], _: Any) -> dict[str, Any]:
    """Lambda entry point: messages that the fallback set aside. The answer names the items that are to come again."""
    return rescue_batch(_rescuing(), event)


def rescue_batch(rescuing: Rescuing, event: Mapping[str, Any]) -> dict[str, Any]:
    """In order: after an item that failed, those of the same number wait too, and are named with it.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
    """
    failed, waiting = [], set()
    for record in event["Records"]:
        group = record["attributes"]["MessageGroupId"]
        if group not in waiting:
            try:
                rescue_one(rescuing, record["body"])
                continue
            except Exception as fault:
                log.error("a message could not be rescued yet: %s", type(fault).__name__)
                rescuing.parts.count(Metric.ITEM_FAILED, 1)
                waiting.add(group)
        failed.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failed}


def tick(_: Any, __: Any) -> None:
    """Lambda entry point: the schedule's round, every minute."""
    parts, queue = _ticking()
    tick_once(parts, queue.put)


def report(_: Any, __: Any) -> None:
    """Lambda entry point: what is done every morning."""
    every_morning(_reporting())


def every_morning(reporting: "Reporting") -> None:
    """The reports that are due; then, whatever became of them, what has outlived its time is deleted."""
    from handler.work.reports import send_due
    from handler.work.retention import keep_to_times

    try:
        send_due(reporting)
    finally:
        keep_to_times(reporting.parts)


def _make_ticking(settings: Settings) -> tuple[Parts, SendQueue]:
    return make_parts(settings), SendQueue(settings.sending_queue, region=settings.region)


_delivery = Wired(lambda settings: make_delivery(settings, make_parts(settings)))
_rescuing = Wired(lambda settings: make_rescuing(settings, make_parts(settings)))
_ticking = Wired(_make_ticking)
_reporting = Wired(lambda settings: make_reporting(settings, make_parts(settings)))
