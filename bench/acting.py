"""The register of the bench: actions of every state over twelve groups and sixty organisations, with what was said."""

from datetime import timedelta

from django.utils import timezone

from partnership.actions.models import Action, DateChange, Duty, Plan, Priority, RagOverride, Update

GROUPS, OWNERS = 12, 60
STATES = (*["open"] * 6, "to_approve", "parked", "done", "done")
OUTLOOKS = ("on_track", "on_track", "at_risk", "off_track", "")


def actions(groups, owners, number, *, by, random, identify):
    """`number` actions. groups: folders. owners: [(user, agency)]. Nine in ten have an owner, eight in ten an update;
    one in three was moved, one in twenty rated by hand, one in twenty is the part of another."""
    today = timezone.localdate()
    serves = _plan(today, identify)
    rows = []
    for n in range(number):
        whole = rows[n - n % 20] if n > 20 and n % 20 in (1, 2) else None
        rows.append(_action(n, whole, groups, owners, serves, today, by, random, identify))
    Action.objects.bulk_create([row for row in rows if row.parent is None], batch_size=500)
    Action.objects.bulk_create([row for row in rows if row.parent is not None], batch_size=500)
    live = [row for row in rows if row.status in ("open", "to_approve")]
    _said(live, by, random, identify)
    return rows


def _plan(today, identify):
    plan = Plan.objects.create(id=identify(), title="Plan of the bench", starts=today - timedelta(days=200))
    facts = {"plan": plan, "kind": "strategic"}
    priorities = [Priority(id=identify(), position=n, title=f"Priority {n:02d}", **facts) for n in range(1, 9)]
    duties = [
        Duty(id=identify(), title=f"Duty {n:02d}", basis="law", source="An act", every="standing") for n in range(12)
    ]
    return Priority.objects.bulk_create(priorities), Duty.objects.bulk_create(duties)


def _action(n, whole, groups, owners, serves, today, by, random, identify):
    status = "open" if whole or n % 20 == 0 else STATES[n % len(STATES)]
    owner, agency = owners[random.randrange(len(owners))]
    due_on = None if status == "parked" else today + timedelta(days=random.randrange(-40, 200))
    agreed = today - timedelta(days=random.randrange(10, 600))
    return Action(
        id=identify(), reference=f"B-{n:05d}", folder=whole.folder if whole else groups[n % len(groups)], parent=whole,
        origin=("hand", "meeting", "review", "audit")[n % 4], status=status,
        what=f"{n}: agree with each organisation how the pathway is reviewed, and say by when it will be done",
        success="Fewer children wait", owner=None if status == "parked" or n % 10 == 0 else owner,
        agency=None if n % 30 == 0 else agency, priority=serves[0][n % 8] if n % 3 else None,
        duty=serves[1][n % 12] if n % 5 == 0 else None, due_on=due_on, first_due_on=due_on, agreed_on=agreed,
        closed_at=timezone.now() if status == "done" else None, added_by=by,
    )  # fmt: skip


def _said(rows, by, random, identify):
    now, today = timezone.now(), timezone.localdate()
    updates, dates, ratings = [], [], []
    for n, row in enumerate(rows):
        on_it = {"folder_id": row.folder_id, "action": row}
        for _ in range(n % 5):
            at = now - timedelta(days=random.randrange(1, 120))
            outlook = random.choice(OUTLOOKS)
            updates.append(
                Update(id=identify(), words="It goes on.", outlook=outlook, recorded_at=at, by=row.owner, **on_it)
            )
        for moved in range(n % 3 if n % 2 else 0):
            was = row.due_on - timedelta(days=30 * (moved + 1))
            dates.append(
                DateChange(id=identify(), status="granted", was=was, wanted=row.due_on, reason="Leave", **on_it)
            )
        if n % 20 == 0:
            until = today + timedelta(days=10)
            ratings.append(RagOverride(id=identify(), colour="amber", reason="Known", until=until, by=by, **on_it))
    Update.objects.bulk_create(updates, batch_size=500)
    DateChange.objects.bulk_create(dates, batch_size=500)
    RagOverride.objects.bulk_create(ratings, batch_size=500)
