"""`make deploy-local`: serverless.yml deployed to an embedded AWS with roles enforced, left running to look at."""

import argparse
import sys
from pathlib import Path

from infra.packaging.faults import PackagingFailed, ToolMissing
from local.deployed_stage import STACK, Deployment, new_key
from local.deployment import deployed
from local.ministack import ROOT, Missing
from local.serve import refuse
from local.servers import is_taken
from local.stopping import heed_wishes_to_stop, wait_for_a_wish_to_stop

FOLDER = ROOT / ".local" / "deployed"


def main() -> int:
    given = _arguments()
    for port, option in ((given.port, "--port"), (given.desk_port, "--desk-port")):
        if is_taken(port):
            return refuse(f"Port {port} is taken. Stop what uses it, or choose another with {option}.")
    heed_wishes_to_stop()
    print("Building the package and deploying it: half a minute.", flush=True)
    try:
        with deployed(given.folder, api_port=given.port, carrier_port=given.desk_port) as made:
            print(_told(made), flush=True)
            wait_for_a_wish_to_stop()
    except KeyboardInterrupt:
        print("\nStopped; nothing is kept.", flush=True)
    except (Missing, ToolMissing, PackagingFailed) as failed:
        return refuse(str(failed))
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m local.deployed", description=__doc__)
    parser.add_argument("--port", type=int, default=8020, help="where the HTTP API answers")
    parser.add_argument("--desk-port", type=int, default=8021, help="where the phones are")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="for the package and the logs")
    return parser.parse_args()


def _told(made: Deployment) -> str:
    key = new_key(made, "kotka", "send", "results")
    return f"""
The stage `test` is deployed, with every function held to its role. Its clock stands at the next weekday afternoon.

  Phones            {made.carrier}/phones
  The unit's page   {made.api}/units/kotka
  The API           {made.api}/openapi.json
  The embedded AWS  {made.aws} (stack {STACK}; key id and secret: test, region eu-north-1)
  Logs              {made.folder}

Pages for staff stay closed until people sign in. Ask a phone by the API, and answer on the phones' page:

  curl -H 'Authorization: Bearer {key}' -H 'Content-Type: application/json' \\
    -d '{{"phone":"040 123 4567","unit":"kotka","respondent":"youth","confirmed":true}}' {made.api}/api/invitations

Ctrl-C stops all of it; nothing is kept."""


if __name__ == "__main__":
    sys.exit(main())
