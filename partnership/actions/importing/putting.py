"""The chosen rows of a log into the register, all at once: as many questions for two thousand rows as for one."""

from collections import Counter
from datetime import datetime, time

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from partnership.access.rows import powers
from partnership.actions import services, telling
from partnership.actions.importing.words import CLOSED, PARKED
from partnership.actions.models import Action, Evidence, LogImport, Origin, Risk, Update
from partnership.actions.models.actions import new_reference
from partnership.actions.risks import services as risks
from partnership.people.models import Agency
from partnership.people.roles import Perm
from partnership.trail.services import record_each

FROM_LOG = "From the earlier log"
BATCH = 500
S = Action.Status


def put(log, chosen, *, by, progress) -> None:
    """Raises PermissionDenied, and ValidationError that names the line which cannot come in. chosen: of rows.Row."""
    actions = log.kind == LogImport.Kind.ACTIONS
    if (
        not {Perm.ACTION_IMPORT, Perm.ACTION_ADD if actions else Perm.RISK_EDIT}
        <= powers(by, [log.folder])[log.folder_id]
    ):
        raise PermissionDenied("log.take")
    if not actions:
        risks.must_hold_risks(log.folder)
    bodies = Agency.objects.in_bulk({row.facts["agency_id"] for row in chosen} - {None})
    of_row, possible, made = (_action if actions else _risk), _Possible(), []
    for at, row in enumerate(chosen):
        progress(at * 90 // len(chosen), f"Row {at + 1} of {len(chosen)}")
        try:
            made.append(of_row(log, dict(row.facts), bodies, by, possible))
        except ValidationError as refused:
            raise ValidationError(f"Line {row.line}: {refused.messages[0]}") from refused
    progress(90, "Writing them down")
    (_keep_actions if actions else _keep_risks)(made, log, by)


class _Possible:
    """Whether a row's owner can be given rows of this log: asked once a person and organisation."""

    def __init__(self):
        self.asked = set()

    def __call__(self, row):
        if row.owner is not None and (row.owner_id, row.agency_id) not in self.asked:
            services.can_own(row.owner, row.agency, folder=row.folder)
            self.asked.add((row.owner_id, row.agency_id))


def _action(log, facts, bodies, by, possible):
    """(Action, the words of its first update, its outlook), nothing of it written."""
    status, said, outlook, closed_on = (facts.pop(name) for name in ("status", "said", "outlook", "closed_on"))
    agency = bodies.get(facts.pop("agency_id"))
    if status == CLOSED:
        closed_at = _noon(closed_on)
        own = {"status": S.DONE, "closing_words": said or FROM_LOG, "closed_at": closed_at, "closed_by": by}
    elif status == PARKED:
        own = {"status": S.PARKED, "note": said}
        facts |= {"owner": None, "due_on": None}
        agency = None
    else:
        own = {"status": S.OPEN}
    row = Action(
        folder=log.folder, origin=Origin.EARLIER, source_kind=log._meta.label_lower, source_id=log.pk, agency=agency,
        first_due_on=facts["due_on"], sensitive=log.folder.sealed, added_by=by, changed_by=by, **own, **facts,
    )  # fmt: skip
    if row.status != S.DONE:  # what is told as closed needs neither a day nor an owner who can be given one
        services.must_be_dated(row)
        possible(row)
    return row, said if row.status == S.OPEN else "", outlook


def _noon(day):
    if day > timezone.localdate():
        raise ValidationError("It cannot have been closed on a day that has not come yet.")
    return timezone.make_aware(datetime.combine(day, time(12)))


def _keep_actions(made, log, by):
    rows = [row for row, _, _ in made]
    _references_apart(rows)
    Action.objects.bulk_create(rows, BATCH)
    added = [
        (row, {"origin": str(row.origin), "owner": row.owner_id, "parked": row.status == S.PARKED}) for row in rows
    ]
    record_each("action_added", by=by, objects=added)
    Evidence.objects.bulk_create(
        [Evidence(folder=log.folder, action=row, words=FROM_LOG, added_by=by) for row in rows if row.status == S.DONE],
        BATCH,
    )
    shared = {"folder": log.folder, "channel": Update.Channel.FILE, "happened_on": log.as_of, "by": by}
    first = [Update(action=row, words=said.strip(), outlook=outlook, **shared) for row, said, outlook in made if said]
    Update.objects.bulk_create(first, BATCH)
    told = [
        (each.action, {"update": each.pk, "channel": str(each.channel), "outlook": str(each.outlook)}) for each in first
    ]
    record_each("action_updated", by=by, objects=told)
    telling.tell_owners(telling.GIVEN, [row for row in rows if row.status == S.OPEN], by=by)


def _references_apart(rows):
    """References are drawn by chance: of thousands at once two can be alike, or like one that is there already."""
    drawn = Counter(row.reference for row in rows)
    there = Action.objects.unscoped("a reference is unique among all actions, seen or not").filter(reference__in=drawn)
    taken = {*there.values_list("reference", flat=True), *(each for each, times in drawn.items() if times > 1)}
    if again := [row for row in rows if row.reference in taken]:
        for row in again:
            row.reference = new_reference()
        _references_apart(rows)


def _risk(log, facts, bodies, by, possible):
    closed_on, agency = facts.pop("closed_on"), bodies.get(facts.pop("agency_id"))
    row = risks.new_risk(log.folder, by=by, log=log, closed_on=closed_on, agency=agency, **facts)
    possible(row)
    return row


def _keep_risks(made, log, by):
    Risk.objects.bulk_create(made, BATCH)
    record_each("risk_added", by=by, objects=[(row, {"owner": row.owner_id, "score": row.score}) for row in made])
