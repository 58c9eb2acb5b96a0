"""Two records of one person: what would follow is shown first, two people agree, and one transaction does it."""

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from partnership.access import links
from partnership.access.models import Folder, FolderGrant, Link
from partnership.access.rows import allowing
from partnership.access.scope import forget_reach
from partnership.access.sessions import end_sessions
from partnership.directory.accounts import prove_address
from partnership.directory.models import AccountRequest, Departure
from partnership.directory.requests import moves, services
from partnership.directory.requests.kinds import DOUBLE, Kind, register
from partnership.people.models import Membership, NamedDuty, User
from partnership.people.roles import Perm
from partnership.trail.services import record

KEPT, DOUBLES = "kept", "double"
# Whatever the other record has: an answer that depended on it would tell of a case.
OFFICE = (
    "One of the two has the address of an office, which is let into no case. Keep the record of the person, with the "
    "person’s own address."
)
OWN = "One of these records is your own. Ask somebody else: nobody puts their own records together."


@transaction.atomic
def ask_to_merge(kept, double, *, address, by) -> AccountRequest:
    """Ask that `double` becomes part of `kept`. address: KEPT or DOUBLES, whose email address stays.

    Raises PermissionDenied for one's own record, ValidationError where the two cannot be put together.
    """
    if by.pk in (kept.pk, double.pk):
        raise PermissionDenied(OWN)
    if why := why_not(*services.lock_people(kept, double), address):
        raise ValidationError(why)
    return services.open_request(DOUBLE, user=kept, other=double, by=by, said={"address": address})


def why_not(kept, double, address) -> str:
    """Why these two cannot be put together as they stand; empty where nothing is against it."""
    if kept.pk == double.pk:
        return "This is the same record. Choose another."
    if kept.closed_at or double.closed_at:
        return "One of the two records is closed, so there is nothing to put together."
    if double.is_active and not kept.is_active:
        return "Keep the record that has the sign-in, and close the other."
    if kept.shared_address != double.shared_address and (kept.shared_address or address == DOUBLES):
        return OFFICE
    if kept.suspended_at or double.suspended_at:
        return "Another request about one of the two accounts waits and closes cases to it. Decide that one first."
    if Departure.objects.unscoped("is either of them leaving?").filter(
        user__in=(kept, double), status__in=Departure.OPEN
    ):
        return "One of the two is leaving. Finish that first, or give it up."
    if address == DOUBLES and not double.email:
        return "The second record has no email address. Keep the address of the first."
    return ""


def refuses(request):
    return why_not(request.user, request.other, request.said["address"])


def carry_out(request, by):
    """All or nothing: what moves moves, both bar, the double is closed, its address is free, its sessions end."""
    kept, double = request.user, request.other
    if request.opened_by_id in (kept.pk, double.pk) or by.pk in (kept.pk, double.pk):
        raise PermissionDenied(OWN)
    address = double.email if request.said["address"] == DOUBLES else ""
    moves.move_all(double, kept)
    _close(double, kept, by=by)
    if address:
        _take_address(kept, address)
    services.close_waiting(double, but=request, by=by)
    record("person_merged", by=by, obj=double, user=kept.pk, request=request.pk)
    forget_reach()


def _close(double, kept, *, by):
    double.is_active, double.closed_at, double.merged_into, double.email = False, timezone.now(), kept, None
    double.set_unusable_password()
    double.save(update_fields=["is_active", "closed_at", "merged_into", "email", "password"])
    EmailAddress.objects.filter(user=double).delete()
    Authenticator.objects.filter(user=double).delete()
    links.revoke_every(double)
    end_sessions(double, by=by)


def _take_address(kept, address):
    kept.email = address
    kept.save(update_fields=["email"])
    links.revoke_all(kept, Link.Purpose.ACTIONS)  # it went to the mailbox that they have left
    if kept.is_active:
        prove_address(kept)
    end_sessions(kept)


# --- what would follow ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Preview:
    """moves: (what, how many). cases: (code word, role) of those that `user` may see. clashes: sentences. address:
    the one that stays. also_waiting: requests about the double that are refused."""

    kept: User
    double: User
    moves: list
    roles: list
    duties: list
    cases: list
    clashes: list
    address: str
    also_waiting: int


def preview(kept, double, address, *, user) -> Preview:
    """What putting these two together would do, as far as `user` may know."""
    grants = list(FolderGrant.objects.live().filter(user=double).select_related("permission"))
    seen = dict(
        Folder.objects.visible_to(user)
        .filter(pk__in=[each.content_object_id for each in grants])
        .values_list("pk", "reference")
    )
    cases = [(seen[each.content_object_id], each.role_label) for each in grants if each.content_object_id in seen]
    roles = Membership.objects.live().filter(user=double).select_related("agency")
    duties = NamedDuty.objects.live().filter(holder=double).select_related("agency")
    waiting = allowing(AccountRequest, user, Perm.PEOPLE_APPROVE).filter(user=double, status__in=["open", "checked"])
    return Preview(
        kept=kept,
        double=double,
        moves=moves.counted(double),
        roles=list(roles),
        duties=list(duties),
        cases=sorted(cases),
        clashes=_clashes(kept, double),
        address=(double if address == DOUBLES else kept).email or "None",
        also_waiting=waiting.count(),
    )


def _clashes(kept, double):
    found = []
    mine = set(Membership.objects.live().filter(user=kept).values_list("agency_id", "role"))
    for row in Membership.objects.live().filter(user=double).select_related("agency"):
        if (row.agency_id, row.role) in mine:
            found.append(
                f"Both are {row.label.lower()}{f' at {row.agency.name}' if row.agency else ''}: it is kept once."
            )
    for name, label in (("name", "name"), ("job_title", "post"), ("telephone", "telephone")):
        here, there = getattr(kept, name), getattr(double, name)
        if there and here != there:
            found.append(f"The {label} ‘{here or 'none'}’ stays, and ‘{there}’ is left behind.")
    return found


def describe(request):
    stays = "of the record that is kept" if request.said["address"] == KEPT else "of the second record"
    return [
        ("Kept", f"{request.user.name}, {request.user.email or 'no address'}"),
        ("Second record", f"{request.other.name}, {request.other.email or 'no address'}"),
        ("Address that stays", f"The one {stays}"),
    ]


register(
    Kind(
        code=DOUBLE,
        title="Two records of one person",
        asks="Are these really one person? Two people of one name at one office are not. Ring the number that the "
        "directory holds and ask.",
        describe=describe,
        carry_out=carry_out,
        refuses=refuses,
        said_yes="The two records are one. The second one is closed, and its conflicts of interest hold on.",
    )
)
