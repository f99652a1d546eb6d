"""How often a person or a key may ask, looked at after the door and before the view.

What was too often is answered with a page, a sentence for a page's program or a problem, each with the time from which
it may be tried again.
"""

import math
from collections.abc import Mapping

from flask import Flask, Response, current_app, g, jsonify, request

from handler.routes.pages import PageTexts, page, page_language
from handler.routes.problems import Problem
from handler.routes.rules import rule_of
from handler.work import rates
from handler.work.parts import Parts
from handler.work.rates import Rate, TooMany, Window
from survey_flow.access import Act, Right
from survey_flow.helsinki import local

# What has a rate of its own; everything else that changes something or comes by key has rates.REQUESTS.
OF_VIEW: Mapping[str, Rate] = {
    "form.send": rates.SENDS,
    "invitations.create": rates.SENDS,
    "opt_outs.record": rates.OPT_OUTS,
    "opt_outs.withdraw": rates.OPT_OUTS,
    "opt_out_api.record": rates.OPT_OUTS,
    "opt_out_api.withdraw": rates.OPT_OUTS,
}
_READING = ("GET", "HEAD", "OPTIONS")


def hold_to_rates(app: Flask, parts: Parts, texts: PageTexts) -> None:
    """After keep_doors, which tells who asks."""

    @app.before_request
    def not_too_often() -> None:
        if request.endpoint is None:
            return
        rate = rate_of(request.endpoint, request.method)
        if rate is not None:
            rates.take(parts, rate, _who())

    @app.errorhandler(TooMany)
    def asked_too_often(failure: TooMany) -> Response:
        response = _answer(failure, texts)
        seconds = (failure.again_at - parts.clock()).total_seconds()
        response.headers["Retry-After"] = str(max(math.ceil(seconds), 1))
        return response


def rate_of(endpoint: str, method: str) -> Rate | None:
    """None for what is not counted: pages that are only read, and doors that ask for nobody."""
    rule = rule_of(current_app.view_functions[endpoint])
    if isinstance(rule, Right) or (isinstance(rule, Act) and method not in _READING):
        return OF_VIEW.get(endpoint, rates.REQUESTS)
    return None


def count_at_address(parts: Parts, rate: Rate) -> None:
    """Something that went wrong, or is about to cost something, for whoever is at this address. Raises TooMany.

    The address is the one that the HTTP API saw; whatever a request says of where it came from is not read.
    """
    rates.take(parts, rate, rates.at_address(parts, rate, request.remote_addr or ""))


def _who() -> str:
    return f"key:{g.key.id}" if "key" in g else str(g.person.id)


def _answer(failure: TooMany, texts: PageTexts) -> Response:
    if request.path.startswith("/api/"):
        return Problem(429, "too-many", _in_english(failure)).response()
    words = texts[page_language()]
    if failure.rate.window is Window.DAY:
        sentence = words[f"limits_{failure.rate.name}"]
    else:
        at = local(failure.again_at)
        sentence = words["limits_again"].format(hour=at.hour, minute=f"{at.minute:02d}")
    if request.path.startswith("/bulk/"):
        response = jsonify(sentence=sentence)
        response.status_code = 429
        return response
    return page("too_many.html", texts, status=429, sentence=sentence)


def _in_english(failure: TooMany) -> str:
    """Says nothing of what was asked about."""
    again = local(failure.again_at).isoformat(timespec="minutes")
    return f"Asked too often. Nothing was changed; try again at {again}."
