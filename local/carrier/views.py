"""What the pages and the control API show of the network."""

from local.carrier.carrier import Carrier
from local.carrier.holds import Held
from local.carrier.messages import Message
from local.carrier.numbers import spaced
from local.carrier.segments import segments


def message_view(carrier: Carrier, message: Message) -> dict[str, object]:
    held = any(one.sid == message.sid and one.what is not Held.STATUS for one in carrier.holds.parked())
    return {
        "sid": message.sid,
        "direction": message.direction,
        "from": message.sender,
        "to": message.to,
        "body": message.text,
        "status": "held" if held else message.status,
        "error_code": message.error_code,
        "segments": segments(message.text),
        "num_media": message.num_media,
        "at": message.created.isoformat(timespec="seconds"),
        "carrier_own": message.carrier_own,
        "record": {"kept": message.recorded, "body": message.body if message.recorded else None},
    }


def phone_view(carrier: Carrier, number: str) -> dict[str, object]:
    phone = carrier.network.phone(number)
    return {
        "number": phone.number,
        "name": spaced(phone.number),
        "kind": phone.kind,
        "reachable": phone.reachable,
        "unreachable_code": phone.unreachable_code,
        "opted_out": phone.opted_out,
        "holding": [what for what, wanted in carrier.holds.wishes() if wanted in (None, number)],
        "held": [{"what": one.what, "sid": one.sid} for one in carrier.holds.parked() if one.number == number],
        "messages": [message_view(carrier, message) for message in carrier.network.messages(number)],
        "log": [
            {"at": line.at.isoformat(timespec="seconds"), "code": line.code, "text": line.text}
            for line in carrier.network.log(number)
        ],
    }


def state_view(carrier: Carrier) -> dict[str, object]:
    revision = carrier.network.revision  # read first: what changes meanwhile is then shown twice, not missed
    return {
        "revision": revision,
        "busy": carrier.busy,
        "sender": carrier.config.sender,
        "opt_out": carrier.config.opt_out,
        "holds": {
            "next": [{"what": what, "number": number} for what, number in carrier.holds.wishes()],
            "held": [{"what": one.what, "number": one.number, "sid": one.sid} for one in carrier.holds.parked()],
        },
        "phones": [phone_view(carrier, phone.number) for phone in carrier.network.phones()],
    }
