"""python -m local.carrier --port 4010 --app http://127.0.0.1:8000 --account AC... --token ... --sender +358..."""

import argparse
import errno
import json
import os
import signal
import sys
import threading
from pathlib import Path

from local.carrier import CarrierConfig, OptOutMode, carrier_of, create_carrier
from local.carrier.opt_outs import FINNISH, OptOutWords
from local.carrier.server import LocalServer


def main(arguments: list[str] | None = None) -> int:
    given = _parser().parse_args(arguments)
    try:
        listening = LocalServer.listen(given.port)
        app = create_carrier(_config(given))
    except (OSError, OverflowError, ValueError) as error:
        print(f"The carrier cannot start: {_why(error, given.port)}", file=sys.stderr)
        return 2
    server = LocalServer(app, listening)
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: threading.Thread(target=server.stop).start())
    print(f"The carrier is at {server.url}", flush=True)
    server.serve_forever()
    server.close()
    carrier_of(app).close()
    return 0


def _why(error: Exception, port: int) -> str:
    if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
        return f"port {port} is already in use. Stop what uses it, or choose another with --port."
    return str(error)


def _config(given: argparse.Namespace) -> CarrierConfig:
    if not given.account:
        raise ValueError("--account is missing.")
    words = FINNISH
    if given.opt_out_words is not None:
        words = OptOutWords.from_json(json.loads(given.opt_out_words.read_text(encoding="utf-8")))
    return CarrierConfig(
        app_url=given.app,
        account=given.account,
        token=given.token,
        sender=given.sender,
        service=given.service,
        public_url=given.public_url,
        form_url=given.form_url,
        fallback_url=given.fallback,
        opt_out=OptOutMode(given.opt_out),
        advanced_words=words,
        state_file=given.state,
        mail=given.mail,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m local.carrier", description="Stands in for Twilio and the phones.")
    parser.add_argument("--port", type=int, default=4010)
    parser.add_argument("--app", required=True, help="where the application listens")
    parser.add_argument("--public-url", help="the application's address that is signed, if it is another one")
    parser.add_argument("--form-url", help="the staff form shown on the desk; the application's address if not given")
    parser.add_argument("--fallback", help="what is asked when /sms/inbound has failed, as Twilio's fallback URL")
    parser.add_argument("--account", default=os.environ.get("TWILIO_ACCOUNT_SID", ""), help="or TWILIO_ACCOUNT_SID")
    parser.add_argument("--token", default=os.environ.get("TWILIO_AUTH_TOKEN", ""), help="or TWILIO_AUTH_TOKEN")
    parser.add_argument("--sender", required=True, help="the product's own number, +358...")
    parser.add_argument("--service", help="the Messaging Service (MG...), if there is one")
    parser.add_argument("--opt-out", choices=[mode.value for mode in OptOutMode], default=OptOutMode.DEFAULT.value)
    parser.add_argument("--opt-out-words", type=Path, help="JSON: the words and answers of Advanced Opt-Out")
    parser.add_argument("--mail", type=Path, help="the folder in which the application keeps the mail that it sent")
    parser.add_argument("--state", type=Path, help="a file that keeps everything over a restart")
    return parser


if __name__ == "__main__":
    sys.exit(main())
