"""Mail: one report as MIME, and sending it by SES. No fault and no log holds an address or a word of the text."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Protocol

from handler.outside.lean_client import lean_client

CONNECT_SECONDS, READ_SECONDS, TRIES = 2, 10, 2
# One call at its slowest: every try to its end.
SLOWEST_CALL = (CONNECT_SECONDS + READ_SECONDS) * TRIES
SENDER_NAME = "Kuulolla"


class NotMailed(Exception):
    """The mail was not taken, or nobody knows. Its text is the fault's name alone ("MessageRejected")."""


@dataclass(frozen=True, slots=True)
class Mail:
    """One report. `pictures` are PNGs by the content id that the HTML names (`cid:...`).

    `id` is the same whenever the same report is made: programs that know doubles by it show one that came twice once.
    """

    id: str
    sender: str = field(repr=False)
    to: tuple[str, ...] = field(repr=False)
    subject: str = field(repr=False)
    text: str = field(repr=False)
    html: str = field(repr=False)
    pictures: Mapping[str, bytes] = field(repr=False)
    language: str
    written: datetime


class Post(Protocol):
    def send(self, mail: Mail) -> None:
        """Raises NotMailed."""


class SesPost:
    """Amazon SES, by its second API, with the message as we wrote it."""

    def __init__(self, *, region: str) -> None:
        self._ses = lean_client(
            "sesv2", region=region, connect_seconds=CONNECT_SECONDS, read_seconds=READ_SECONDS, tries=TRIES
        )

    def send(self, mail: Mail) -> None:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            self._ses.send_email(
                FromEmailAddress=mail.sender,
                Destination={"ToAddresses": list(mail.to)},
                Content={"Raw": {"Data": as_message(mail).as_bytes()}},
            )
            return
        except ClientError as error:
            fault = NotMailed(error.response["Error"]["Code"])
        except BotoCoreError as error:
            fault = NotMailed(type(error).__name__)
        raise fault  # outside the block: SES's own words would come along, and they hold the addresses


def as_message(mail: Mail) -> EmailMessage:
    """multipart/alternative: the text, and the HTML related to its pictures. Seven-bit throughout, so that no server on
    the way has to change it."""
    message = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    message["From"] = Address(SENDER_NAME, addr_spec=mail.sender)
    message["To"] = ", ".join(mail.to)
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(mail.written)
    message["Message-ID"] = f"<{mail.id}@{mail.sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's absence is answered to us
    message.set_content(mail.text, cte="quoted-printable")
    message.add_alternative(mail.html, subtype="html", cte="quoted-printable")
    html = message.get_payload(1)
    assert isinstance(html, EmailMessage)  # noqa: S101 the part that was just added
    for content_id, picture in mail.pictures.items():
        html.add_related(
            picture, "image", "png", cid=f"<{content_id}>", disposition="inline", filename=f"{content_id}.png"
        )
    message["Content-Language"] = mail.language  # at the end: what is set before moves into the first part
    return message
