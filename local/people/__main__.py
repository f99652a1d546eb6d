"""python -m local.people --port 8020: the made-up people, for the application that the settings describe."""

import argparse
import logging
import os
import sys

from local.people.app import people_app
from local.people.grant import Client
from local.serve import refuse
from local.servers import is_taken


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m local.people", description="Stands in for an identity provider.")
    parser.add_argument("--port", type=int, default=8020)
    port = parser.parse_args(arguments).port
    if os.environ.get("KUULOLLA_STAGE") != "local":
        return refuse("Anybody may be anybody here: the made-up people start only with KUULOLLA_STAGE=local.")
    if is_taken(port):
        return refuse(f"Port {port} is taken. Stop what uses it, or choose another with --port.")
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"  # one machine speaks plain HTTP
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # its access log would hold codes
    return serve(port, os.environ["KUULOLLA_PUBLIC_URL"])


def serve(port: int, app: str) -> int:
    from werkzeug.serving import make_server

    client = Client(
        os.environ["KUULOLLA_OIDC_CLIENT_ID"], os.environ["KUULOLLA_OIDC_CLIENT_SECRET"], f"{app}/login/back"
    )
    people = people_app(f"http://127.0.0.1:{port}", client, out=f"{app}/login/out")
    server = make_server("127.0.0.1", port, people, threaded=True)
    print(f"The made-up people are at http://127.0.0.1:{port}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
