"""The staff form: one number, one tap. Then what happened, in plain words, and a cancel until it has left."""

from collections.abc import Mapping
from uuid import uuid4

from flask import Blueprint, Response, abort, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from handler.routes.asking import FaultyFields, FieldFault, read_request
from handler.routes.doorkeeper import the_person
from handler.routes.form_fields import When, fields_of
from handler.routes.pages import PageTexts, page, remember, remembered
from handler.routes.rules import staff
from handler.routes.unit_asked import known_unit, own_units
from handler.settings import Settings
from handler.tables import invitations
from handler.tables.invitations import Invitation
from handler.work.audit_notes import cancel_noted, invite_noted
from handler.work.invite import Inviting, state_of
from handler.work.parts import Parts
from handler.work.request import Refused
from survey_flow import dialogue
from survey_flow.access import Act
from survey_flow.conversation import Conversation
from survey_flow.helsinki import local
from survey_flow.language import Language
from survey_flow.prompts import Script
from survey_flow.sms_text import size
from survey_flow.survey import Occasion, Respondent

CHOICE_COOKIE = "kuulolla_form"


def form_routes(inviting: Inviting, settings: Settings, texts: PageTexts) -> Blueprint:
    routes, parts = Blueprint("form", __name__), inviting.parts

    @routes.get("/")
    @staff(Act.SEND)
    def show() -> Response:
        return _form(parts, settings, texts, _remembered(parts), {})

    @routes.post("/")
    @staff(Act.SEND)
    def send() -> AnyResponse:
        return _send(inviting, settings, texts)

    @routes.get("/sent/<invitation_id>")
    @staff(Act.SEND)
    def sent(invitation_id: str) -> Response:
        return _sent(parts, texts, _by_form(invitation_id))

    @routes.post("/sent/<invitation_id>/cancel")
    @staff(Act.SEND)
    def cancel_one(invitation_id: str) -> Response:
        found = _by_form(invitation_id)
        too_late = not cancel_noted(parts, found, who=the_person().id)
        return _sent(parts, texts, _by_form(invitation_id), too_late=too_late)

    return routes


def _send(inviting: Inviting, settings: Settings, texts: PageTexts) -> AnyResponse:
    parts, typed = inviting.parts, request.form.to_dict()
    try:
        wanted = read_request(
            fields_of(typed, inviting),
            parts.library,
            caller=the_person().id,
            idempotency_key=f"form-{typed['request_key']}" if typed.get("request_key") else None,
        )
    except FaultyFields as failure:
        return _form(parts, settings, texts, typed, failure.faults, status=422)
    known_unit(parts, wanted.unit, Act.SEND)
    try:
        accepted = invite_noted(inviting, wanted)
    except Refused as refused:
        return _form(parts, settings, texts, typed, {}, status=409, refused=refused)
    response = redirect(url_for("form.sent", invitation_id=accepted.id), 303)
    remember(response, CHOICE_COOKIE, "|".join((wanted.unit, wanted.respondent, wanted.language)))
    return response


def _form(
    parts: Parts,
    settings: Settings,
    texts: PageTexts,
    typed: Mapping[str, str],
    faults: Mapping[str, FieldFault],
    *,
    status: int = 200,
    refused: Refused | None = None,
) -> Response:
    return page(
        "form.html",
        texts,
        status=status,
        typed=typed,
        faults=faults,
        refused=refused,
        request_key=uuid4() if refused or "request_key" not in typed else typed["request_key"],
        units=own_units(parts, Act.SEND),
        respondents=list(Respondent),
        occasions=list(Occasion),
        moments=list(When),
        previews=_previews(parts),
        sender=settings.sender,
        today=parts.today(),
        MISSING=FieldFault.MISSING,
    )


def _remembered(parts: Parts) -> dict[str, str]:
    """Unit, group and language of the last invitation on this device."""
    unit, _, rest = remembered(CHOICE_COOKIE).partition("|")
    respondent, _, language = rest.partition("|")
    units = own_units(parts, Act.SEND)
    chosen = units.get(unit) or next(iter(units.values()))
    if respondent not in chosen.surveys:
        respondent = next(iter(chosen.surveys))
    if language not in chosen.languages:
        language = chosen.languages[0]
    chosen_before = {"unit": chosen.id, "respondent": respondent, "language": language}
    chosen_before |= {"occasion": Occasion.END.value, "when": When.NOW.value}
    return {**chosen_before, "neutral": "on"} if chosen.neutral else chosen_before


def _previews(parts: Parts) -> dict[str, dict[str, object]]:
    """Every opening as the client will see it, by "unit|respondent|language|neutral", for the page to choose from."""
    found: dict[str, dict[str, object]] = {}
    for unit in own_units(parts, Act.SEND).values():
        for respondent, survey_id in unit.surveys.items():
            survey = parts.library.surveys[survey_id]
            script = Script(survey, unit, parts.library.messages, parts.library.lexicon)
            for language in unit.languages:
                for neutral in (False, True):
                    text = _opening(script, respondent, language, neutral=neutral)
                    key = f"{unit.id}|{respondent}|{language}|{'on' if neutral else ''}"
                    found[key] = {"text": text, "segments": size(text).segments}
    return found


def _opening(script: Script, respondent: str, language: Language, *, neutral: bool) -> str:
    conversation = Conversation(
        survey=script.survey.id,
        survey_version=script.survey.version,
        unit=script.unit.id,
        respondent=respondent,
        language=language,
        neutral=neutral,
        facts=script.survey.fixed_facts(occasion=Occasion.END, respondent=respondent, facts={}),
    )
    return dialogue.start(script, conversation).reply


def _by_form(invitation_id: str) -> Invitation:
    found = invitations.read(invitation_id)
    if found is None or found.by != the_person().id:  # somebody else's, or a system's
        abort(404)
    return found


def _sent(parts: Parts, texts: PageTexts, found: Invitation, *, too_late: bool = False) -> Response:
    return page(
        "sent.html",
        texts,
        invitation=found,
        state=state_of(parts, found).value,
        send_at=local(found.send_at) if found.send_at else None,
        unit=parts.library.organisation.units.get(found.unit),
        too_late=too_late,
    )
