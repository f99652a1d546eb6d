"""Lists from other systems: the same check and the same chunks as the page's, by key, in English."""

from flask import Blueprint, Response, jsonify, request
from werkzeug.exceptions import RequestEntityTooLarge

from handler.outside.table import MOST_BYTES, FaultyFile, FileFault
from handler.routes.api import api_blueprint, json_object
from handler.routes.asking import FaultyFields
from handler.routes.bulk_answers import checked, sent
from handler.routes.bulk_choices import read_choices, read_chunk
from handler.routes.bulk_words import BulkWords
from handler.routes.doorkeeper import the_key
from handler.routes.key_units import check_unit
from handler.routes.pages import PageTexts
from handler.routes.problems import Problem
from handler.routes.rules import by_key
from handler.work.bulk import Sender
from handler.work.invite import Inviting
from survey_flow.access import Right
from survey_flow.contact_columns import FaultyList
from survey_flow.language import Language


def bulk_api(inviting: Inviting, texts: PageTexts) -> Blueprint:
    routes, parts = api_blueprint("bulk_api"), inviting.parts
    words = BulkWords(texts[Language.EN])

    @routes.post("/api/bulk/check")
    @by_key(Right.SEND)
    def check() -> Response:
        key = the_key()
        choices = read_choices(request.args.to_dict(), parts.library)
        check_unit(parts, key, choices.defaults.get("unit"))
        sender = Sender(f"key:{key.id}", key.units)
        return jsonify(checked(inviting, sender, choices, _body(), words))

    @routes.post("/api/bulk")
    @by_key(Right.SEND)
    def send() -> Response:
        key = the_key()
        return jsonify(sent(inviting, Sender(f"key:{key.id}", key.units), read_chunk(json_object()), words))

    @routes.errorhandler(FaultyFields)
    def as_field_errors(failure: FaultyFields) -> Response:
        errors = {name: words.field_fault(name, fault) for name, fault in failure.faults.items()}
        return Problem(422, "invalid-fields", "Some fields are not right; see errors.", errors=errors).response()

    @routes.errorhandler(FaultyFile)
    def as_unreadable_file(failure: FaultyFile) -> Response:
        if failure.fault is FileFault.TOO_LARGE:
            return _too_large().response()
        line = {} if failure.line is None else {"line": failure.line}
        return Problem(422, "unreadable-file", words.unreadable_file(failure), **line).response()

    @routes.errorhandler(FaultyList)
    def as_unreadable_list(failure: FaultyList) -> Response:
        return Problem(422, "unreadable-file", words.unreadable_list(failure)).response()

    return routes


def _body() -> bytes:
    """The file itself. Raises Problem."""
    request.max_content_length = MOST_BYTES
    try:
        return request.get_data(cache=False)
    except RequestEntityTooLarge as error:
        raise _too_large() from error


def _too_large() -> Problem:
    return Problem(413, "too-large", "A file is at most 2 MB.")
