"""A process that races others: it is told what to do, one JSON object a line, and answers one a line.

A model knows its tables process by process, so each racer builds a world of its own over the shared tables.
"""

import json
import sys
from collections.abc import Callable

from handler.templates import checked_library
from handler.work.request import Refused
from survey_flow.phone import PhoneNumber
from tests.handler.keeping import Kept
from tests.world import World, world_over


def invite(world: World, said: dict[str, str]) -> str:
    try:
        return world.invite(number=PhoneNumber(said["number"]), caller=said["caller"]).id
    except Refused as refused:
        return refused.refusal.value


def text(world: World, said: dict[str, str]) -> str:
    return world.text(said["body"], number=PhoneNumber(said["number"]), message_id=said["message_id"])


def rescue(world: World, said: dict[str, str]) -> list[str]:
    """What this process sent because of the item."""
    return Kept(world).rescue(said["item"])


DEEDS: dict[str, Callable[[World, dict[str, str]], str | list[str]]] = {
    "invite": invite,
    "text": text,
    "rescue": rescue,
}


def main(prefix: str) -> None:
    world = world_over(checked_library(), prefix=prefix)
    world.held()  # the connection is made before the race
    print(json.dumps("ready"), flush=True)
    for line in sys.stdin:
        said = json.loads(line)
        print(json.dumps(DEEDS[said["deed"]](world, said)), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
