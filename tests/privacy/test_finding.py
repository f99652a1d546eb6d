"""The search itself: what it must find in a text, and what it must not take for a number."""

import base64
import hashlib
import json
from uuid import uuid4

import pytest

from tests.privacy.finding import Finder
from tests.privacy.playing import without_counters

NUMBER = "+358401234567"
FINDER = Finder([NUMBER], ["010203A123X", "salla.kaiku7@example.fi"], ["hopeakettu"])

WRITTEN = {
    "E.164": NUMBER,
    "without its plus": "358401234567",
    "with two noughts": "00358401234567",
    "national": "0401234567",
    "with blanks": "040 123 4567",
    "with dashes": "040-123-4567",
    "in an address": "/sent/%2B358%2040%20123%204567",
    "digit by digit": "0 4 0 1 2 3 4 5 6 7",
    "full-width digits": "０４０１２３４５６７",
    "the last seven": "soita 123 4567",
    "within JSON within JSON": json.dumps(json.dumps({"to": NUMBER})),
    "within other digits": "99990401234567",
    "over two lines": "040\n1234567",
    "base64": base64.b64encode(NUMBER.encode()).decode(),
    "base64 after something else": base64.b64encode(b'{"to": "' + NUMBER.encode() + b'"}').decode(),
    "base64 for addresses": base64.urlsafe_b64encode(b"??>" + NUMBER.encode()).decode(),
    "md5": hashlib.md5(NUMBER.encode()).hexdigest(),  # noqa: S324 what must be found
    "sha256 of the national number": hashlib.sha256(b"0401234567").hexdigest(),
    "the beginning of a sha256": hashlib.sha256(NUMBER.encode()).hexdigest()[:16],
    "sha256 in base64": base64.b64encode(hashlib.sha256(NUMBER.encode()).digest()).decode(),
    "an identity code": "hetuni on 010203a123x",
    "an identity code with blanks": "010203 A 123X",
    "an address": "SALLA.KAIKU7@example.fi",
    "a word": "tässä Hopeakettu",
}
NOT = {
    "nothing": "",
    "other digits": "0409999999 ja 2026-11-24T15:00:00",
    "an identifier of ours": f"{uuid4()} {uuid4().hex}",
    "a hash under a pepper": hashlib.sha256(b"pepper" + NUMBER.encode()).hexdigest(),
    "a message's id": "SM00000000000000000000000000000001",
    "another's address": "salla.kaiku17@example.fi",
}


@pytest.mark.parametrize("text", WRITTEN.values(), ids=WRITTEN)
def test_what_tells_an_identifier_is_found(text: str) -> None:
    assert list(FINDER.found_in(f"ennen {text} jälkeen"))


@pytest.mark.parametrize("text", NOT.values(), ids=NOT)
def test_what_tells_none_is_not(text: str) -> None:
    assert list(FINDER.found_in(text)) == []


def test_of_a_queue_s_message_its_moments_alone_are_left_out() -> None:
    moments = {"SentTimestamp": f"1795{NUMBER[-9:]}", "SequenceNumber": f"88{NUMBER[-9:]}"}
    told = {"body": "a", "attributes": {**moments, "SenderId": NUMBER}}
    assert without_counters(told) == {"body": "a", "attributes": {"SenderId": NUMBER}}
    assert list(FINDER.found_in(json.dumps(without_counters(told))))
