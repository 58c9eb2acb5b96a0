"""The states of a file and the steps between them; docs/flows/file.md is their drawing.

Not a Flow of access/flow.py: those steps are taken by people who hold a power, these by the check alone.
"""

from dataclasses import dataclass

from django.db import transaction

from partnership.access.flow import Stale, lock
from partnership.documents.models import State
from partnership.trail.services import record


@dataclass(frozen=True)
class Step:
    """source: the states that it starts from. to: where it ends. when: what makes the check take it."""

    source: tuple
    to: State
    when: str


STEPS = {
    "pass": Step(
        (State.QUARANTINED,), State.CLEAN, "it is what its name says, and the scanner answered that it is clean"
    ),
    "infect": Step((State.QUARANTINED,), State.INFECTED, "the scanner named a virus; the file is deleted"),
    "refuse": Step((State.QUARANTINED,), State.UNSCANNABLE, "it is not what may be kept; the file is deleted"),
    "withdraw": Step((State.CLEAN,), State.WITHDRAWN, "a later scan named a virus; the file is kept, for nobody"),
    "give_back": Step((State.WITHDRAWN,), State.CLEAN, "newer signatures answered that it is clean"),
}


@transaction.atomic
def take_step(version, code, **fields):
    """Lock, check the source, set the state and `fields`, write the event. Returns the saved row.

    Raises Stale when another check was quicker; nothing was changed then.
    """
    step = STEPS[code]
    row = lock(version)
    if row.state not in step.source:
        raise Stale("Another check of this file was quicker.")
    row.state = step.to
    for name, value in fields.items():
        setattr(row, name, value)
    row.save(update_fields=["state", *fields])
    record(f"file_{code}", obj=row, reason=row.reason)
    return row


def drawing() -> str:
    """The table as a Mermaid diagram and a list, for docs/flows/."""
    lines = ["# File", "", "```mermaid", "stateDiagram-v2", f"    [*] --> {State.QUARANTINED}: take"]
    for code, step in STEPS.items():
        lines += [f"    {source} --> {step.to}: {code}" for source in step.source]
    lines += [
        "```",
        "",
        "The portal takes these steps; no button does.",
        "",
        "| step | from | to | when |",
        "|---|---|---|---|",
    ]
    for code, step in STEPS.items():
        lines.append(f"| {code} | {', '.join(step.source)} | {step.to} | {step.when} |")
    return "\n".join(lines) + "\n"
