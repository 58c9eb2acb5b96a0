"""`make faults`: real processes, killed and stopped on purpose; prints what was lost or doubled. README.md explains.

    python faults/run.py [F2 F8 ...]

Exit status 1 when something was lost, recorded twice, or sent twice where the provider can be asked.
"""

import importlib
import signal
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from faults.machine import Machine  # noqa: E402

HEAD = f"{'fault':<6}{'what':<52}{'tried':>7}{'lost':>6}{'recorded twice':>16}{'sent twice':>12}  note"


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the services and their folders go
    wanted = {word.upper() for word in sys.argv[1:]}
    names = sorted(path.stem for path in HERE.glob("f[0-9]*.py"))
    names = [name for name in names if not wanted or code(name) in wanted]
    if wanted - {code(name) for name in names}:
        sys.exit(f"There is no {', '.join(sorted(wanted - {code(name) for name in names}))}.")
    machine = Machine()
    try:
        return tried(machine, names)
    finally:
        machine.close()


def tried(machine, names) -> int:
    import django

    django.setup()
    began, wrong, lines = time.monotonic(), 0, 0
    print(HEAD, "-" * len(HEAD), sep="\n", flush=True)
    for name in names:
        fault = importlib.import_module(f"faults.{name}")
        try:
            for line in fault.run(machine):
                problems = line.problems()
                wrong += bool(problems)
                lines += 1
                print(shown(line, problems), flush=True)
        except AssertionError as error:
            wrong += 1
            print(f"{code(name):<6}WRONG: {error}", flush=True)
            machine.end_children()
    print(f"\n{lines} lines, {wrong} wrong, {time.monotonic() - began:.0f} seconds.")
    return 1 if wrong else 0


def code(name) -> str:
    return f"F{int(name[1:3])}"


def shown(line, problems) -> str:
    twice = str(line.sent_twice) + (f" (≤{line.most_twice})" if line.most_twice else "")
    note = line.note + ("  WRONG: " + "; ".join(problems) if problems else "")
    return f"{line.fault:<6}{line.what:<52}{line.tried:>7}{line.lost:>6}{line.recorded_twice:>16}{twice:>12}  {note}"


if __name__ == "__main__":
    raise SystemExit(main())
