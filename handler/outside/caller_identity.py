"""Who runs a command: the name by which AWS knows them, or this machine's user. On the commands' path alone."""

import re
from getpass import getuser

from handler.outside.lean_client import lean_client

_LONGEST = 100
NOBODY = "unknown"


def caller_in_aws(*, region: str) -> str:
    """The last part of the caller's ARN: a user's name, or of an assumed role the session's, which single sign-on takes
    from the person. It needs no permission. "" when AWS does not say ("GetCallerIdentity", AWS STS API reference)."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        client = lean_client("sts", region=region, connect_seconds=2, read_seconds=5, tries=2)
        return _plain(re.split("[:/]", client.get_caller_identity()["Arn"])[-1])
    except (BotoCoreError, ClientError):
        return ""


def caller_here() -> str:
    """This machine's user, or NOBODY."""
    try:
        return _plain(getuser()) or NOBODY
    except (KeyError, OSError):  # no such user, as in a container; OSError from Python 3.13 on
        return NOBODY


def _plain(name: str) -> str:
    """As the audit can be asked for it: one word."""
    return re.sub(r"\s+", "-", name.strip())[:_LONGEST]
