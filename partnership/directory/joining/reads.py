"""What the pages of joining show: facts in bulk, by the row rule."""

from datetime import timedelta

from django.core.paginator import Paginator
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from partnership.access.picking import offered
from partnership.access.reach import reach_of
from partnership.access.rows import allowing
from partnership.access.work import Work
from partnership.directory.models import AccessRequest, DutyAsk, Invitation
from partnership.directory.models.joining import OPEN
from partnership.people.models import Agency, DutyKind, Membership, NamedDuty, User
from partnership.people.roles import LABELS, Perm, Role
from partnership.ui.forms import spoken

A_PAGE = 50
ASKED_DAYS = 30
STATES = {
    "approval": "Waiting for approval",
    "person": "Waiting for the person",
    "expired": "Not accepted in time",
    "joined": "Joined",
    "ended": "Withdrawn or refused",
}


def _in_state(state) -> Q:
    now = timezone.now()
    return {
        "approval": OPEN & Q(approved_at=None) & ~Q(why_approval=""),
        "person": OPEN & Q(accepted_at=None, expires_at__gt=now),
        "expired": OPEN & Q(accepted_at=None, expires_at__lte=now),
        "joined": Q(joined_at__isnull=False),
        "ended": Q(withdrawn_at__isnull=False) | Q(refused_at__isnull=False),
    }[state]


def invitations(user, *, state="", agency=None, page=1):
    """A page of the invitations that `user` keeps; without a state those that are not over. Three queries."""
    rows = Invitation.objects.visible_to(user)
    rows = rows.filter(_in_state(state) if state in STATES else OPEN)
    if agency is not None:
        rows = rows.filter(agency=agency)
    rows = rows.select_related("agency", "invited_by", "user").order_by("-invited_at", "pk")
    return Paginator(rows, A_PAGE).get_page(page)


def standing(row) -> tuple[str, str]:
    """(words, colour) of an invitation now."""
    if row.joined_at:
        return "Joined", "green"
    if row.refused_at:
        return "Refused", "red"
    if row.withdrawn_at:
        return "Withdrawn", "grey"
    if row.accepted_at:
        return "Accepted: waits for approval", "yellow"
    if row.expired:
        return "Not accepted in time", "orange"
    if row.bounced_at:
        return "The email came back", "red"
    more = " and for approval" if row.waits_for_approval else ""
    return f"Sent: waits for the person{more}", "blue"


def colleagues(agency) -> list[dict]:
    """The people of an organisation today: {user, roles, since, can_sign_in}, by name. One query."""
    rows = Membership.objects.live().filter(agency=agency).select_related("user").order_by("user__name", "role")
    found: dict = {}
    for row in rows:
        each = found.setdefault(
            row.user_id, {"user": row.user, "roles": [], "since": row.starts, "can_sign_in": row.user.is_active}
        )
        if LABELS[Role(row.role)] not in each["roles"]:
            each["roles"].append(LABELS[Role(row.role)])
        each["since"] = min(filter(None, [each["since"], row.starts]), default=None)
    return list(found.values())


def duties(agency) -> list[NamedDuty]:
    """Its named duties of today, the vacant first. One query."""
    rows = NamedDuty.objects.live().filter(agency=agency).select_related("holder", "deputy_for__holder")
    return list(rows.order_by(F("holder").asc(nulls_first=True), "kind", "starts"))


def invited_on(user, people) -> dict:
    """(person id, agency id) -> when the newest open invitation there was sent, if `user` keeps it. One query."""
    rows = Invitation.objects.visible_to(user).filter(OPEN, user__in=list(people)).order_by("sent_at")
    return {(person, agency): sent for person, agency, sent in rows.values_list("user_id", "agency_id", "sent_at")}


def kept_by(user) -> list[Agency]:
    """The organisations at which `user` keeps who belongs to them, by a role there."""
    return list(Agency.objects.filter(pk__in=reach_of(user).agencies(Perm.COLLEAGUES)).order_by("name"))


def organisations_like(user, words, *, most=20) -> list[Agency]:
    """Organisations that exist today whose names, numbers, towns or postcodes have words that begin so."""
    rows = allowing(Agency, user, Perm.DIRECTORY_VIEW).live().filter(merged_into=None)
    return offered(rows, words, most=most)


def open_requests(user, page=1):
    rows = allowing(AccessRequest, user, Perm.PEOPLE_APPROVE).filter(decided_at=None).order_by("asked_at")
    return Paginator(rows, A_PAGE).get_page(page)


def known_by(row) -> User | None:
    """Whoever the directory knows by the address that a stranger gave: said to the unit alone, never to the asker."""
    return User.objects.filter(email__iexact=row.email).first() if row.decided_at is None else None


def decided_requests(user) -> list[AccessRequest]:
    rows = allowing(AccessRequest, user, Perm.PEOPLE_APPROVE).filter(decided_at__isnull=False)
    return list(rows.select_related("decided_by").order_by("-decided_at")[:20])


def waiting(user) -> list[Work]:
    """Lines of home: what waits for whoever approves."""
    if not reach_of(user).holds_wide(Perm.PEOPLE_APPROVE):
        return []
    found = []
    mine = Invitation.objects.allowing(user, Perm.PEOPLE_APPROVE).filter(_in_state("approval"))
    if number := mine.exclude(Q(invited_by=user) | Q(user=user)).count():
        what = f"{number} invitation{'' if number == 1 else 's'} to approve"
        found.append(Work(what, reverse("directory:invitations") + "?state=approval"))
    if number := AccessRequest.objects.filter(decided_at=None).count():
        what = f"{number} request{'' if number == 1 else 's'} for access from people who are not known"
        found.append(Work(what, reverse("directory:access_requests")))
    return found


def to_name(user) -> list[Work]:
    """Lines of home for an organisation's lead: the duties that she was asked about and that nobody holds yet."""
    mine = reach_of(user).agencies(Perm.COLLEAGUES)
    if not mine:
        return []
    held = NamedDuty.objects.live().filter(agency=OuterRef("agency"), kind=OuterRef("kind"), holder__isnull=False)
    asks = DutyAsk.objects.filter(agency__in=mine, asked_at__gt=timezone.now() - timedelta(days=ASKED_DAYS))
    rows = asks.exclude(Exists(held)).order_by("agency__name", "kind").values_list("agency", "agency__name", "kind")
    found = []
    for agency, name, kind in rows.distinct():
        what = f"Name the {spoken(DutyKind(kind).label)} of {name}"
        found.append(Work(what, reverse("directory:agency_duties", args=[agency])))
    return found


def may_decide(user, row) -> bool:
    """Whether `user` is the second person who may approve or refuse."""
    second = user.pk not in (row.invited_by_id, row.user_id)
    return row.waits_for_approval and second and reach_of(user).holds_wide(Perm.PEOPLE_APPROVE)
