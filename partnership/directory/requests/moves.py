"""What becomes of each thing that names a person when two records of one person are put together.

Every foreign key to User is decided here, or by the app that owns it (`decide`); a test fails for one that nobody
decided about. STAYS: it says who did something then, and the record that did it stays readable. MOVES: it says who has
or does something now. ENDS: it belongs to the sign-in of the record that is closed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.apps import apps
from django.db.models import Q
from django.utils import timezone

from partnership.access.models import Conflict, FolderGrant
from partnership.access.services import carry_bar
from partnership.actions.models import Action, Duty, Priority, Risk, WorkItem
from partnership.deadlines.models import Deadline
from partnership.directory.rules import runs_on_after
from partnership.documents.models import Document, Version
from partnership.notify.models import Notice, Outgoing, Preference
from partnership.people.models import Membership, NamedDuty, User
from partnership.people.services import end_membership
from partnership.trail.services import record

STAYS, MOVES, ENDS = "stays", "moves", "ends"


@dataclass(frozen=True)
class Decision:
    """What becomes of one key. move: (double, kept) -> None for those that move. what: in the plural, for the preview;
    count: (double) -> how many there are to move."""

    fate: str
    what: str = ""
    move: Callable | None = None
    count: Callable | None = None


_decisions: dict[str, Decision] = {}


def decide(key, fate, *, what="", move=None, count=None) -> None:
    """key: 'app.Model.field'. Called once by the app that owns the model."""
    _decisions[key] = Decision(fate, what, move, count)


def decisions() -> dict:
    return dict(_decisions)


def keys_to_people() -> set:
    """Every key to User that there is, as 'app.Model.field'; versions in history tables stay by their nature."""
    return {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if not hasattr(model, "instance_type")
        for field in model._meta.get_fields(include_hidden=True)
        if field.related_model is User
        and (field.many_to_one or field.one_to_one or field.many_to_many)
        and not field.auto_created
    }


def move_all(double, kept) -> None:
    """In the caller's transaction, with both people locked."""
    for decision in _decisions.values():
        if decision.move:
            decision.move(double, kept)


def counted(double) -> list:
    """[(what, how many)] of all that would move."""
    found = [(each.what, each.count(double)) for each in _decisions.values() if each.count]
    return [(what, number) for what, number in found if number]


def simply(model, field, *, extra=None):
    """(move, count) of a key that is only written over. extra: the rows that it is about, as a Q."""

    def rows(double):
        found = model._base_manager.filter(**{field: double})
        return found.filter(extra) if extra is not None else found

    return {
        "move": lambda double, kept: rows(double).update(**{field: kept}),
        "count": lambda double: rows(double).count(),
    }


# --- roles and duties: dated, with their history ----------------------------------------------------------------------


def _running(model, field):
    def rows(double):
        return model.objects.filter(runs_on_after(timezone.localdate()), **{field: double})

    return rows


_roles, _duties = _running(Membership, "user"), _running(NamedDuty, "holder")


def _move_roles(double, kept):
    for row in _roles(double).select_for_update(of=("self",)):
        same = Membership.objects.filter(
            user=kept, partnership=row.partnership_id, agency=row.agency_id, role=row.role, ends=None
        ).first()
        if row.ends is None and same is not None:
            end_membership(row, by=None, ends=timezone.localdate())
        else:
            row.user = kept
            row.save()


def _move_duties(double, kept):
    for row in _duties(double).select_for_update(of=("self",)):
        same = _duties(kept).filter(agency=row.agency_id, kind=row.kind, deputy_for=row.deputy_for_id)
        if same.exists():
            _end_duty(row)
        else:
            row.holder = kept
            row.save()


def _end_duty(row):
    """A duty held twice by one person: the second one ends. It is kept as it was until today."""
    today = timezone.localdate()
    row.ends = max(today, row.starts + timedelta(days=1)) if row.starts else today
    row.save()


# --- cases: grants, and the bars, which are always kept ---------------------------------------------------------------


def _grants(double):
    now = timezone.now()
    return FolderGrant.objects.filter(Q(ends=None) | Q(ends__gt=now), user=double)


def _move_grants(double, kept):
    for row in _grants(double).select_for_update(of=("self",)):
        same = {"user": kept, "content_object": row.content_object_id, "permission": row.permission_id, "ends": None}
        if row.ends is None and FolderGrant.objects.filter(**same).exists():
            row.ends = timezone.now()
            row.save(update_fields=["ends"])
        else:
            row.user = kept
            row.save(update_fields=["user"])
        record("access_carried_over", folder_id=row.content_object_id, obj=row, user=kept.pk)


def _bars(double):
    now = timezone.now()
    return Conflict.objects.filter(Q(ends=None) | Q(ends__gt=now), user=double)


