"""The queue of what is to be delivered (SQS). Its items are phone keys, never numbers or texts."""

from collections.abc import Iterator, Sequence

from handler.outside.lean_client import lean_client

# The most that SQS takes in one call.
_AT_ONCE = 10


class NotQueued(Exception):
    """Some items were not taken; the next round of the schedule puts them again."""


class SendQueue:
    """The queue of this name, in this region. Its address is asked for once."""

    def __init__(self, name: str, *, region: str) -> None:
        self._sqs = lean_client("sqs", region=region, connect_seconds=1, read_seconds=3, tries=2)
        self._name = name
        self._address = ""

    def put(self, phone_keys: Sequence[str]) -> None:
        """Raises NotQueued; what was taken stays taken."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            self._address = self._address or self._sqs.get_queue_url(QueueName=self._name)["QueueUrl"]
            refused = sum(len(self._put(batch)) for batch in _batches(phone_keys))
        except (BotoCoreError, ClientError) as error:
            raise NotQueued(type(error).__name__) from None
        if refused:
            raise NotQueued(f"{refused} items were not taken")

    def _put(self, batch: Sequence[str]) -> list[object]:
        entries = [{"Id": str(number), "MessageBody": key} for number, key in enumerate(batch)]
        answer = self._sqs.send_message_batch(QueueUrl=self._address, Entries=entries)
        return list(answer.get("Failed", []))


def _batches(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(keys), _AT_ONCE):
        yield keys[start : start + _AT_ONCE]
