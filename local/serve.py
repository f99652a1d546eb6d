"""`python -m local --only app`: the app alone, against whatever the settings name."""

import logging
import os
import sys
from argparse import Namespace
from datetime import datetime
from pathlib import Path
from threading import get_ident

from werkzeug.serving import make_server

from handler.settings import SettingsMissing
from handler.start import read_settings
from local.clock import MovableClock
from local.one_app import one_app
from local.servers import is_taken
from survey_flow.faults import FaultyDefinitions


def serve_app(options: Namespace) -> int:
    """Serves until interrupted. Gives an exit code: 0, or 2 with a sentence on standard error."""
    if is_taken(options.port):
        return refuse(f"Port {options.port} is taken. Stop what uses it, or choose another with --port.")
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # its access log would hold addresses with ids
    clock = kept_clock(options.keep_clock, options.now)
    try:
        settings = read_settings()
        app, background = one_app(settings, os.environ, clock, tick_seconds=options.tick, keep_mail=options.keep_mail)
    except (SettingsMissing, FaultyDefinitions) as failure:
        return refuse(str(failure))
    if options.keep_clock:
        app.after_request(lambda response: _keep(options.keep_clock, clock) or response)
    server = make_server("127.0.0.1", options.port, app, threaded=True)
    background.start()
    print(f"Kuulolla listens at http://127.0.0.1:{options.port}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        background.stop()
        server.server_close()
    return 0


def kept_clock(file: Path | None, now: datetime | None) -> MovableClock:
    """The clock at `now`, or where it was left, or the wall clock."""
    clock = MovableClock(now)
    if file is not None and file.exists():
        clock.set(datetime.fromisoformat(file.read_text().strip()))
    return clock


def _keep(file: Path, clock: MovableClock) -> None:
    """In one step: whoever stops the machine in the middle of it leaves the earlier time, not half of one."""
    half = file.with_name(f"{file.name}.{get_ident()}")
    half.write_text(clock().isoformat())
    half.replace(file)


def refuse(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 2
