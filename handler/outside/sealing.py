"""Sealing of phone numbers with KMS, while a message is owed to them."""

from typing import Protocol

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
        import boto3  # 300 ms of import, on the pages' and the deliverer's path only
        from botocore.config import Config

        tries = {"total_max_attempts": TRIES, "mode": "standard"}
        config = Config(connect_timeout=CONNECT_SECONDS, read_timeout=READ_SECONDS, retries=tries)
        self._kms = boto3.client("kms", region_name=region, config=config)
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
