"""Twilio's API for what messages are sent from: Messaging Services (messaging v1) and numbers (2010-04-01)."""

from email.utils import format_datetime
from hashlib import sha256
from hmac import compare_digest

from flask import Blueprint, Response, current_app, jsonify, request

from local.carrier.access import the_carrier
from local.carrier.errors import TwilioError, not_found
from local.carrier.forms import API_VERSION
from local.carrier.sender_settings import SenderSettings, Value, change

sender_api = Blueprint("sender_api", __name__)

_SERVICES = "/v1/Services"
_NUMBERS = f"/{API_VERSION}/Accounts/<account>/IncomingPhoneNumbers"
_LINKS = {
    "phone_numbers": "PhoneNumbers",
    "short_codes": "ShortCodes",
    "alpha_senders": "AlphaSenders",
    "messages": "Messages",
    "us_app_to_person": "Compliance/Usa2p",
    "us_app_to_person_usecases": "Compliance/Usa2p/Usecases",
    "channel_senders": "ChannelSenders",
    "destination_alpha_senders": "DestinationAlphaSenders",
}


def kept_settings() -> SenderSettings:
    """Of the running carrier."""
    settings = current_app.extensions.setdefault("sender_settings", SenderSettings())
    assert isinstance(settings, SenderSettings)  # noqa: S101 nobody else uses that name
    return settings


@sender_api.errorhandler(TwilioError)
def _refused(error: TwilioError) -> tuple[Response, int]:
    return jsonify(error.to_json()), error.status


@sender_api.before_request
def _authenticate() -> None:
    config, given = the_carrier().config, request.authorization
    pair = f"{given.username}:{given.password}" if given else ""
    asked = (request.view_args or {}).get("account", config.account)
    if not compare_digest(pair.encode(), f"{config.account}:{config.token}".encode()) or asked != config.account:
        raise TwilioError(20003, "Authenticate", 401)


@sender_api.get(f"{_SERVICES}/<sid>")
def service(sid: str) -> Response:
    return jsonify(_service_json(sid))


@sender_api.post(f"{_SERVICES}/<sid>")
def change_service(sid: str) -> Response:
    _known_service(sid)
    change(kept_settings().service, request.form)
    return jsonify(_service_json(sid))


@sender_api.get(f"{_SERVICES}/<sid>/PhoneNumbers")
def numbers_of_service(sid: str) -> Response:
    _known_service(sid)
    url = f"{request.host_url.rstrip('/')}{request.path}"
    page = f"{url}?PageSize={request.args.get('PageSize', '50')}&Page=0"
    meta = {"page": 0, "page_size": int(request.args.get("PageSize", "50")), "first_page_url": page, "url": page}
    return jsonify(
        phone_numbers=[_pooled_json(sid, url)] if kept_settings().pooled else [],
        meta={**meta, "next_page_url": None, "previous_page_url": None, "key": "phone_numbers"},
    )


@sender_api.get(f"{_NUMBERS}.json")
def numbers(account: str) -> Response:
    """The account's one number, if it holds what was asked for: Twilio finds parts of numbers, too."""
    found = [_number_json(account)] if request.args.get("PhoneNumber", "") in the_carrier().config.sender else []
    page = {"page": 0, "page_size": int(request.args.get("PageSize", "50")), "start": 0, "end": 0, "uri": request.path}
    uris = {"first_page_uri": request.path, "next_page_uri": None, "previous_page_uri": None}
    return jsonify(incoming_phone_numbers=found, **page, **uris)


@sender_api.get(f"{_NUMBERS}/<sid>.json")
def number(account: str, sid: str) -> Response:
    _known_number(sid)
    return jsonify(_number_json(account))


@sender_api.post(f"{_NUMBERS}/<sid>.json")
def change_number(account: str, sid: str) -> Response:
    _known_number(sid)
    change(kept_settings().number, request.form)
    return jsonify(_number_json(account))


def _known_service(sid: str) -> None:
    known = the_carrier().config.service
    if not sid.startswith("MG") or (known and sid != known):
        raise not_found(request.path)


def _known_number(sid: str) -> None:
    if sid != _number_sid():
        raise not_found(request.path)


def _number_sid() -> str:
    return "PN" + sha256(the_carrier().config.sender.encode()).hexdigest()[:32]


def _service_json(sid: str) -> dict[str, object]:
    _known_service(sid)
    carrier = the_carrier()
    now, url = _now(), f"{request.host_url.rstrip('/')}{_SERVICES}/{sid}"
    return {
        "sid": sid,
        "account_sid": carrier.config.account,
        **kept_settings().service,
        "us_app_to_person_registered": False,
        "date_created": now,
        "date_updated": now,
        "url": url,
        "links": {name: f"{url}/{path}" for name, path in _LINKS.items()},
    }


def _pooled_json(service_sid: str, url: str) -> dict[str, object]:
    config, now = the_carrier().config, _now()
    return {
        "sid": _number_sid(),
        "account_sid": config.account,
        "service_sid": service_sid,
        "phone_number": config.sender,
        "country_code": "FI",
        "capabilities": ["SMS"],
        "date_created": now,
        "date_updated": now,
        "url": f"{url}/{_number_sid()}",
    }


def _number_json(account: str) -> dict[str, Value | dict[str, bool]]:
    sid, dated = _number_sid(), format_datetime(the_carrier().clock())
    return {
        "sid": sid,
        "account_sid": account,
        "api_version": API_VERSION,
        "phone_number": the_carrier().config.sender,
        "friendly_name": the_carrier().config.sender,
        "origin": "twilio",
        "status": "in-use",
        "beta": False,
        "capabilities": {"voice": False, "sms": True, "mms": False, "fax": False},
        "address_requirements": "none",
        "date_created": dated,
        "date_updated": dated,
        **kept_settings().number,
        "uri": f"/{API_VERSION}/Accounts/{account}/IncomingPhoneNumbers/{sid}.json",
    }


def _now() -> str:
    """As Twilio's newer APIs write it."""
    return the_carrier().clock().strftime("%Y-%m-%dT%H:%M:%SZ")
