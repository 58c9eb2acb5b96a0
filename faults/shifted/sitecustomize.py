"""Python imports this first: the process lives at another moment. Only where FAULTS_SHIFT_SECONDS says so."""

import os
from datetime import UTC, datetime, timedelta

if seconds := float(os.environ.get("FAULTS_SHIFT_SECONDS") or 0):
    import time_machine

    time_machine.travel(datetime.now(UTC) + timedelta(seconds=seconds), tick=True).start()
