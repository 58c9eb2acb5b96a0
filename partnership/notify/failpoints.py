"""Where `make faults` makes a process die, stop or dawdle. Nothing happens unless the settings allow it.

PORTAL_FAILPOINT is `name=action`, with `@n` for the n-th time only: `after_send=kill@3`. Actions: kill, stop, sleep:S.
"""

import os
import signal
import time
from collections import Counter

from django.conf import settings

_hits: Counter = Counter()


def reached(name: str) -> None:
    wanted = settings.FAILPOINT
    if not wanted or not wanted.startswith(f"{name}="):
        return
    action, _, turn = wanted.removeprefix(f"{name}=").partition("@")
    _hits[name] += 1
    if turn and int(turn) != _hits[name]:
        return
    if action.startswith("sleep:"):
        time.sleep(float(action.removeprefix("sleep:")))
    else:
        os.kill(os.getpid(), {"kill": signal.SIGKILL, "stop": signal.SIGSTOP}[action])
