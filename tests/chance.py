"""How much is tried of what is played at random, and from which seed.

`KUULOLLA_DEPTH=n` tries n times as much as the ordinary run, and from 2 on everything of which the ordinary run plays a
part. `KUULOLLA_SEED=n` plays other lives than the ordinary run does.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager

DEPTH = int(os.environ.get("KUULOLLA_DEPTH", "1"))
DEEPER = DEPTH > 1
DEFAULT_SEED = 1


def seed() -> int:
    return int(os.environ.get("KUULOLLA_SEED", DEFAULT_SEED))


@contextmanager
def told_with_its_seed() -> Iterator[None]:
    """Whatever goes wrong within is told with its seed.

    It brings about the same model's life again. Of a storm it deals the same people, weather and deaths; which of its
    threads and processes is first is up to the machine, so a rare fault may take several tries.
    """
    try:
        yield
    except BaseException as fault:
        fault.add_note(f"KUULOLLA_SEED={seed()}")
        raise
