"""Sealing of phone numbers with KMS, while a message is owed to them."""

from collections.abc import Callable
from typing import Protocol

from handler.outside.lean_client import lean_client
from survey_flow.phone import PhoneNumber

CONNECT_SECONDS, READ_SECONDS, TRIES = 1, 3, 3
# Unsealing at its slowest: every try to its end.
SLOWEST_CALL = (CONNECT_SECONDS + READ_SECONDS) * TRIES


class CannotSeal(Exception):
    """The key service does not seal now. Holds nothing of the number."""


class Sealing(Protocol):
    def seal(self, number: PhoneNumber, *, conversation_id: str) -> bytes: ...

    def unseal(self, sealed: bytes, *, conversation_id: str) -> PhoneNumber: ...


class KmsSealing:
    """Numbers encrypted under one KMS key; the conversation's id is bound in, so that a seal fits no other row."""

    def __init__(self, key: str, *, region: str, read_seconds: float = READ_SECONDS, tries: int = TRIES) -> None:
        self._kms = lean_client(
            "kms", region=region, connect_seconds=CONNECT_SECONDS, read_seconds=read_seconds, tries=tries
        )
        self._key = key

    def seal(self, number: PhoneNumber, *, conversation_id: str) -> bytes:
        answer = self._kms.encrypt(
            KeyId=self._key, Plaintext=number.encode(), EncryptionContext={"conversation": conversation_id}
        )
        return bytes(answer["CiphertextBlob"])

    def unseal(self, sealed: bytes, *, conversation_id: str) -> PhoneNumber:
        answer = self._kms.decrypt(
            KeyId=self._key, CiphertextBlob=sealed, EncryptionContext={"conversation": conversation_id}
        )
        return PhoneNumber(answer["Plaintext"].decode())


def sealing_when_needed(key: str, *, region: str) -> Callable[[PhoneNumber, str], bytes]:
    """Seals a number for a row of this id, or raises CannotSeal. The client is made at the first number: most messages
    need none; whoever wrote waits for the answer, so one short try is all."""
    kms: list[KmsSealing] = []

    def seal(number: PhoneNumber, row_id: str) -> bytes:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            if not kms:
                kms.append(KmsSealing(key, region=region, read_seconds=1, tries=1))
            return kms[0].seal(number, conversation_id=row_id)
        except (BotoCoreError, ClientError) as error:
            raise CannotSeal(type(error).__name__) from None

    return seal
