"""Whether rows stand under a pepper: phone keys begin with its key id and a dot."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from handler.outside.aws_sentences import aws_in_sentences, client, code_of

# The tables whose rows are found by a phone key; opt-outs alone stay for good.
TABLES = ("opt_outs", "throttle", "conversations")


class PhoneKeyRows:
    def __init__(self, table_prefix: str, *, region: str) -> None:
        self._dynamodb = client("dynamodb", region)
        self._prefix = table_prefix

    def tables_with_rows(self, key_id: str | None = None) -> list[str]:
        """The tables in which a row stands under this pepper, or under any. Raises AwsRefused."""
        return [table for table in TABLES if self._any(table, key_id)]

    def counted(self) -> Mapping[str, Counter[str]]:
        """By table, how many rows stand under each key id. Raises AwsRefused."""
        return {table: Counter(self._key_ids(table)) for table in TABLES}

    def _key_ids(self, table: str) -> Iterator[str]:
        from botocore.exceptions import ClientError

        pages = self._dynamodb.get_paginator("scan")
        with aws_in_sentences():
            try:
                for page in pages.paginate(
                    TableName=f"{self._prefix}{table}", ProjectionExpression="phone_key", ConsistentRead=True
                ):
                    yield from (item["phone_key"]["S"].partition(".")[0] for item in page["Items"])
            except ClientError as error:
                if code_of(error) != "ResourceNotFoundException":  # before the first deployment
                    raise

    def _any(self, table: str, key_id: str | None) -> bool:
        from botocore.exceptions import ClientError

        with aws_in_sentences():
            try:
                return any(page["Count"] for page in self._pages(table, key_id))
            except ClientError as error:
                if code_of(error) == "ResourceNotFoundException":  # before the first deployment
                    return False
                raise

    def _pages(self, table: str, key_id: str | None) -> Iterator[Any]:
        begins: dict[str, Any] = {}
        if key_id is not None:
            values = {":under": {"S": f"{key_id}."}}
            begins = {"FilterExpression": "begins_with(phone_key, :under)", "ExpressionAttributeValues": values}
        pages = self._dynamodb.get_paginator("scan")
        yield from pages.paginate(TableName=f"{self._prefix}{table}", Select="COUNT", ConsistentRead=True, **begins)
