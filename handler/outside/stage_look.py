"""What stands in AWS of a stage, looked at and not touched. Every method raises AwsRefused."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from handler.outside.aws_sentences import aws_in_sentences, client, code_of

# What each service calls a thing that is not there.
_ABSENT = frozenset(
    {
        "AWS.SimpleQueueService.NonExistentQueue",
        "NotFound",
        "NotFoundException",
        "QueueDoesNotExist",
        "ResourceNotFoundException",
        "ValidationError",  # CloudFormation's word for a stack that is not there
    }
)


@dataclass(frozen=True, slots=True)
class Stack:
    status: str
    outputs: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class MailAccount:
    """Of SES in this region: whether it may send at all, and to anybody (out of the sandbox)."""

    sending: bool
    to_anybody: bool


class StageLook:
    def __init__(self, *, region: str) -> None:
        self._region = region

    def account(self) -> str:
        """The id of the AWS account that these credentials are of."""
        return str(self._found("sts", lambda sts: sts.get_caller_identity())["Account"])

    def stack(self, name: str) -> Stack | None:
        found = self._found("cloudformation", lambda formation: formation.describe_stacks(StackName=name))
        if found is None:
            return None
        (stack,) = found["Stacks"]
        outputs = {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}
        return Stack(stack["StackStatus"], outputs)

    def missing_tables(self, names: Iterable[str]) -> list[str]:
        return self._missing("dynamodb", names, lambda dynamodb, name: dynamodb.describe_table(TableName=name))

    def missing_queues(self, names: Iterable[str]) -> list[str]:
        return self._missing("sqs", names, lambda sqs, name: sqs.get_queue_url(QueueName=name))

    def missing_keys(self, aliases: Iterable[str]) -> list[str]:
        """Those that are not there, or cannot be used (disabled, or waiting for deletion)."""

        def usable(kms: Any, alias: str) -> Any:
            found = kms.describe_key(KeyId=alias)
            return found if found["KeyMetadata"]["KeyState"] == "Enabled" else None

        return self._missing("kms", aliases, usable)

    def mail_account(self) -> MailAccount:
        found = self._found("sesv2", lambda ses: ses.get_account())
        return MailAccount(bool(found["SendingEnabled"]), bool(found["ProductionAccessEnabled"]))

    def may_send_from(self, address: str) -> bool:
        """Whether SES has verified the address, or the domain that it is of."""
        identities = (address, address.rpartition("@")[2])

        def verified(ses: Any, identity: str) -> Any:
            found = ses.get_email_identity(EmailIdentity=identity)
            return found if found["VerifiedForSendingStatus"] else None

        return len(self._missing("sesv2", identities, verified)) < len(identities)

    def alarm_mails(self, topic: str, *, account: str) -> tuple[int, int] | None:
        """How many addresses the topic's mail goes to, and how many have not confirmed yet; None without the topic."""
        arn = f"arn:aws:sns:{self._region}:{account}:{topic}"
        found = self._found("sns", lambda sns: sns.list_subscriptions_by_topic(TopicArn=arn))
        if found is None:
            return None
        waiting = [each["SubscriptionArn"] == "PendingConfirmation" for each in found["Subscriptions"]]
        return len(waiting) - sum(waiting), sum(waiting)

    def _missing(self, service: str, names: Iterable[str], ask: Callable[[Any, str], Any]) -> list[str]:

        def absent(name: str) -> bool:
            return self._found(service, lambda asked: ask(asked, name)) is None

        return [name for name in names if absent(name)]

    def _found(self, service: str, ask: Callable[[Any], Any]) -> Any:
        """The answer; None when what was asked about is not there."""
        from botocore.exceptions import ClientError

        with aws_in_sentences():
            try:
                return ask(client(service, self._region))
            except ClientError as error:
                if code_of(error) in _ABSENT:
                    return None
                raise
