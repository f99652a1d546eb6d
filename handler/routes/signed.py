"""Doors that hear only what Twilio signed, by its own validator."""

from collections.abc import Callable, Sequence

from flask import Blueprint, abort, request
from twilio.request_validator import RequestValidator


def only_signed(routes: Blueprint, *, public_url: str, tokens: Sequence[str], refused: Callable[[], object]) -> None:
    """Refuses with 403, and tells `refused`, what none of these tokens signed: there are two while it is changed.

    Source: https://www.twilio.com/docs/usage/webhooks/webhooks-security
    """
    validators = [RequestValidator(token) for token in tokens]

    @routes.before_request
    def only_what_twilio_signed() -> None:
        # The configured public URL, not request.url: behind an HTTP API the two differ.
        query = request.query_string.decode("ascii", "replace")
        url = f"{public_url}{request.path}{'?' if query else ''}{query}"
        # Without the header the validator raises; blank form fields are signed too and stay.
        signature = request.headers.get("X-Twilio-Signature", "")
        # A part of a form may come without a name, which is then None; the validator cannot add that to a text.
        is_named = all(request.form)
        if not is_named or not any(validator.validate(url, request.form, signature) for validator in validators):
            refused()
            abort(403)
