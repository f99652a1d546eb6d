"""The queue of messages that wait for their rescue (SQS, first in, first out). Its items are sealed."""

from handler.outside.lean_client import lean_client
from handler.outside.send_queue import NotQueued

# A webhook is waited for: twice at the most, and short.
CONNECT_SECONDS, READ_SECONDS, TRIES = 1, 2, 2
# One call at its slowest.
SLOWEST_CALL = (CONNECT_SECONDS + READ_SECONDS) * TRIES


class RescueQueue:
    """The queue of this name, in this region. Its address is asked for once."""

    def __init__(self, name: str, *, region: str) -> None:
        self._sqs = lean_client(
            "sqs", region=region, connect_seconds=CONNECT_SECONDS, read_seconds=READ_SECONDS, tries=TRIES
        )
        self._name = name
        self._address = ""

    def put(self, body: str, *, group: str, about: str) -> None:
        """In order within the group; the same `about` again within five minutes is nothing. Raises NotQueued."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            self._address = self._address or self._sqs.get_queue_url(QueueName=self._name)["QueueUrl"]
            self._sqs.send_message(
                QueueUrl=self._address, MessageBody=body, MessageGroupId=group, MessageDeduplicationId=about
            )
            return
        except ClientError as error:
            fault = error.response["Error"]["Code"]
        except BotoCoreError as error:
            fault = type(error).__name__
        raise NotQueued(fault)
