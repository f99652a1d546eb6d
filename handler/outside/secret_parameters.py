"""The secrets where they are kept: SSM parameters, encrypted, made and changed by an administrator alone.

SSM knows no conditional change: a parameter can be made on condition that it is not there, but not changed on condition
that it is as it was read. Its version tells afterwards whether somebody else changed it in between.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from handler.outside.aws_sentences import aws_in_sentences, client, code_of

PEPPER, TWILIO_TOKEN, SESSION_KEY, CLIENT_SECRET = "pepper", "twilio-token", "session-key", "oidc-client-secret"


@dataclass(frozen=True, slots=True)
class Held:
    """A parameter as it stands. `age`: since its last change, by AWS's clock. `encrypted`: it is a SecureString."""

    value: str = field(repr=False)
    version: int
    age: timedelta
    encrypted: bool = True


class ChangedMeanwhile(Exception):
    """Somebody else changed the parameter between our reading and our writing; ours is the last."""


class SecretParameters:
    """The parameters `/kuulolla/STAGE/...`. Every method raises AwsRefused."""

    def __init__(self, stage: str, *, region: str) -> None:
        self._stage = stage
        self._ssm = client("ssm", region)

    def name(self, secret: str) -> str:
        return f"/kuulolla/{self._stage}/{secret}"

    def read(self, secret: str) -> Held | None:
        from botocore.exceptions import ClientError

        with aws_in_sentences():
            try:
                answer = self._ssm.get_parameter(Name=self.name(secret), WithDecryption=True)
            except ClientError as error:
                if code_of(error) == "ParameterNotFound":
                    return None
                raise
        found = answer["Parameter"]
        age = max(_moment_of(answer) - found["LastModifiedDate"], timedelta(0))  # the answer's date has no fractions
        return Held(found["Value"], found["Version"], age, found["Type"] == "SecureString")

    def create(self, secret: str, value: str) -> bool:
        """False when it is there already, made by whoever was first; that one stays as it is."""
        from botocore.exceptions import ClientError

        tags = {"service": "kuulolla", "stage": self._stage}
        with aws_in_sentences():
            try:
                self._put(secret, value, Overwrite=False, Tags=_tags(tags))
            except ClientError as error:
                if code_of(error) == "ParameterAlreadyExists":
                    return False
                raise
        return True

    def change(self, secret: str, value: str, held: Held) -> int:
        """The new version. Raises ChangedMeanwhile."""
        with aws_in_sentences():
            version = int(self._put(secret, value, Overwrite=True)["Version"])
        if version != held.version + 1:
            raise ChangedMeanwhile
        return version

    def tags(self, secret: str) -> Mapping[str, str]:
        with aws_in_sentences():
            found = self._ssm.list_tags_for_resource(ResourceType="Parameter", ResourceId=self.name(secret))
        return {tag["Key"]: tag["Value"] for tag in found["TagList"]}

    def tag(self, secret: str, **tags: str) -> None:
        with aws_in_sentences():
            self._ssm.add_tags_to_resource(ResourceType="Parameter", ResourceId=self.name(secret), Tags=_tags(tags))

    def _put(self, secret: str, value: str, **how: Any) -> Any:
        return self._ssm.put_parameter(Name=self.name(secret), Value=value, Type="SecureString", **how)


def _moment_of(answer: Any) -> datetime:
    """When AWS gave the answer."""
    try:
        return parsedate_to_datetime(answer["ResponseMetadata"]["HTTPHeaders"].get("date", ""))
    except ValueError:
        return datetime.now(UTC)


def _tags(tags: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"Key": name, "Value": value} for name, value in tags.items()]
