"""How much is measured: all of it, within ten minutes, or so little that it only shows that everything works."""

from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks import read_reply
from benchmarks.load import burst, levels
from benchmarks.speed import compare, settings


@dataclass(frozen=True, slots=True)
class Scale:
    """The number of rounds is fixed before: who goes on measuring until a figure pleases finds one that does."""

    speed_rounds: int
    speed_messages: int
    settings_rounds: int
    settings_starts: int
    import_rounds: int
    levels: Mapping[int, int]
    load_turns: int
    burst: int
    reply_runs: int
    trial: bool = False


WHOLE = Scale(
    speed_rounds=compare.ROUNDS,
    speed_messages=compare.MESSAGES,
    settings_rounds=settings.ROUNDS,
    settings_starts=settings.STARTS,
    import_rounds=60,
    levels=levels.LEVELS,
    load_turns=levels.TURNS,
    burst=burst.BURST,
    reply_runs=read_reply.RUNS,
)
TRIAL = Scale(
    speed_rounds=2,
    speed_messages=3,
    settings_rounds=2,
    settings_starts=2,
    import_rounds=3,
    levels={1: 4, 8: 16, 64: 64},
    load_turns=1,
    burst=32,
    reply_runs=3,
    trial=True,
)
