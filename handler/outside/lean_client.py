"""Clients of AWS without boto3, which imports S3's transfers: 130 ms of a cold start."""

from typing import Any


def lean_client(service: str, *, region: str, connect_seconds: float, read_seconds: float, tries: int) -> Any:
    from botocore.config import Config
    from botocore.session import Session

    retries = {"total_max_attempts": tries, "mode": "standard"}
    config = Config(connect_timeout=connect_seconds, read_timeout=read_seconds, retries=retries)
    return Session().create_client(service, region_name=region, config=config)
