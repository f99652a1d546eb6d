"""`python -m local`: Kuulolla on one machine. `--only app` starts the app alone."""

import argparse
import sys
from datetime import datetime
from pathlib import Path


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("without an offset")
    return moment


def options_from(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m local", description=__doc__)
    parser.add_argument("--only", choices=["app"], help="start the app alone, against what the settings name")
    parser.add_argument("--port", type=int, default=8000, help="the app's port (8000)")
    parser.add_argument("--tick", type=float, default=1.0, help="seconds between two rounds (1)")
    parser.add_argument("--now", type=_moment, help="where the clock starts, ISO 8601 with offset")
    parser.add_argument("--keep-clock", type=Path, help="a file in which the moved clock is kept")
    parser.add_argument("--keep-mail", type=Path, help="a folder in which sent mail is kept")
    parser.add_argument("--desk-port", type=int, default=8010, help="the desk's and the phones' port (8010)")
    parser.add_argument("--people-port", type=int, default=8020, help="the port of the people to sign in as (8020)")
    parser.add_argument("--aws-port", type=int, default=4566, help="the embedded AWS's port (4566)")
    parser.add_argument("--state", type=Path, default=Path(".local"), help="where things are kept over a restart")
    parser.add_argument("--no-examples", action="store_true", help="start without made-up answers")
    return parser.parse_args(arguments)


def main(arguments: list[str]) -> int:
    options = options_from(arguments)
    if options.only == "app":
        from local.serve import serve_app

        return serve_app(options)
    from local.runner import run

    return run(options)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
