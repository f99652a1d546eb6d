"""The app on one machine: pages, webhooks and API on 127.0.0.1, with delivering and ticking in the background."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path

import boto3
from botocore.exceptions import ClientError
from flask import Blueprint, Flask, Response, jsonify, request

from handler.app import create_app
from handler.jobs import deliver_batch, every_morning, make_delivery, make_reporting, make_rescuing, rescue_batch
from handler.outside.send_queue import SendQueue
from handler.routes.rules import public
from handler.settings import Settings
from handler.start import make_parts
from handler.tables.all_tables import TABLES
from handler.work.parts import Parts
from handler.work.reports import Reporting
from local.background import Background
from local.clock import MovableClock
from local.mailbox import KeptPost, make_missing_sender
from local.queue import QueueWorker, make_missing_queue, make_missing_rescue_queue
from survey_flow.helsinki import local


def make_missing(settings: Settings) -> None:
    """Makes the tables, queues and keys that are not there yet. No TTL: it would go by the wall clock."""
    for table in TABLES:
        if not table.exists():
            table.create_table(billing_mode="PAY_PER_REQUEST", wait=True)
    make_missing_queue(settings)
    make_missing_rescue_queue(settings)
    _make_missing_key(settings.sealing_key, "Seals phone numbers", region=settings.region)
    _make_missing_key(settings.inbound_key, "Seals messages that wait for their rescue", region=settings.region)


def _make_missing_key(alias: str, description: str, *, region: str) -> None:
    kms = boto3.client("kms", region_name=region)
    try:
        kms.describe_key(KeyId=alias)
    except ClientError:
        key_id = kms.create_key(Description=description)["KeyMetadata"]["KeyId"]
        kms.create_alias(AliasName=alias, TargetKeyId=key_id)


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
    workers = [
        QueueWorker(partial(deliver_batch, delivery), make_missing_queue(settings), region=settings.region),
        QueueWorker(
            partial(rescue_batch, make_rescuing(settings, parts)),
            make_missing_rescue_queue(settings),
            region=settings.region,
        ),
    ]
    reporting = _reporting(settings, parts, keep_mail)
    background = Background(delivery, queue.put, workers, tick_seconds, lambda: every_morning(reporting))
    app = create_app(("sms", "fallback", "web"), environment=environment, clock=clock, library=parts.library)
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
    @public
    def show() -> Response:
        return jsonify(now=local(clock()).isoformat(timespec="seconds"))

    @routes.post("/_clock")
    @public
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
