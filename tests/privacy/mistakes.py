"""What goes wrong at every door while a number is in hand: what was typed is no number, the address is none, the body
is broken, something inside fails with the number in its message."""

import json
from collections.abc import Iterator
from io import BytesIO
from urllib.parse import quote

from tests.handler.bulk import CHOICES
from tests.privacy.playing import Play
from tests.privacy.speakers import Speaker

ADDRESSES = (
    "/{number}",
    "/sent/{number}",
    "/units/{number}",
    "/units/{number}/poster",
    "/comments/kotka/{number}",
    "/handbook/{number}",
    "/static/{number}.css",
    "/api/invitations/{number}",
    "/login?next=/{number}",
    "/?phone={number}",
    "/results?unit={number}",
    "/results?from={number}",
    "/results/export.csv?unit={number}",
    "/comments?unit={number}",
    "/audit?who={number}",
    "/api/results?unit={number}",
    "/health?{number}",
)
METHODS = ("PUT", "DELETE", "PATCH")


def of(play: Play, speaker: Speaker) -> None:
    number, spaced = speaker.number, f"0{speaker.number[4:6]} {speaker.number[6:9]} {speaker.number[9:]}"
    for address in ADDRESSES:
        play.ask("errors", "GET", address.format(number=quote(number)))
        play.ask("errors", "POST", address.format(number=quote(spaced)), data={"number": number})
    for method in METHODS:
        play.ask("errors", method, "/", data={"phone": number})
    for body in _bodies(number):
        play.api("errors", "POST", "/api/invitations", body)
        play.api("errors", "POST", "/api/opt-outs", body)
        play.api("errors", "POST", "/api/bulk", body)
    play.api("errors", "POST", "/api/invitations", {"phone": number}, Authorization=f"Bearer {number}")
    _broken_files(play, number)
    _unsigned(play, number)
    _inside(play, speaker)


def _bodies(number: str) -> Iterator[object]:
    usual = {"phone": number, "unit": "kotka", "respondent": "youth", "confirmed": True}
    yield usual | {"confirmed": False}
    yield usual | {"phone": [number]}
    yield usual | {"phone": f"{number}{number}"}
    yield usual | {"unit": number}
    yield usual | {"send_after": number}
    yield usual | {"facts": {number: 1}}
    yield [number]
    yield number
    yield f'{{"phone": "{number}"'.encode()
    yield number.encode("utf-16")
    yield json.dumps(number * 5000).encode()


def _broken_files(play: Play, number: str) -> None:
    contents = (
        f"Puhelin;Puhelin\n{number};{number}\n",
        f"Puhelin\n{'x' * 600}{number}\n",
        f"Nimi\n{number}\n\x00",
    )
    for content in contents:
        data = {**CHOICES, "file": (BytesIO(content.encode()), f"{number}.csv")}
        play.ask("errors", "POST", "/bulk/check", data=data, content_type="multipart/form-data")
        play.api("errors", "POST", f"/api/bulk/check?unit={quote(number)}", content.encode())
    play.ask("errors", "POST", "/bulk/send", data=f'{{"rows": [{number}', content_type="application/json")


def _unsigned(play: Play, number: str) -> None:
    for path in ("/sms/inbound", "/sms/status", "/sms/fallback", "/sms/elsewhere"):
        play.ask("errors", "POST", path, data={"From": number, "To": number, "Body": f"soita {number}"})
        play.ask("errors", "GET", f"{path}?From={quote(number)}")


def _inside(play: Play, speaker: Speaker) -> None:
    """Whatever looks at the clock fails, and its fault quotes the number and what was written."""
    quoting = f"{speaker.number} wrote {speaker.says}"
    for method, path in (("POST", "/"), ("GET", "/results"), ("GET", "/comments"), ("GET", "/health")):
        play.clock.fault = RuntimeError(quoting)
        play.ask("errors", method, path, data={**CHOICES, "phone": speaker.number} if method == "POST" else None)
    play.clock.fault = RuntimeError(quoting)
    usual = {"phone": speaker.number, "unit": "kotka", "respondent": "youth", "confirmed": True}
    play.api("errors", "POST", "/api/invitations", usual)
    for path in ("/sms/inbound", "/sms/fallback"):
        play.clock.fault = RuntimeError(quoting)
        play.text(speaker.number, f"9 {quoting}", path=path, fails=True)
    play.clock.fault = None
