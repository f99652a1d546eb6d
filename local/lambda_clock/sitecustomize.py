"""Found by Python at its start where PYTHONPATH names this folder: moves the clock of functions that the embedded AWS
runs, so that a survey can be played at any hour. The package itself has no clock but the real one."""

import os
from datetime import UTC, datetime, timedelta

AHEAD = os.environ.get("KUULOLLA_LAMBDA_AHEAD", "")

if AHEAD:
    import time_machine  # of the embedded AWS's own environment (local/ministack.txt)

    time_machine.travel(datetime.now(UTC) + timedelta(seconds=float(AHEAD)), tick=True).start()
