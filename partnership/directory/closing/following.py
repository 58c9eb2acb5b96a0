"""What follows when an organisation closes or opens again, whoever says so: its page, an edit of its days, a register.

Nobody runs it any more, a school's status says Closed, a former partner stops reading the partnership's business, and
people are told. In the caller's transaction, with the organisations locked and their days saved.
"""

from django.utils import timezone
from simple_history.utils import bulk_update_with_history

from partnership.deadlines.office import keep_offices
from partnership.directory.closing import notices
from partnership.directory.models import AgencyClosing
from partnership.directory.successions import forget_succession
from partnership.people.models import NamedDuty, Ownership, School
from partnership.trail.services import record_each

CLOSED, OPEN = "Closed", "Open"
REASON = "The organisation closed"
AGAIN = "The organisation was opened again"


def closed(agencies, *, by, duties=(), succession=None, reason=REASON, also=()) -> list[AgencyClosing]:
    """agencies: rows that have got their `ends`. duties, succession: what ended or was recorded with the one of them;
    each duty as it was before. also: ids of people who are told beside those whom it concerns.
    """
    agencies = list(agencies)
    owners = _end_owners({agency.pk: agency.ends for agency in agencies}, by, reason)
    schools = School.objects.filter(agency__in=agencies).exclude(register_status="")
    schools.exclude(register_status__startswith=CLOSED).update(register_status=CLOSED)
    rows = AgencyClosing.objects.bulk_create(
        AgencyClosing(
            agency=agency,
            ends=agency.ends,
            ended={
                "duties": {str(each.pk): each.ends and each.ends.isoformat() for each in duties},
                "owners": dict.fromkeys(owners.get(agency.pk, ())),
            },
            succession=succession,
            made_by=by,
        )
        for agency in agencies
    )
    _keep_offices(agencies, by)
    record_each("agency_closed", by=by, objects=[(row.agency, {"on": row.ends}) for row in rows])
    notices.tell_closed(rows, but=by, duties=duties, also=also)
    return rows


def opened_again(agencies, *, by, also=()) -> None:
    """agencies: rows that have lost their `ends`. What ended with their closing goes on, where nothing changed it."""
    agencies = list(agencies)
    rows = list(AgencyClosing.objects.filter(agency__in=agencies, undone_at=None).select_related("succession"))
    for row in rows:
        for model, before in ((NamedDuty, row.ended["duties"]), (Ownership, row.ended["owners"])):
            _goes_on(model.objects.filter(pk__in=before, ends=row.ends), before, by)
        if row.succession:
            forget_succession(row.succession, by=by)
        row.undone_at, row.undone_by, row.succession = timezone.now(), by, None
        row.save(update_fields=["undone_at", "undone_by", "succession"])
    schools = School.objects.filter(agency__in=agencies, register_status__startswith=CLOSED)
    schools.update(register_status=OPEN)
    _keep_offices(agencies, by)
    record_each("agency_reopened", by=by, objects=[(agency, {}) for agency in agencies])
    notices.tell_opened_again(rows, but=by, also=also)


def _end_owners(ends, by, reason) -> dict:
    """agency id -> the ids of the ownerships that ended with it."""
    ended, found = [], {}
    for each in Ownership.objects.filter(agency__in=ends, ends=None):
        if each.starts is None or each.starts < ends[each.agency_id]:
            each.ends = ends[each.agency_id]
            ended.append(each)
            found.setdefault(each.agency_id, []).append(str(each.pk))
    if ended:
        bulk_update_with_history(
            ended, Ownership, ["ends"], batch_size=500, default_user=by, default_change_reason=reason
        )
    return found


def _goes_on(rows, before, by):
    """before: id -> its last day until then; a deputy always has one."""
    for each in rows:
        if isinstance(each, Ownership) and _runs_anew(each):
            continue
        each.ends = before[str(each.pk)]
        each._history_user, each._change_reason = by, AGAIN
        each.save(update_fields=["ends"])


def _runs_anew(each):
    return Ownership.objects.filter(owner=each.owner_id, agency=each.agency_id, kind=each.kind, ends=None).exists()


def _keep_offices(agencies, by):
    if any(agency.partner_seat for agency in agencies):
        keep_offices(by=by)
