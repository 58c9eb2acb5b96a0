"""The worklist of requests about accounts, one request, and one person's standing."""

from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth import get_user_model
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from partnership.access.reach import reach_of
from partnership.access.work import Work
from partnership.directory.joining.rules import OF_THE_PARTNERSHIP
from partnership.directory.leaving.ending import leavings_of_the_unit, may_end
from partnership.directory.models import AccountRequest
from partnership.directory.models.requests import WAITING
from partnership.directory.requests import kinds
from partnership.directory.requests.rules import why_not_approve, why_not_check
from partnership.directory.rules import runs_on_after
from partnership.people.models import Membership, NamedDuty
from partnership.people.models.dated import last_day
from partnership.people.roles import Perm
from partnership.trail.models import Event

S = AccountRequest.Status
COLOURS = {S.OPEN: "blue", S.CHECKED: "orange", S.DONE: "green", S.REFUSED: "red", S.WITHDRAWN: "grey"}
PEOPLE = ("user", "other", "agency", "opened_by", "checked_by", "decided_by")


@dataclass(frozen=True)
class Line:
    """One line of the worklist. waits_for: 'you', or the words for whom."""

    request: AccountRequest
    title: str
    colour: str
    waits_for: str


def rows_for(user, *, kind="", closed=False):
    """The requests that `user` may work on: what waits, the oldest first; or what is decided, the newest first."""
    rows = AccountRequest.objects.visible_to(user).select_related(*PEOPLE)
    if kind:
        rows = rows.filter(kind=kind)
    if closed:
        return rows.exclude(status__in=WAITING).order_by("-decided_at", "id")
    return rows.filter(status__in=WAITING).order_by("opened_at", "id")


def line(row, user) -> Line:
    return Line(row, kinds.kind_of(row).title, COLOURS[row.status], _waits_for(row, user))


def _waits_for(row, user):
    if not row.waits:
        return ""
    why_not = why_not_check if row.status == S.OPEN else why_not_approve
    if not why_not(row, user):
        return "you"
    return "a second person" if row.status == S.CHECKED else "a colleague"


def requests_for_home(user):
    """Two lines of home at most, for those who may take a step; asks nothing for anybody else."""
    if not reach_of(user).holds_wide(Perm.PEOPLE_APPROVE):
        return
    mine = Q(user=user) | Q(other=user)
    rows = (
        AccountRequest.objects.allowing(user, Perm.PEOPLE_APPROVE).filter(status__in=WAITING).exclude(mine).order_by()
    )
    # Who checked it, or asked for it, waits for somebody else.
    second = Q(status=S.CHECKED) & ~Q(checked_by=user) & (Q(opened_by=None) | ~Q(opened_by=user))
    found = rows.aggregate(first=Count("pk", filter=Q(status=S.OPEN)), second=Count("pk", filter=second))
    url = reverse("directory:account_requests")
    for number, waits in ((found["first"], "a check"), (found["second"], "you as the second person")):
        if number:
            yield Work(f"{number} request{'' if number == 1 else 's'} about accounts: for {waits}", url)


def about(user):
    """What waits about one's own account."""
    rows = AccountRequest.objects.allowing(user, Perm.SIGN_IN).filter(user=user, status__in=WAITING)
    return [(row, kinds.kind_of(row)) for row in rows.select_related("opened_by", "other", "agency", "user")]


def steps_of(row):
    """What happened to one request, as (words, who, when), oldest first."""
    found = [("Asked", row.opened_by or "Without a sign-in, or by the portal itself", row.opened_at)]
    if row.checked_at:
        found.append((f"Checked: {row.get_checked_how_display().lower()}", row.checked_by, row.checked_at))
    if row.decided_at:
        found.append((row.get_status_display(), row.decided_by, row.decided_at))
    return found


NUMBER_IS_FRESH_DAYS = 90


def number_changed_at(user):
    """When the person last changed their own telephone number, lately: then it proves nothing to call it back."""
    since = timezone.now() - timedelta(days=NUMBER_IS_FRESH_DAYS)
    events = Event.objects.filter(verb="details_changed", object_id=user.pk, recorded_at__gt=since)
    return events.filter(data__fields__contains="telephone").values_list("recorded_at", flat=True).first()


# --- one person -------------------------------------------------------------------------------------------------------


def may_look_after(viewer, agencies) -> bool:
    """Whether `viewer` looks after people of one of these organisations, or of all of them."""
    reach = reach_of(viewer)
    return reach.holds_wide(Perm.COLLEAGUES) or bool(set(reach.agencies(Perm.COLLEAGUES)) & set(agencies))


@dataclass(frozen=True)
class Standing:
    """One person for those who look after them.

    roles: (Membership, last day or None, may end it, may begin the leaving there). duties: (NamedDuty, last day or
    None, may invite them by it). requests: (AccountRequest, title).
    """

    roles: list
    duties: list
    requests: list
    words: str
    colour: str


def standing_of(person, viewer) -> Standing:
    """Roles and duties of today and to come, what waits about the account, and whether it is open."""
    reach = reach_of(viewer)
    wide, agencies = reach.holds_wide(Perm.COLLEAGUES), set(reach.agencies(Perm.COLLEAGUES))
    still = runs_on_after(timezone.localdate())
    roles = Membership.objects.filter(still, user=person).select_related("agency").order_by("agency__name", "role")
    duties = NamedDuty.objects.filter(still, holder=person).select_related("agency", "deputy_for__holder")
    perm = Perm.PEOPLE_APPROVE if reach.holds_wide(Perm.PEOPLE_APPROVE) else Perm.COLLEAGUES
    waiting = AccountRequest.objects.allowing(viewer, perm).filter(user=person, status__in=WAITING)
    words, colour = _words(person)
    of_the_unit = leavings_of_the_unit(viewer, roles)

    def theirs(row):
        return row.user_id != viewer.pk and (wide or row.agency_id in agencies)

    return Standing(
        roles=[
            (
                row,
                last_day(row.ends),
                theirs(row) and may_end(viewer, [row]),
                theirs(row) and (row.user_id, row.agency_id) not in of_the_unit,
            )
            for row in roles
        ],
        duties=[
            (
                row,
                last_day(row.ends),
                person.known_only and (wide or (row.agency_id in agencies and row.kind not in OF_THE_PARTNERSHIP)),
            )
            for row in duties.order_by("agency__name", "kind")
        ],
        requests=[(row, kinds.kind_of(row).title) for row in waiting],
        words=words,
        colour=colour,
    )


def _words(person):
    if person.closed_at:
        return "Closed", "grey"
    if not person.is_active:
        return "No sign-in", "grey"
    if person.suspended_at:
        return "Open, cases closed for now", "orange"
    return "Open", "green"


def agencies_of(person) -> set:
    """The organisations where somebody has a role or a named duty today."""
    roles = Membership.objects.live().filter(user=person, agency__isnull=False).values_list("agency_id", flat=True)
    duties = NamedDuty.objects.live().filter(holder=person).values_list("agency_id", flat=True)
    return {*roles, *duties}


MOST_FOUND = 20


def likely_doubles(person, *, words=""):
    """Other records that may be this person: by the words that were typed, else by the same name. At most 20."""
    rows = get_user_model().objects.filter(closed_at=None).exclude(pk=person.pk)
    if words:
        rows = rows.filter(Q(name__icontains=words) | Q(email__icontains=words))
    else:
        rows = rows.filter(name__iexact=person.name)
    return rows.order_by("name", "pk")[:MOST_FOUND]
