"""Sealing of whole messages with KMS, while they wait for their rescue. What is sealed may stand in a queue.

KMS takes 4,096 bytes at once. 1,600 characters may be 6,400 bytes, so a message is sealed in as many parts as it needs:
one, or seldom two. Each part's place and the message's digest are bound in: a part fits no other place or message.
Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_Encrypt.html
"""

import json
from base64 import b64decode, b64encode
from typing import Any

from handler.outside.lean_client import lean_client

# A webhook is waited for: twice at the most, and short.
CONNECT_SECONDS, READ_SECONDS, TRIES = 1, 2, 2
# One call at its slowest.
SLOWEST_CALL = (CONNECT_SECONDS + READ_SECONDS) * TRIES
_MOST_BYTES = 4096
# What no waiting mends. A key that is disabled, missing or not allowed to us may be put right.
_NEVER = frozenset({"InvalidCiphertextException", "IncorrectKeyException", "ValidationException"})


class KeySilent(Exception):
    """The key service did not do it now. Its text is the fault's name alone."""


class CannotUnseal(Exception):
    """This was not sealed by us, or is not whole; no waiting mends it."""


class KmsForms:
    def __init__(self, key: str, *, region: str) -> None:
        self._kms = lean_client(
            "kms", region=region, connect_seconds=CONNECT_SECONDS, read_seconds=READ_SECONDS, tries=TRIES
        )
        self._key = key

    def seal(self, plain: bytes, *, about: str) -> str:
        """JSON: what it is about, and the sealed parts. Raises KeySilent."""
        parts = [plain[start : start + _MOST_BYTES] for start in range(0, len(plain), _MOST_BYTES)]
        sealed = [
            self._call("encrypt", "CiphertextBlob", Plaintext=part, EncryptionContext=_bound(about, place, len(parts)))
            for place, part in enumerate(parts)
        ]
        return json.dumps({"about": about, "sealed": [b64encode(part).decode() for part in sealed]})

    def unseal(self, sealed: str) -> bytes:
        """Raises KeySilent, or CannotUnseal."""
        about, parts = _read(sealed)
        return b"".join(
            self._call("decrypt", "Plaintext", CiphertextBlob=part, EncryptionContext=_bound(about, place, len(parts)))
            for place, part in enumerate(parts)
        )

    def _call(self, operation: str, wanted: str, **arguments: Any) -> bytes:
        from botocore.exceptions import BotoCoreError, ClientError

        fault: Exception
        try:
            return bytes(getattr(self._kms, operation)(KeyId=self._key, **arguments)[wanted])
        except ClientError as error:
            code = error.response["Error"]["Code"]
            fault = CannotUnseal(code) if code in _NEVER else KeySilent(code)
        except BotoCoreError as error:
            fault = KeySilent(type(error).__name__)
        raise fault


def _bound(about: str, place: int, parts: int) -> dict[str, str]:
    return {"message": about, "part": f"{place + 1}/{parts}"}


def _read(sealed: str) -> tuple[str, list[bytes]]:
    try:
        said = json.loads(sealed)
        about, parts = str(said["about"]), [b64decode(part, validate=True) for part in said["sealed"]]
    except (ValueError, TypeError, KeyError):
        raise CannotUnseal("unreadable") from None
    if not parts or not all(parts):
        raise CannotUnseal("empty")
    return about, parts
