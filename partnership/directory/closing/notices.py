"""Who is told that an organisation closed or was opened again: its people, its successor's, and whoever held a duty."""

from collections import defaultdict

from django.urls import reverse

from partnership.directory.leads import leads_of
from partnership.directory.models import AgencyClosing
from partnership.notify.kinds import NoticeKind, register
from partnership.notify.telling import Told, tell
from partnership.people.models import Membership, NamedDuty, Succession, User
from partnership.people.models.dated import last_day
from partnership.people.roles import Perm
from partnership.ui.dates import plain

CLOSED, AGAIN = "agency_closed", "agency_reopened"


def tell_closed(rows, *, but, duties=(), also=()) -> None:
    _tell(CLOSED, rows, {each.holder_id for each in duties} | set(also), but)


def tell_opened_again(rows, *, but, also=()) -> None:
    ids = [pk for row in rows for pk in row.ended["duties"]]
    held = set(NamedDuty.objects.filter(pk__in=ids).values_list("holder_id", flat=True))
    _tell(AGAIN, rows, held | set(also), but)


def _tell(code, rows, also, but):
    """Those of the organisation today, the leads of whoever carries it on, and `also`; not the one who did it."""
    people, after = defaultdict(set), defaultdict(set)
    agencies = [row.agency_id for row in rows]
    for agency, user in Membership.objects.live().filter(agency__in=agencies).values_list("agency_id", "user_id"):
        people[agency].add(user)
    follow = Succession.objects.filter(predecessor__in=agencies)
    for agency, successor in follow.values_list("predecessor_id", "successor_id"):
        after[agency].add(successor)
    leads = leads_of(set().union(*after.values()))
    for agency, successors in after.items():
        people[agency].update(*(leads.get(pk, ()) for pk in successors))
    everybody = set().union(also, *people.values()) - {but and but.pk}
    active = set(User.objects.filter(pk__in=everybody, is_active=True).values_list("pk", flat=True))
    told = ((row, person) for row in rows for person in (people[row.agency_id] | also) & active)
    tell(code, [Told(f"{code}:{row.pk}", person, row.pk) for row, person in told])


def _describe(notices, user):
    rows = AgencyClosing.objects.filter(pk__in={each.subject_id for each in notices}).select_related("agency")
    found, said = {row.pk: row for row in rows}, {}
    for each in notices:
        if row := found.get(each.subject_id):
            closes = f"{row.agency.name} closes. Its last day is {plain(last_day(row.ends))}."
            again = f"The closing of {row.agency.name} was taken back: it goes on."
            said[each.pk] = closes if each.kind == CLOSED else again
    return said


def _still_so(notices):
    rows = AgencyClosing.objects.filter(pk__in={each.subject_id for each in notices})
    undone = dict(rows.values_list("pk", "undone_at"))
    return {each.pk for each in notices if (undone.get(each.subject_id) is None) == (each.kind == CLOSED)}


def _address(notice):
    row = AgencyClosing.objects.filter(pk=notice.subject_id).first()
    return reverse("directory:agency", args=[row.agency_id]) if row else reverse("directory:agencies")


def register_notices():
    same = {
        "model": AgencyClosing, "perm": Perm.DIRECTORY_VIEW, "describe": _describe, "url": _address,
        "still_wanted": _still_so,
    }  # fmt: skip
    register(NoticeKind(CLOSED, "An organisation of the directory closes", **same))
    register(NoticeKind(AGAIN, "An organisation of the directory goes on after all", **same))
