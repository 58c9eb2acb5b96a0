"""Who signs a return, in which order: data/signing.toml, by the duty of the question set."""

import tomllib
from functools import cache
from pathlib import Path

from django.utils import timezone

from audits.models import Signature
from partnership.people.models import DutyKind, NamedDuty

FILE = Path(__file__).resolve().parent.parent / "data" / "signing.toml"
Step = Signature.Step


@cache
def chains() -> dict:
    """duty of a question set -> its steps, the lead's first."""
    rows = tomllib.loads(FILE.read_text())["chain"]
    return {each["duty"]: tuple(Step(step) for step in each["steps"]) for each in rows}


def steps_of(row, lead) -> tuple:
    """The steps of a return that `lead` signs first. A headteacher who is the lead herself signs once.

    row: an AuditReturn with its round's version and set.
    """
    steps = chains()[row.round.set_version.question_set.duty]
    if Step.HEAD in steps and _is_head(row.agency_id, lead):
        steps = tuple(step for step in steps if step != Step.HEAD)
    return steps


def _is_head(agency_id, user) -> bool:
    duties = NamedDuty.objects.on(timezone.localdate())
    return duties.filter(agency=agency_id, kind=DutyKind.HEADTEACHER, holder=user).exists()


def in_order(signatures) -> list:
    """The signatures of one attempt in the order in which they are signed; those that were dropped come last."""
    dropped = Signature.Status.DROPPED
    return sorted(signatures, key=lambda row: (row.status == dropped, Step.values.index(row.step), row.asked_at))
