"""The sweep as a loop without a pause, until SIGTERM; a database that goes away is waited for."""

import os
import signal
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))


def main():
    import django

    django.setup()
    from django.db import InterfaceError, InternalError, OperationalError, connection

    from partnership.deadlines.sweep import sweep

    ending = []
    signal.signal(signal.SIGTERM, lambda *_: ending.append(True))
    while not ending:
        try:
            sweep()
            time.sleep(0.02)
        except (OperationalError, InterfaceError, InternalError):
            connection.close()
            time.sleep(0.5)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "faults.settings")
    main()
