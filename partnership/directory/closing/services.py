"""Close an organisation with what hangs on it, and open it again. Days as in directory.services."""

from django.core.exceptions import ValidationError
from django.db import transaction

from partnership.directory import rules, services
from partnership.directory.closing import following
from partnership.directory.leads import unit
from partnership.people.models import Agency, NamedDuty
from partnership.trail.services import record


@transaction.atomic
def close(agency, *, by, version, ends, end_duties=False, successor=None, kind="", note="") -> Agency:
    """Close `agency` from the day `ends` on. end_duties: its named duties end with it; people's roles never do.

    successor: None, or who carries it on from that day, as `kind` says. Raises ValidationError while anything runs on.
    """
    row = services.fresh(agency, version)
    if row.ends:
        raise ValidationError({"ends": "It has a last day already: take that closing back, or change its facts."})
    if row.starts and ends <= row.starts:
        raise ValidationError({"ends": "The last day must not be before the first day of the organisation."})
    duties = _duties_after(row, ends)
    if duties and not end_duties:
        raise ValidationError({"end_duties": "Tick that its named duties end too, or give each to somebody first."})
    own = {duty.pk for duty in duties}
    for duty in duties:
        if duty.deputy_for_id not in own:  # a deputy's ends with the duty that it leans on
            services.end_duty(duty, by=by, ends=ends)
    rules.nothing_hangs_after(row, ends)
    row.ends, row.version = ends, row.version + 1
    services.save(row, by)
    record("agency_changed", by=by, obj=row, fields=["ends"])
    succession = None
    if successor is not None:
        succession = services.add_succession(by=by, predecessor=row, successor=successor, on=ends, kind=kind, note=note)
    following.closed([row], by=by, duties=duties, succession=succession, also=unit())
    return row


def _duties_after(row, ends):
    rows = list(NamedDuty.objects.filter(rules.runs_on_after(ends), agency=row).select_related("holder"))
    for duty in rows:
        if duty.starts and duty.starts >= ends:
            raise ValidationError({"ends": f"{duty} begins after that day. End or change it first."})
    return rows


@transaction.atomic
def reopen(agency, *, by) -> Agency:
    """Take a closing back: no last day, and what ended with it goes on. Raises ValidationError where it cannot."""
    row = services.lock_agencies(agency)[agency.pk]
    if row.ends is None or row.merged_into_id:
        raise ValidationError("It is not closed, so there is nothing to take back.")
    rules.name_is_free(row.name, kind=row.kind, starts=row.starts, ends=None, but=row)
    row.ends, row.version = None, row.version + 1
    services.save(row, by)
    record("agency_changed", by=by, obj=row, fields=["ends"])
    following.opened_again([row], by=by, also=unit())
    return row
