"""What is answered when something is wrong: a short sentence, nothing of what is inside; for Twilio no text at all.

A web page answered to a webhook would be sent on as an SMS. The log gets the kind of the fault and where it happened,
not its message, which may quote a number or a text.
"""

import logging
import traceback

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from handler.routes.pages import PageTexts, page
from handler.routes.problems import Problem

log = logging.getLogger("kuulolla")


def add_errors(app: Flask, texts: PageTexts | None) -> None:
    """Answers for every fault; `texts` are the words of the pages, where the app has pages."""

    @app.errorhandler(HTTPException)
    def refused(error: HTTPException) -> Response:
        return _answer(error.code or 500, error.name, texts)

    @app.errorhandler(Exception)
    def broken(error: Exception) -> Response:
        frames = "".join(traceback.format_tb(error.__traceback__))
        log.error("%s at %s %s\n%s", type(error).__name__, request.method, request.url_rule, frames)
        return _answer(500, "Internal Server Error", texts)


def _answer(status: int, name: str, texts: PageTexts | None) -> Response:
    if request.path.startswith("/api/"):
        return Problem(status, name.lower().replace(" ", "-"), f"{name}.").response()
    if texts is None or request.path.startswith("/sms/"):
        return Response(status=status)
    return page("error.html", texts, status=status, number=status)
