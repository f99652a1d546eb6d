"""What AWS refuses or cannot do now, as one sentence for whoever sets the service up. Values and addresses stay out."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_NOT_ALLOWED = frozenset(
    {
        "AccessDenied",
        "AccessDeniedException",
        "AuthorizationError",
        "AuthorizationErrorException",
        "UnauthorizedOperation",
    }
)
_NOT_ACCEPTED = frozenset(
    {
        "ExpiredToken",
        "ExpiredTokenException",
        "IncompleteSignature",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "RequestExpired",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    }
)
_NO_CREDENTIALS = frozenset(
    {
        "CredentialRetrievalError",
        "LoginRefreshRequired",
        "NoCredentialsError",
        "PartialCredentialsError",
        "SSOTokenLoadError",
        "TokenRetrievalError",
        "UnauthorizedSSOTokenError",
    }
)
_SIGN_IN = "Sign in to AWS (for instance `aws sso login`) and choose the account with AWS_PROFILE."


class AwsRefused(Exception):
    """Its text is the sentence."""


@contextmanager
def aws_in_sentences() -> Iterator[None]:
    """AWS's faults within leave as AwsRefused."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
        return
    except ClientError as error:
        sentence = _refusal(error)
    except BotoCoreError as error:
        sentence = _failure(type(error).__name__)
    raise AwsRefused(sentence)  # outside the block: AWS's own words would come along, and they may hold what was sent


def code_of(error: Any) -> str:
    """The code of a ClientError."""
    return str(error.response.get("Error", {}).get("Code", ""))


def client(service: str, region: str) -> Any:
    """A client for a command that somebody waits for; found by AWS_ENDPOINT_URL where a stand-in is."""
    import boto3  # on the commands' path only
    from botocore.config import Config

    tries = {"total_max_attempts": 3, "mode": "standard"}
    with aws_in_sentences():
        return boto3.client(
            service, region_name=region, config=Config(connect_timeout=3, read_timeout=10, retries=tries)
        )


def _refusal(error: Any) -> str:
    code, operation = code_of(error), error.operation_name
    if code in _NOT_ALLOWED:
        return (
            f"AWS does not allow {operation} to you: ask for the permissions that the setup needs (docs/deploying.md)."
        )
    if code in _NOT_ACCEPTED:
        return f"AWS does not accept these credentials ({code}). {_SIGN_IN}"
    return f"AWS refused {operation}: {code}."


def _failure(fault: str) -> str:
    if fault in _NO_CREDENTIALS:
        return f"There are no AWS credentials. {_SIGN_IN}"
    if fault == "ProfileNotFound":
        return "AWS_PROFILE names a profile that is not on this machine."
    return f"AWS could not be asked ({fault}): check the network and the region, then try again."
