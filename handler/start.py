"""What every entry point begins with: settings from the environment, tables bound to their names, the parts."""

import logging
import os
from collections.abc import Mapping

from handler.clock import utc_now
from handler.outside.metrics import metric_lines
from handler.phone_keys import PhoneKeys
from handler.settings import Settings, settings_from
from handler.templates import load_library
from handler.work.metric import unit_of
from handler.work.parts import Clock, Parts
from survey_flow.library import Library


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process, with secrets that are parameters' names fetched. Raises SettingsMissing."""
    from handler.outside.parameters import read_parameter

    return settings_from(os.environ if environment is None else environment, read_parameter)


def make_parts(settings: Settings, *, clock: Clock = utc_now, library: Library | None = None) -> Parts:
    """The parts that every use case is given; binds the tables to their prefix."""
    for chatty in ("botocore", "pynamodb"):  # at DEBUG they write out what is sent
        logging.getLogger(chatty).setLevel(logging.INFO)
    from handler.tables.all_tables import bind_all

    bind_all(prefix=settings.table_prefix, region=settings.region)
    return Parts(
        library=library or load_library(),
        phone_keys=PhoneKeys(settings.peppers),
        clock=clock,
        region=settings.region,
        count=metric_lines(settings.stage.value, clock, _print, unit_of),
    )


def _print(line: str) -> None:
    print(line, flush=True)
