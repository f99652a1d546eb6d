"""Secrets that a setting names instead of holding (SSM parameters)."""


def read_parameter(name: str) -> str:
    """The decrypted value of a parameter such as /kuulolla/prod/pepper."""
    import boto3  # only where a setting names a parameter

    return str(boto3.client("ssm").get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"])
