"""The clocks of a record in one column of the record's own query, so that its page asks no question more."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Subquery
from django.db.models.expressions import RawSQL
from django.db.models.functions import JSONObject

from partnership.access.prepared import Prepared
from partnership.deadlines import calendars
from partnership.deadlines.clock import ClockFacts
from partnership.deadlines.models import CalendarVersion, Deadline, Milestone
from partnership.deadlines.reads import facts_of
from partnership.people.models import User

OF_CLOCK = (
    "id", "rule", "edition", "what", "length", "unit", "division", "trigger_at", "due_on", "due_at", "soft", "status",
    "met_at", "late_reason", "reason", "paused_on", "paused_days", "supersedes_id", "ended_at", "ended_by__name",
)  # fmt: skip
OF_DAY = ("id", "code", "label", "on", "step", "done_at")
MOMENTS = ("trigger_at", "due_at", "met_at", "ended_at", "done_at")
DATES = ("due_on", "paused_on", "on")


@dataclass
class Clocks:
    """standing: rule -> its newest clock. earlier: rule -> those it replaced, newest first. days: rule -> its steps.

    The rows are read from JSON and never saved. calendars: division -> id of the version that counts now.
    """

    standing: dict = field(default_factory=dict)
    earlier: dict = field(default_factory=lambda: defaultdict(list))
    days: dict = field(default_factory=dict)
    calendars: dict = field(default_factory=dict)

    def facts(self, rule) -> ClockFacts | None:
        """How the standing clock of `rule` stands today; None where none was started."""
        row = self.standing.get(rule)
        if row is None:
            return None
        return facts_of(row, calendar=calendars.load(row.division, newest=self.calendars[row.division]))


def _question(kind, subject, folder):
    newest = CalendarVersion.objects.filter(division=OuterRef("division")).order_by("-number").values("pk")[:1]
    why = "column() is for those who hold deadline_view on this folder"
    days = Milestone.objects.unscoped(why).filter(deadline=OuterRef("pk"), step=True).order_by("fire_at", "code")
    rows = Deadline.objects.unscoped(why).filter(subject_kind=kind, subject_id=subject, folder_id=folder)
    facts = {name: name for name in OF_CLOCK} | {
        "calendar_now": Subquery(newest),
        "milestones": ArraySubquery(days.values_list(JSONObject(**{name: name for name in OF_DAY}))),
    }
    return rows.order_by("-started_at").values_list(JSONObject(**facts))


_of_a_subject = Prepared(_question, kind="\N{WHITE SQUARE}", subject=UUID(int=1), folder=UUID(int=2))


def column(kind, subject, folder) -> RawSQL:
    """An expression: the clocks of the row `subject` (an id) of a kind, and their local steps.

    The reader holds DEADLINE_VIEW on `folder` (an id), in which the clocks lie: the caller has asked.
    """
    return _of_a_subject.array(kind=kind, subject=subject, folder=folder)


def read(rows) -> Clocks:
    """What `column` brought."""
    found = Clocks()
    replaced = {each["supersedes_id"]: each for each in rows}
    for each in sorted(rows or (), key=lambda each: each["ended_at"] or "9", reverse=True):
        row = _deadline(each)
        found.calendars[row.division] = UUID(each["calendar_now"])
        if str(row.pk) in replaced or row.rule in found.standing:
            found.earlier[row.rule].append(row)
        else:
            found.standing[row.rule] = row
            found.days[row.rule] = [Milestone(**_typed(day)) for day in each["milestones"]]
    return found


def _deadline(data) -> Deadline:
    plain = _typed(data)
    by = plain.pop("ended_by__name")
    for name in ("milestones", "calendar_now"):
        plain.pop(name)
    row = Deadline(**plain)
    row.ended_by = User(name=by) if by else None
    return row


def _typed(data) -> dict:
    found = dict(data)
    for name, value in data.items():
        if value is None:
            continue
        if name in MOMENTS:
            found[name] = datetime.fromisoformat(value)
        elif name in DATES:
            found[name] = date.fromisoformat(value)
        elif name in ("id", "supersedes_id"):
            found[name] = UUID(value)
    return found
