"""The mail of one machine: what SES took is kept as it was sent, one file a mail, for the desk to show.

MiniStack itself keeps no pictures, and forgets its mail when it stops.
"""

from pathlib import Path

import boto3
from botocore.exceptions import ClientError

from handler.outside.mail import Mail, Post, as_message
from handler.settings import Settings


class KeptPost:
    """Sends, then keeps what was taken; what SES refused is nowhere to be seen."""

    def __init__(self, post: Post, folder: Path) -> None:
        self._post = post
        self._folder = folder

    def send(self, mail: Mail) -> None:
        self._post.send(mail)
        self._folder.mkdir(parents=True, exist_ok=True)
        number = sum(1 for _ in self._folder.glob("*.eml")) + 1
        (self._folder / f"{number:05}.eml").write_bytes(as_message(mail).as_bytes())


def make_missing_sender(settings: Settings, address: str) -> None:
    """The address that reports come from, as verified: SES takes no other. Nothing to do without an address."""
    if not address:
        return
    ses = boto3.client("sesv2", region_name=settings.region)
    try:
        ses.create_email_identity(EmailIdentity=address)
    except ClientError as error:
        if error.response["Error"]["Code"] != "AlreadyExistsException":
            raise
