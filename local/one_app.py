"""The app on one machine: pages, webhooks and API on 127.0.0.1, with delivering and ticking in the background."""

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import boto3
from botocore.exceptions import ClientError
from flask import Blueprint, Flask, Response, jsonify, request

from handler.app import create_app
from handler.jobs import make_delivery, make_reporting
from handler.outside.send_queue import SendQueue
from handler.settings import Settings
from handler.start import make_parts
from handler.tables import deletions
from handler.tables.all_tables import TABLES
from handler.tables.conversations import due_keys, read
from handler.work.delivery import Delivery
from handler.work.parts import Parts
from handler.work.reports import Reporting, send_due
from handler.work.tick import Enqueue, tick
from local.clock import MovableClock
from local.mailbox import KeptPost, make_missing_sender
from local.mornings import Mornings, mornings_between
from local.queue import QueueWorker, make_missing_queue
from survey_flow.helsinki import local

MOST_ROUNDS = 5
MOST_STOPS = 200

log = logging.getLogger("kuulolla.local")


def make_missing(settings: Settings) -> None:
    """Makes the tables, the queue and the sealing key that are not there yet. No TTL: it would go by the wall clock."""
    for table in TABLES:
        if not table.exists():
            table.create_table(billing_mode="PAY_PER_REQUEST", wait=True)
    make_missing_queue(settings)
    kms = boto3.client("kms", region_name=settings.region)
    try:
        kms.describe_key(KeyId=settings.sealing_key)
    except ClientError:
        key_id = kms.create_key(Description="Seals phone numbers")["KeyMetadata"]["KeyId"]
        kms.create_alias(AliasName=settings.sealing_key, TargetKeyId=key_id)


class Background:
    """Ticks and delivers every `interval` seconds in a thread, and at once when asked: one round at a time.

    Every morning it sends the reports that are due.
    """

    def __init__(
        self,
        delivery: Delivery,
        enqueue: Enqueue,
        worker: QueueWorker,
        interval: float,
        report: Callable[[], object] = lambda: None,
    ) -> None:
        self._delivery = delivery
        self._enqueue = enqueue
        self._worker = worker
        self._interval = interval
        self._mornings = Mornings(lambda: self._attempt(report))
        self._stopping = threading.Event()
        self._one_round = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="ticking", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join(timeout=30)

    def round(self) -> None:
        """Everything that is due now, done before this returns."""
        with self._one_round:
            self._attempt(lambda: tick(self._delivery.parts, self._enqueue, self._delivery.carrier))
            self._attempt(self._worker.drain)
            self._mornings.look(self._delivery.parts.clock())

    @staticmethod
    def _attempt(work: Callable[[], object]) -> None:
        try:
            work()
        except Exception as error:  # one bad row must not keep the others waiting; the next round tries it again
            log.error("a round failed: %s", type(error).__name__)

    def settle(self) -> None:
        """Rounds until a round changes nothing more: an opening that leaves now may expire at the same moved hour."""
        for _ in range(MOST_ROUNDS):
            self.round()
            now = self._delivery.parts.clock()
            if not due_keys(now) and not any(deletions.due(now)):
                return

    def move(self, clock: MovableClock, moment: datetime) -> None:
        """Moves the clock, stopping on the way wherever something falls due: what is queued leaves within its hours."""
        for _ in range(MOST_STOPS):
            due = self._next_due(clock(), moment)
            self._wake_between(clock, due or moment)
            if due is None:
                break
            clock.set(due)
            self.settle()
        clock.set(moment)
        self.settle()

    def _wake_between(self, clock: MovableClock, until: datetime) -> None:
        """The mornings on the way, at which nothing else is due."""
        for morning in mornings_between(clock(), until):
            clock.set(morning)
            with self._one_round:
                self._mornings.look(morning)

    @staticmethod
    def _next_due(after: datetime, until: datetime) -> datetime | None:
        held = (read(phone_key) for phone_key in due_keys(until))
        hours = [row.due for row in held if row and row.due and row.due > after]
        hours += [owed.due for owed in deletions.due(until) if owed.due > after]
        return min(hours, default=None)

    def _run(self) -> None:
        while not self._stopping.wait(self._interval):
            self.round()


def one_app(
    settings: Settings,
    environment: Mapping[str, str],
    clock: MovableClock,
    *,
    tick_seconds: float,
    keep_mail: Path | None = None,
) -> tuple[Flask, Background]:
    """The app with all its doors and the clock's, and the background that is still to be started.

    Mail that was sent is kept in the folder `keep_mail`, if there is one.
    """
    parts = make_parts(settings, clock=clock)
    make_missing(settings)
    delivery = make_delivery(settings, parts)
    queue = SendQueue(settings.sending_queue, region=settings.region)
    worker = QueueWorker(delivery, make_missing_queue(settings), region=settings.region)
    reporting = _reporting(settings, parts, keep_mail)
    background = Background(delivery, queue.put, worker, tick_seconds, lambda: send_due(reporting))
    app = create_app(("sms", "web"), environment=environment, clock=clock, library=parts.library)
    app.register_blueprint(clock_routes(clock, background.move))
    return app, background


def _reporting(settings: Settings, parts: Parts, keep_mail: Path | None) -> Reporting:
    make_missing_sender(settings, parts.library.organisation.reports_from)
    reporting = make_reporting(settings, parts)
    return replace(reporting, post=KeptPost(reporting.post, keep_mail)) if keep_mail else reporting


def clock_routes(clock: MovableClock, move_to: Callable[[MovableClock, datetime], None]) -> Blueprint:
    """`POST /_clock` moves the clock and answers once what became due was done."""
    routes = Blueprint("clock", __name__)

    @routes.get("/_clock")
    def show() -> Response:
        return jsonify(now=local(clock()).isoformat(timespec="seconds"))

    @routes.post("/_clock")
    def move() -> tuple[Response, int]:
        wanted = request.get_json(force=True, silent=True)
        try:
            if isinstance(wanted, dict) and "forward" in wanted:
                moment = clock.after(str(wanted["forward"]))
            elif isinstance(wanted, dict) and "now" in wanted:
                moment = _moment(str(wanted["now"]))
            else:
                raise ValueError('give {"now": ISO time with offset} or {"forward": "P1D"}')
        except ValueError as error:
            return jsonify(error=str(error)), 400
        move_to(clock, moment)
        return jsonify(now=local(clock()).isoformat(timespec="seconds")), 200

    return routes


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("the time needs an offset, such as +02:00")
    return moment
