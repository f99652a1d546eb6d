"""Run by the embedded AWS's own Python, whose clock is the deployment's: makes calls of AWS as a role, and tells how
each ended. Reads {"aws": address, "role": ARN, "calls": [[service, method, arguments], ...]} from standard input."""

import json
import sys
from base64 import b64decode, b64encode
from typing import Any

from botocore.exceptions import ClientError
from botocore.session import Session

REGION = "eu-north-1"


def main() -> None:
    asked = json.load(sys.stdin)
    administrator = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    sts = client("sts", asked["aws"], administrator)
    session = sts.assume_role(RoleArn=asked["role"], RoleSessionName="looking")["Credentials"]
    role = {
        "aws_access_key_id": session["AccessKeyId"],
        "aws_secret_access_key": session["SecretAccessKey"],
        "aws_session_token": session["SessionToken"],
    }
    print(json.dumps([told(asked["aws"], role, *call) for call in asked["calls"]]))


def client(service: str, aws: str, credentials: dict[str, str]) -> Any:
    return Session().create_client(service, endpoint_url=aws, region_name=REGION, **credentials)


def told(aws: str, role: dict[str, str], service: str, method: str, arguments: dict[str, Any]) -> dict[str, str]:
    """`error` is "" when it was done, else the error's code; `sealed` is what was sealed. Bytes are base64."""
    if "CiphertextBlob" in arguments:
        arguments = arguments | {"CiphertextBlob": b64decode(arguments["CiphertextBlob"])}
    try:
        answer = getattr(client(service, aws, role), method)(**arguments)
    except ClientError as error:
        return {"error": str(error.response["Error"]["Code"]), "sealed": ""}
    return {"error": "", "sealed": b64encode(answer.get("CiphertextBlob", b"")).decode()}


main()
