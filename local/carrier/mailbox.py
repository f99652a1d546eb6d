"""The desk's mail: the letters that the application keeps in a folder, newest first, and each as it looks."""

import re
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import parsedate_to_datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, abort, render_template

from local.carrier.access import the_carrier

mailbox = Blueprint("mailbox", __name__, template_folder="pages", url_prefix="/mail")

_HELSINKI = ZoneInfo("Europe/Helsinki")
# What a mail program allows: its own styles and pictures, and links that open elsewhere.
_LETTER_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox allow-popups"


@dataclass(frozen=True, slots=True)
class Letter:
    """`name` is its file's, without the ending. `html` holds its pictures within itself."""

    name: str
    sender: str
    to: str
    subject: str
    date: str
    text: str
    html: str


@mailbox.get("")
def letters() -> str:
    return render_template("letters.html", letters=[_letter(file) for file in reversed(list(_files()))])


@mailbox.get("/<name>")
def letter(name: str) -> str:
    return render_template("letter.html", letter=_named(name))


@mailbox.get("/<name>/html")
def looks(name: str) -> Response:
    """The HTML alone, for a frame that may do nothing."""
    # Its links would otherwise open inside the frame.
    html = _named(name).html.replace("<head>", '<head><base target="_blank">', 1)
    return Response(html, content_type="text/html; charset=utf-8", headers={"Content-Security-Policy": _LETTER_POLICY})


def _files() -> Iterator[Path]:
    folder = the_carrier().config.mail
    if folder is not None and folder.is_dir():
        yield from sorted(folder.glob("*.eml"))


def _named(name: str) -> Letter:
    for file in _files():
        if file.stem == name:
            return _letter(file)
    abort(404)


def _letter(file: Path) -> Letter:
    message = message_from_bytes(file.read_bytes(), policy=default)
    written = parsedate_to_datetime(str(message["Date"])).astimezone(_HELSINKI)
    return Letter(
        name=file.stem,
        sender=str(message["From"]),
        to=str(message["To"]),
        subject=str(message["Subject"]),
        date=f"{written.day}.{written.month}.{written.year} klo {written.hour}.{written.minute:02}",
        text=_part(message, "plain"),
        html=_with_pictures(message),
    )


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()) if part is not None else ""


def _with_pictures(message: EmailMessage) -> str:
    pictures = {
        str(part["Content-ID"]).strip("<>"): f"data:image/png;base64,{b64encode(part.get_content()).decode()}"
        for part in message.walk()
        if part.get_content_type() == "image/png"
    }
    return re.sub(r"cid:([\w.@-]+)", lambda found: pictures.get(found[1], found[0]), _part(message, "html"))
