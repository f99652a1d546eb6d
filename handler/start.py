"""What every entry point begins with: settings from the environment, tables bound to their names, the parts."""

import logging
import os
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Generic, TypeVar

from handler.clock import utc_now
from handler.outside.metrics import metric_lines
from handler.outside.parameters import AT_START, IN_PASSING, ParametersSilent, Patience, read_parameters
from handler.phone_keys import PhoneKeys
from handler.settings import Settings, SettingsMissing, settings_from
from handler.work.metric import unit_of

if TYPE_CHECKING:
    from handler.work.parts import Clock, Count, Parts
    from survey_flow.library import Library

# For so long a change of a secret goes unnoticed in a running container.
SECRETS_KEPT_SECONDS = 300

log = logging.getLogger("kuulolla.start")
T = TypeVar("T")


def read_settings(environment: Mapping[str, str] | None = None, patience: Patience = AT_START) -> Settings:
    """The settings of this process, with secrets that are parameters' names fetched.

    Raises SettingsMissing, or ParametersSilent when the parameters cannot be read now.
    """
    found = os.environ if environment is None else environment
    region = found.get("AWS_REGION") or found.get("AWS_DEFAULT_REGION", "")
    return settings_from(found, lambda names: read_parameters(names, region=region, patience=patience))


def stage_of_the_terminal() -> str:
    """Whose settings this process has, "" for none."""
    return os.environ.get("KUULOLLA_STAGE", "")


read_in_passing = partial(read_settings, patience=IN_PASSING)


class Wired(Generic[T]):
    """What an entry point stands on, wired at its first call, and wired anew when a secret has changed.

    Secrets are looked at again after five minutes, in passing; where that fails, what was wired stays until the next
    look. By the wall clock: the monotonic one stands still while Lambda keeps a container frozen, which would then know
    an old pepper for hours (https://github.com/hashicorp/vault-lambda-extension/pull/150).
    """

    def __init__(
        self,
        make: Callable[[Settings], T],
        *,
        read: Callable[[], Settings] = read_settings,
        look: Callable[[], Settings] = read_in_passing,
        seconds: Callable[[], float] = time.time,
    ) -> None:
        self._make, self._read, self._look, self._seconds = make, read, look, seconds
        self._settings: Settings | None = None
        self._made: T
        self._looked_at = 0.0

    def __call__(self) -> T:
        if self._settings is None:
            self._wire(self._read())
        elif abs(self._seconds() - self._looked_at) >= SECRETS_KEPT_SECONDS:
            self._look_again(self._settings)
        return self._made

    def _look_again(self, known: Settings) -> None:
        try:
            settings = self._look()
        except (SettingsMissing, ParametersSilent) as fault:
            log.error("the secrets could not be looked at again: %s", type(fault).__name__)
            settings = known
        if settings == known:
            self._looked_at = self._seconds()
        else:
            self._wire(settings)

    def _wire(self, settings: Settings) -> None:
        self._made = self._make(settings)
        self._settings, self._looked_at = settings, self._seconds()


def make_parts(
    settings: Settings, *, clock: "Clock" = utc_now, library: "Library | None" = None, for_staff: bool = True
) -> "Parts":
    """The parts that every use case is given; binds the tables to their prefix, those of the staff's pages if asked."""
    from handler.outside.sealing import sealing_when_needed

    if for_staff:
        from handler.tables.all_tables import bind_all as bind
    else:
        from handler.tables.dialogue_tables import bind_dialogue as bind
    from handler.templates import load_library
    from handler.work.parts import Parts  # the fallback, which is wired here too, knows neither tables nor surveys

    keep_libraries_quiet()
    bind(prefix=settings.table_prefix, region=settings.region)
    return Parts(
        library=library or load_library(),
        phone_keys=PhoneKeys(settings.peppers),
        clock=clock,
        region=settings.region,
        count=make_count(settings, clock),
        seal=sealing_when_needed(settings.sealing_key, region=settings.region),
    )


def keep_libraries_quiet() -> None:
    for chatty in ("botocore", "pynamodb"):  # at DEBUG they write out what is sent
        logging.getLogger(chatty).setLevel(logging.INFO)


def make_count(settings: Settings, clock: "Clock") -> "Count":
    """Where metrics are counted: in the log."""
    return metric_lines(settings.stage.value, clock, _print, unit_of)


def _print(line: str) -> None:
    print(line, flush=True)
