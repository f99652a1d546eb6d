"""A stage on this machine: the tables, queues and keys of the settings, and functions of the package over them."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from handler.outside.sealing import KmsSealing
from handler.settings import settings_from
from local.one_app import make_missing
from survey_flow.helsinki import local
from survey_flow.library import Library
from tests.environment import ENVIRONMENT
from tests.infra.runtime_api import Function, running
from tests.world import REGION, World, world_over


@dataclass(slots=True)
class Stage:
    """`function` starts a function at the first call; a test sees all logs in `told`."""

    unpacked: Path
    logs: Path
    settings: Mapping[str, str]
    library: Library
    _open: ExitStack
    _functions: dict[str, Function] = field(default_factory=dict)

    def function(self, handler: str) -> Function:
        if handler not in self._functions:
            log = self.logs / f"{handler}.log"
            self._functions[handler] = self._open.enter_context(running(self.unpacked, handler, self.settings, log=log))
        return self._functions[handler]

    def world(self) -> World:
        """People and staff over the stage's tables, last weekday afternoon: the functions have the real time."""
        settings = settings_from(self.settings)
        world = world_over(self.library, prefix=settings.table_prefix, peppers=settings.peppers)
        world.delivery = replace(world.delivery, sealing=KmsSealing(settings.sealing_key, region=REGION))
        world.clock.now = last_afternoon(datetime.now(UTC))
        return world

    def told(self) -> str:
        """What the functions have logged."""
        return "\n".join(path.read_text(encoding="utf-8") for path in sorted(self.logs.glob("*.log")))


@contextmanager
def stage(engine: str, unpacked: Path, logs: Path, library: Library, **differs: str) -> Iterator[Stage]:
    """Over the engine that AWS's variables name in this process, too."""
    # Names of its own: a table's model keeps the engine that it was first used with.
    settings = {**ENVIRONMENT, "KUULOLLA_TABLE_PREFIX": "package-", "AWS_ENDPOINT_URL": engine, **differs}
    make_missing_of(settings, library)
    with ExitStack() as opened:
        yield Stage(unpacked, logs, settings, library, opened)


def make_missing_of(settings: Mapping[str, str], library: Library) -> None:
    made = settings_from(settings)
    world_over(library, prefix=made.table_prefix, peppers=made.peppers)  # the tables have their names
    make_missing(made)


def last_afternoon(now: datetime) -> datetime:
    """Three in the afternoon of the last weekday before today."""
    day = local(now).replace(hour=15, minute=0, second=0, microsecond=0) - timedelta(days=1)
    while day.weekday() >= 5:
        day -= timedelta(days=1)
    return day
