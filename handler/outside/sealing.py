"""Sealing of phone numbers with KMS, while a message is owed to them."""

from typing import Protocol

from handler.outside.lean_client import lean_client
from survey_flow.phone import PhoneNumber

CONNECT_SECONDS, READ_SECONDS, TRIES = 1, 3, 3
# Unsealing at its slowest: every try to its end.
SLOWEST_CALL = (CONNECT_SECONDS + READ_SECONDS) * TRIES


class Sealing(Protocol):
    def seal(self, number: PhoneNumber, *, conversation_id: str) -> bytes: ...

    def unseal(self, sealed: bytes, *, conversation_id: str) -> PhoneNumber: ...


class KmsSealing:
    """Numbers encrypted under one KMS key; the conversation's id is bound in, so that a seal fits no other row."""

    def __init__(self, key: str, *, region: str) -> None:
        self._kms = lean_client(
            "kms", region=region, connect_seconds=CONNECT_SECONDS, read_seconds=READ_SECONDS, tries=TRIES
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
