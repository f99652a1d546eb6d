"""What Twilio asks when the webhook has failed or not answered in time: the message is kept, and answered later.

Twilio posts the same form with ErrorCode and ErrorUrl added, signed for this address.
Source: https://www.twilio.com/docs/usage/security/availability-reliability
"""

import logging
from collections.abc import Sequence
from functools import partial

from flask import Blueprint, Response, request

from handler.outside.sealed_forms import KeySilent
from handler.outside.send_queue import NotQueued
from handler.routes.inbound_form import inbound_from, twiml
from handler.routes.rules import signed_by_carrier
from handler.routes.signed import only_signed
from handler.work.metric import Metric
from handler.work.set_aside import Aside, set_aside

log = logging.getLogger("kuulolla.fallback")


def fallback_routes(aside: Aside, *, public_url: str, tokens: Sequence[str]) -> Blueprint:
    routes = Blueprint("fallback", __name__)
    refused = partial(aside.count, Metric.SIGNATURE_REFUSED, 1)
    only_signed(routes, public_url=public_url, tokens=tokens, refused=refused)

    @routes.post("/sms/fallback")
    @signed_by_carrier
    def fallback() -> Response:
        message = inbound_from(request.form, kept_at=aside.clock())
        if message is None:
            return twiml("")
        try:
            set_aside(aside, message)
        except (KeySilent, NotQueued) as fault:
            log.error("a message could not be kept: %s, %s", type(fault).__name__, fault)
            aside.count(Metric.FALLBACK_FAILED, 1)
            return Response(status=503)
        aside.count(Metric.FALLBACK_USED, 1)
        return twiml("")

    return routes
