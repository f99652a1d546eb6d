"""Asking many at once from a list: a page, a dry run, and chunks of at most 25 rows."""

from io import BytesIO

from flask import Blueprint, Response, jsonify, request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

from handler.outside.table import MOST_BYTES, FaultyFile, FileFault
from handler.routes.api import json_object
from handler.routes.asking import FaultyFields
from handler.routes.bulk_answers import checked, sent
from handler.routes.bulk_choices import read_choices, read_chunk
from handler.routes.bulk_words import BulkWords
from handler.routes.doorkeeper import the_person
from handler.routes.pages import PageTexts, page, page_language
from handler.routes.problems import Problem
from handler.routes.rules import staff
from handler.routes.unit_asked import known_unit, own_units
from handler.work.bulk import Sender
from handler.work.invite import Inviting
from survey_flow.access import Act
from survey_flow.contact_columns import FaultyList
from survey_flow.survey import Occasion, Respondent

# The form's fields beside the file, and what a browser puts around them.
_FIELDS_BYTES = 16 * 1024
_MOST_FIELDS = 20
# Werkzeug reads 64 KB at a time and counts what it has not yet divided, a piece of the file too.
_MEMORY_BYTES = 256 * 1024


def bulk_pages(inviting: Inviting, texts: PageTexts) -> Blueprint:
    routes, parts = Blueprint("bulk", __name__), inviting.parts
    _answer_faults(routes, texts)

    @routes.get("/bulk")
    @staff(Act.SEND)
    def show() -> Response:
        return page(
            "bulk.html",
            texts,
            units=own_units(parts, Act.SEND),
            respondents=list(Respondent),
            occasions=list(Occasion),
        )

    @routes.post("/bulk/check")
    @staff(Act.SEND)
    def check() -> Response:
        said, content = _posted_file()
        choices = read_choices(said, parts.library)
        if (unit := choices.defaults.get("unit")) is not None:
            known_unit(parts, unit, Act.SEND)
        return jsonify(checked(inviting, _sender(), choices, content, _words(texts)))

    @routes.post("/bulk/send")
    @staff(Act.SEND)
    def send() -> Response:
        return jsonify(sent(inviting, _sender(), read_chunk(json_object()), _words(texts)))

    return routes


def _sender() -> Sender:
    person = the_person()
    return Sender(person.id, person.units_for(Act.SEND))


def _words(texts: PageTexts) -> BulkWords:
    return BulkWords(texts[page_language()])


def _posted_file() -> tuple[dict[str, str], bytes]:
    """The form's fields and the file's content, which stays in memory: Flask's own reading would put a large file on
    disk. Raises RequestEntityTooLarge."""
    request.max_content_length = MOST_BYTES + _FIELDS_BYTES
    parser = FormDataParser(stream_factory=_in_memory, max_form_memory_size=_MEMORY_BYTES, max_form_parts=_MOST_FIELDS)
    _, fields, files = parser.parse(request.stream, request.mimetype, request.content_length, request.mimetype_params)
    file = files.get("file")
    # A part may come without a name, which is then None whatever its type says.
    return {name or "": value for name, value in fields.items()}, file.read() if file else b""


def _in_memory(*_: object, **__: object) -> BytesIO:
    return BytesIO()


def _answer_faults(routes: Blueprint, texts: PageTexts) -> None:
    """The page's program shows the sentence, and the errors beside their fields."""

    @routes.errorhandler(FaultyFields)
    def as_errors(failure: FaultyFields) -> tuple[Response, int]:
        words = _words(texts)
        errors = {name: words.field_fault(name, fault) for name, fault in failure.faults.items()}
        return jsonify(sentence=words.say("fields"), errors=errors), 422

    @routes.errorhandler(FaultyFile)
    def as_unreadable_file(failure: FaultyFile) -> tuple[Response, int]:
        status = 413 if failure.fault is FileFault.TOO_LARGE else 422
        return jsonify(sentence=_words(texts).unreadable_file(failure)), status

    @routes.errorhandler(FaultyList)
    def as_unreadable_list(failure: FaultyList) -> tuple[Response, int]:
        return jsonify(sentence=_words(texts).unreadable_list(failure)), 422

    @routes.errorhandler(Problem)
    def as_malformed(_: Problem) -> tuple[Response, int]:
        return jsonify(sentence=_words(texts).say("malformed")), 422

    @routes.errorhandler(RequestEntityTooLarge)
    def as_too_large(_: RequestEntityTooLarge) -> tuple[Response, int]:
        name = "chunk_too_large" if request.endpoint == "bulk.send" else "file_too_large"
        return jsonify(sentence=_words(texts).say(name, most=MOST_BYTES // 1024 // 1024)), 413
