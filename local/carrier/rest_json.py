"""A message, and a page of messages, in the shape in which Twilio answers."""

from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import urlencode

from local.carrier.forms import API_VERSION
from local.carrier.messages import Message
from local.carrier.segments import segments

_ERROR_TEXTS = {
    21610: "Attempt to send to unsubscribed recipient",
    30003: "Unreachable destination handset",
    30005: "Unknown destination handset",
    30006: "Landline or unreachable carrier",
    30036: "Validity Period Expired",
}


def messages_path(account: str) -> str:
    return f"/{API_VERSION}/Accounts/{account}/Messages"


def _time(moment: datetime | None) -> str | None:
    return format_datetime(moment.astimezone(UTC)) if moment else None


def message_json(message: Message, account: str) -> dict[str, object]:
    path = f"{messages_path(account)}/{message.sid}"
    return {
        "account_sid": account,
        "api_version": API_VERSION,
        "body": message.body,
        "date_created": _time(message.created),
        "date_sent": _time(message.sent),
        "date_updated": _time(message.updated),
        "direction": message.direction,
        "error_code": message.error_code,
        "error_message": _ERROR_TEXTS.get(message.error_code or 0),
        "from": None if message.status == "accepted" else message.sender,
        "messaging_service_sid": message.service,
        "num_media": str(message.num_media),
        "num_segments": str(segments(message.text)),
        "price": None,
        "price_unit": "USD",
        "sid": message.sid,
        "status": message.status,
        "subresource_uris": {"media": f"{path}/Media.json"},
        "to": message.to,
        "uri": f"{path}.json",
    }


def page_json(
    found: list[Message], account: str, *, query: dict[str, str], page: int, size: int, before: int | None
) -> dict[str, object]:
    """`found` is newest first. A page's token is its last message's place in time: deleting loses nobody's place."""
    rest = [message for message in found if before is None or message.order < before]
    shown = rest[:size]
    start = page * size

    def uri(number: int, token: str | None) -> str:
        extra = {"PageSize": str(size), "Page": str(number)} | ({"PageToken": token} if token else {})
        return f"{messages_path(account)}.json?{urlencode(query | extra)}"

    more = len(rest) > size
    return {
        "messages": [message_json(message, account) for message in shown],
        "page": page,
        "page_size": size,
        "start": start,
        "end": start + max(len(shown) - 1, 0),
        "uri": uri(page, f"PASM{before}" if before is not None else None),
        "first_page_uri": uri(0, None),
        "next_page_uri": uri(page + 1, f"PASM{shown[-1].order}") if more else None,
        "previous_page_uri": None,
    }
