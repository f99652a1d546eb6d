"""Twilio's webhooks: inbound messages answered with TwiML, status callbacks with 204; heard only when signed."""

from collections.abc import Sequence
from functools import partial

from flask import Blueprint, Response, request

from handler.routes.inbound_form import inbound_from, twiml
from handler.routes.rules import signed_by_carrier
from handler.routes.signed import only_signed
from handler.work.carrier_report import Report, report
from handler.work.converse import converse
from handler.work.metric import Metric
from handler.work.parts import Parts
from survey_flow.phone import from_carrier


def sms_routes(parts: Parts, *, public_url: str, tokens: Sequence[str]) -> Blueprint:
    routes = Blueprint("sms", __name__)
    refused = partial(parts.count, Metric.SIGNATURE_REFUSED, 1)
    only_signed(routes, public_url=public_url, tokens=tokens, refused=refused)

    @routes.post("/sms/inbound")
    @signed_by_carrier
    def inbound() -> Response:
        message = inbound_from(request.form)
        return twiml("" if message is None else converse(parts, message))

    @routes.post("/sms/status")
    @signed_by_carrier
    def status() -> Response:
        number = from_carrier(request.form.get("To", ""))
        if number is not None:
            told = Report(
                request.args.get("invitation", ""),
                request.form.get("MessageStatus", ""),
                number,
                request.form.get("ErrorCode", ""),
                request.form.get("MessageSid", ""),
            )
            report(parts, told)
        return Response(status=204)

    return routes
