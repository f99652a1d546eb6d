"""What people write, in fixed shares by a seed, and how each conversation then ends."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from survey_flow.phone import PhoneNumber


class End(StrEnum):
    """The column of `counts` that a conversation's end adds to."""

    FINISHED = "finished"
    OPTED_OUT = "opted_out"


@dataclass(frozen=True, slots=True)
class Kind:
    """`share` in per cent; `twice` posts each message but the last again under its id, as Twilio does when an answer is
    lost. The last is not: what is said after a closing is owed to be deleted at the carrier, which takes KMS."""

    name: str
    share: int
    texts: tuple[str, ...]
    end: End
    twice: bool = False


KINDS = (
    Kind("digits and a comment", 55, ("9 koska kuunneltiin", "4534", "Kiitos kun kuuntelitte"), End.FINISHED),
    Kind("digits alone", 15, ("9", "4534", "OHITA"), End.FINISHED),
    Kind("rubbish between", 10, ("???", "8", "asdf", "4534", "ei muuta"), End.FINISHED),
    Kind("STOP at once", 8, ("STOP",), End.OPTED_OUT),
    Kind("STOP half-way", 7, ("7", "STOP"), End.OPTED_OUT),
    Kind("messages twice", 5, ("10", "4534", "Hyvin meni"), End.FINISHED, twice=True),
)


@dataclass(frozen=True, slots=True)
class Talk:
    """One person's conversation: message ids and texts in order."""

    number: PhoneNumber
    kind: Kind
    messages: tuple[tuple[str, str], ...]


def talks(numbers: Sequence[PhoneNumber], seed: int) -> Iterator[Talk]:
    """The same for the same numbers and seed."""
    chance = random.Random(f"{seed} {numbers[0] if numbers else ''}")  # noqa: S311 made-up people, not secrets
    for number in numbers:
        (kind,) = chance.choices(KINDS, weights=[kind.share for kind in KINDS])
        ids = [f"SM{UUID(int=chance.getrandbits(128)).hex}" for _ in kind.texts]
        said = list(zip(ids, kind.texts, strict=True))
        again = [one for one in said[:-1] for _ in range(2)] if kind.twice else said[:-1]
        yield Talk(number, kind, (*again, said[-1]))
