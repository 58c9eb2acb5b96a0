"""The named duties that a person holds, for their leaving: handed over, or left vacant on purpose."""

from functools import partial

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from partnership.access.flow import lock
from partnership.access.open_work import Held
from partnership.access.rows import can
from partnership.directory import rules
from partnership.directory.leads import answering_for
from partnership.directory.services import end_duty
from partnership.people.models import Membership, NamedDuty, User
from partnership.people.models.dated import last_day
from partnership.people.roles import WIDE_ROLES, Perm
from partnership.trail.services import record


def duties_of(user):
    rows = NamedDuty.objects.filter(rules.runs_on_after(timezone.localdate()), holder=user)
    for row in rows.select_related("agency", "deputy_for").order_by("agency__name", "kind", "id"):
        deputy = "Deputy: " if row.deputy_for_id else ""
        yield Held(
            key=f"duty:{row.pk}",
            what=f"{deputy}{row.get_kind_display()}, {row.agency.name}",
            due_on=last_day(row.ends),
            agency_id=row.agency_id,
            candidates=partial(_candidates, row),
            hand_over=partial(_hand_over, row),
            vacate=partial(_vacate, row),
            may_vacate=partial(_may, row=row),
            vacant="The deputyship ends" if row.deputy_for_id else "Leave vacant for now",
            who_can=partial(_who_decides, row),
            invite_helps=True,
        )


def _who_decides(row):
    """Whoever answers for the organisation's people, but for the holder."""
    return User.objects.filter(pk__in=answering_for(row.agency_id, but=row.holder_id)).order_by("name")


def _may(by, row):
    return can(by, Perm.COLLEAGUES, row.agency) or can(by, Perm.DIRECTORY_EDIT, row.agency)


def _candidates(row, by):
    """Its own people; those of the whole partnership for a duty of the partnership. Whom `rules.may_take` forbids to
    name herself is not among them. A duty may be held by somebody without a sign-in."""
    if not _may(by, row):
        return None
    here = Q(agency=row.agency_id)
    if row.kind in rules.OF_THE_WHOLE:
        here |= Q(role__in=[str(role) for role in WIDE_ROLES])
    belongs = Membership.objects.live().filter(here).values("user_id")
    people = User.objects.filter(closed_at=None, pk__in=belongs).exclude(pk=row.holder_id)
    return people if rules.may_take(row.kind, row.agency_id, by) else people.exclude(pk=by.pk)


@transaction.atomic
def _hand_over(row, to, *, by):
    people = _candidates(row, by)
    if people is None:
        raise PermissionDenied("duty.hand_over")
    if not people.filter(pk=to.pk).exists():
        raise ValidationError(f"{to.name} does not belong to {row.agency.name}. Choose somebody else.")
    _pass_on(row, to, by=by)


@transaction.atomic
def _vacate(row, *, by):
    if not _may(by, row):
        raise PermissionDenied("duty.vacate")
    _pass_on(row, None, by=by)


def _pass_on(row, holder, *, by):
    """From today: the old row ends and stays in the history, and its deputies' with it; the next one begins."""
    today = timezone.localdate()
    row = lock(row)
    if row.starts and row.starts >= today:  # it has not been held for a day yet: the row itself changes hands
        row.holder = holder
        _save(row, by)
        record("duty_changed", by=by, obj=row.agency, duty=row.pk, fields=["holder"], holder=row.holder_id)
        return
    ends, deputy_for = row.ends, row.deputy_for
    end_duty(row, by=by, ends=today)
    if deputy_for is not None and holder is None:
        return
    vacancies = NamedDuty.objects.filter(
        rules.overlapping(today, ends), agency=row.agency, kind=row.kind, holder=None, deputy_for=None
    )
    if deputy_for is None and (vacancy := vacancies.first()):
        if holder is None:
            return  # it stands as vacant already
        if vacancy.starts is None or vacancy.starts < today:
            end_duty(vacancy, by=by, ends=today)
    new = NamedDuty(
        agency=row.agency, kind=row.kind, holder=holder, post=row.post, deputy_for=deputy_for, starts=today, ends=ends,
        source=row.source,
    )  # fmt: skip
    rules.duty_fits(new)
    _save(new, by)
    record("duty_added", by=by, obj=row.agency, duty=new.pk, kind=new.kind, holder=new.holder_id)


def _save(row, by):
    row.full_clean()
    row._history_user = by
    row.save()