def _carry_bars(double, kept):
    """Both bar: the double's stay where they are, and hold for the record that is kept as well."""
    for row in _bars(double):
        carry_bar(row, kept)


# --- what was told ----------------------------------------------------------------------------------------------------


def _notices(double, kept=None):
    rows = Notice.objects.unscoped("two records of one person are put together").filter(recipient=double)
    if kept is not None:
        told = Notice.objects.unscoped("what this person was told already").filter(recipient=kept)
        rows = rows.exclude(key__in=told.values("key"))
    return rows


def _move_preferences(double, kept):
    chosen = Preference.objects.filter(user=kept).values("kind")
    Preference.objects.filter(user=double).exclude(kind__in=chosen).update(user=kept)


decide(
    "people.Membership.user",
    MOVES,
    what="roles",
    move=_move_roles,
    count=lambda double: _roles(double).count(),
)
decide("people.NamedDuty.holder", MOVES, what="named duties", move=_move_duties, count=lambda d: _duties(d).count())
# Neither is counted on the preview: who may see which case, and who is barred, is for those who let people in there.
decide("access.FolderGrant.user", MOVES, move=_move_grants)
decide("access.Conflict.user", MOVES, move=_carry_bars)
decide(
    "notify.Notice.recipient",
    MOVES,
    what="notices",
    move=lambda double, kept: _notices(double, kept).update(recipient=kept),
    count=lambda double: _notices(double).count(),
)
decide(
    "notify.Outgoing.recipient",
    MOVES,
    what="emails that have not left yet",
    **simply(Outgoing, "recipient", extra=Q(state=Outgoing.State.QUEUED)),
)
decide(
    "notify.Preference.user",
    MOVES,
    what="choices of how to be emailed",
    move=_move_preferences,
    count=lambda d: Preference.objects.filter(user=d).count(),
)
for _model in (Document, Version):
    decide(
        f"documents.{_model.__name__}.shown_to",
        MOVES,
        what="files that they uploaded to cases of others",
        **simply(_model, "shown_to"),
    )
decide("deadlines.Deadline.owner", MOVES, what="things that are due from them", **simply(Deadline, "owner"))
decide("actions.Action.owner", MOVES, what="actions", **simply(Action, "owner"))
decide("actions.Risk.owner", MOVES, what="risks", **simply(Risk, "owner"))
decide("actions.WorkItem.owner", MOVES, what="items of workplans", **simply(WorkItem, "owner"))
decide("actions.Priority.sponsor", MOVES, what="priorities that they sponsor", **simply(Priority, "sponsor"))
decide("actions.Duty.owner", MOVES, what="duties of the partnership", **simply(Duty, "owner"))
for _key in (
    "people.User.merged_into",
    "access.FolderGrant.granted_by",
    "access.Conflict.declared_by",
    "access.Conflict.lifted_by",
    "access.Submission.user",
    "access.KeptForm.user",
    "notify.Hold.by",
    "notify.Hold.released_by",
    "notify.Alarm.closed_by",
    "notify.DemoMail.recipient",
    "jobs.Job.requester",
    "identities.Identity.changed_by",
    "documents.Version.made_by",
    "deadlines.BankHoliday.added_by",
    "deadlines.CalendarVersion.made_by",
    "deadlines.Deadline.started_by",
    "deadlines.Deadline.ended_by",
    "deadlines.Milestone.done_by",
    "deadlines.LocalEdition.added_by",
    "actions.Plan.changed_by",
    "actions.Priority.changed_by",
    "actions.Duty.changed_by",
    "actions.Workplan.made_by",
    "actions.WorkItem.changed_by",
    "actions.Action.close_asked_by",
    "actions.Action.closed_by",
    "actions.Action.added_by",
    "actions.Action.changed_by",
    "actions.Update.by",
    "actions.Evidence.added_by",
    "actions.DateChange.asked_by",
    "actions.DateChange.decided_by",
    "actions.RagOverride.by",
    "actions.Risk.added_by",
    "actions.Risk.changed_by",
    "actions.Risk.closed_by",
    "actions.LogImport.by",
    "actions.LogImport.taken_by",
    "actions.PlanPrint.made_by",
    "directory.AccountRequest.user",
    "directory.AccountRequest.other",
    "directory.AccountRequest.opened_by",
    "directory.AccountRequest.checked_by",
    "directory.AccountRequest.decided_by",
    "directory.AgencyClosing.made_by",
    "directory.AgencyClosing.undone_by",
    "directory.SecondNumber.asked_by",
    "directory.SecondNumber.answered_by",
    "guardian.UserObjectPermission.user",
):
    decide(_key, STAYS)
for _key in (
    "actions.Lineup.user",
    "access.SignedIn.user",
    "access.Link.acts_as",
    "account.EmailAddress.user",
    "mfa.Authenticator.user",
):
    decide(_key, ENDS)
