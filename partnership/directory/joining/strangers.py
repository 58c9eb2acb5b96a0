"""Who is not known asks for access, and a school claims itself by its known address. Every answer is the same."""

from datetime import timedelta

from allauth.core.internal import ratelimit
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from partnership.access import links
from partnership.access.flow import Stale, lock
from partnership.access.models import Link
from partnership.directory.joining import asking, duties, services
from partnership.directory.joining.letters import CLAIM
from partnership.directory.models import AccessRequest, Invitation
from partnership.notify import personal
from partnership.people.finding import compact, fold
from partnership.people.models import Agency, AgencyKind, DutyKind, NamedDuty, Site
from partnership.people.roles import Role
from partnership.people.services import know_person
from partnership.trail.services import record

CLAIM_DAYS = 7
APP = "partnership.joining"
# From one network address: an office fills in a handful, a machine does not fill the worklist. `all`: everybody
# together, so that a crowd of machines stops too; a person who meets it is asked to ring.
LIMITS = {"ask": "6/h/ip,200/d/key", "claim": "6/h/ip,200/h/key"}
OFFICE, MINE, OWN = "office", "mine", "own"


def within_limits(request, action) -> bool:
    """Count one try; False when there were too many. In the database: what the broker forgets does not matter."""
    return ratelimit.consume(request, app=APP, action=action, config=LIMITS, key="all") is not None


@transaction.atomic
def ask_access(*, name, post, organisation, email, why, telephone="") -> AccessRequest | None:
    """Put a stranger's request on the unit's worklist. None where the same address waits there already."""
    if AccessRequest.objects.filter(email__iexact=email, decided_at=None).exists():
        return None
    row = AccessRequest(name=name, post=post, organisation=organisation, email=email, why=why, telephone=telephone)
    row.clean_fields(exclude=["decided_at", "decided_by", "invitation"])
    row.save()
    record("access_asked", obj=row)
    return row


@transaction.atomic
def answer(request_row, *, by, invitation) -> AccessRequest:
    """The request became an invitation. Stale when somebody else has decided it."""
    row = lock(request_row)
    if row.decided_at:
        raise Stale("Somebody else has decided about this request already.")
    row.decided_at, row.decided_by, row.invitation = timezone.now(), by, invitation
    row.save(update_fields=["decided_at", "decided_by", "invitation"])
    record("access_request_invited", by=by, obj=row)
    return row


@transaction.atomic
def refuse(request_row, *, by, reason) -> AccessRequest:
    """Say no, with the reason for the record. Stale when somebody else has decided it."""
    row = lock(request_row)
    if row.decided_at:
        raise Stale("Somebody else has decided about this request already.")
    if not reason.strip():
        raise ValidationError({"reason": "Say why, for the record."})
    row.decided_at, row.decided_by, row.reason = timezone.now(), by, reason.strip()
    row.save(update_fields=["decided_at", "decided_by", "reason"])
    record("access_request_refused", by=by, obj=row)
    return row


@transaction.atomic
def claim_school(*, urn=None, name="", postcode="") -> bool:
    """Send the link to the school's known address, if the directory has the school and an address. Whether it did.

    The page says the same either way. One letter a school and day, however often it is asked for.
    """
    agency = _the_school(urn, name, postcode)
    address = asking.office_address(agency) if agency else ""
    if not address:
        return False
    agency = lock(agency)
    day = timezone.now() - timedelta(days=1)
    if Link.objects.filter(purpose=Link.Purpose.CLAIM, object_id=agency.pk, created_at__gt=day).exists():
        return False
    try:
        user = know_person(name=asking.office_name(agency), email=address, shared_address=True)
    except ValidationError:  # the address of an account that was closed
        return False
    if user.is_active:
        return False  # somebody signs in by that address already
    links.revoke_about(agency.pk, Link.Purpose.CLAIM)
    link = links.make_mailed(Link.Purpose.CLAIM, acts_as=user, object_id=agency.pk, days=CLAIM_DAYS)
    personal.write(CLAIM, recipient=user, about_id=link.pk)
    record("school_claim_asked", obj=agency)
    return True


def _the_school(urn, name, postcode):
    schools = Agency.objects.live().filter(kind=AgencyKind.SCHOOL, merged_into=None)
    if urn:
        return schools.filter(school__urn=urn).first()
    wanted = compact(postcode.upper())
    there = Site.objects.live().filter(agency__kind=AgencyKind.SCHOOL, postcode__iexact=f"{wanted[:-3]} {wanted[-3:]}")
    rows = list(schools.filter(pk__in=there.values("agency_id")).prefetch_related("aliases"))
    found = [
        row for row in rows if fold(name) in {fold(each) for each in (row.name, *(a.name for a in row.aliases.all()))}
    ]
    return found[0] if len(found) == 1 else None


def school_of(link):
    """The school behind a claim's link, while it exists; None otherwise."""
    return Agency.objects.live().filter(pk=link.object_id, kind=AgencyKind.SCHOOL).first()


def _vacant_lead(school) -> NamedDuty | None:
    """The school's duty of designated safeguarding lead where nobody holds it: whoever joins by the claim does then."""
    rows = NamedDuty.objects.live().filter(agency=school, kind=DutyKind.DSL, deputy_for=None)
    if rows.exists() and not rows.filter(holder=None).exists():
        return None
    try:
        return duties.vacancy(school, DutyKind.DSL, by=None)
    except ValidationError:  # somebody takes it over on a later day
        return None


@transaction.atomic
def take_claim(link, *, name, post, address, email="") -> tuple[Invitation, Link | None]:
    """The person who got the office's letter names herself: (her invitation, the link to go on by, or None: mailed).

    The vacant duty of designated safeguarding lead goes with the invitation.

    address: OFFICE (several read it), MINE (the known address is hers alone), OWN (another, `email`). Raises Http404
    when the link was used a moment ago, ValidationError for what she can put right.
    """
    agency = lock(school_of(link))
    links.use_up(link)
    facts = {"by": None, "agency": agency, "role": Role.SCHOOL_LEAD, "name": name, "post": post}
    facts |= {"why": Invitation.Why.CLAIM, "duty": _vacant_lead(agency)}
    if address == OWN:
        return services.invite(**facts, email=email), None
    user = lock(link.acts_as)
    if user.shared_address:  # made for this letter; whom the directory knows by name keeps it until the unit has agreed
        user.shared_address = address == OFFICE
        user.name, user.job_title = name, post
        user.save(update_fields=["shared_address", "name", "job_title"])
    row = services.invite(**facts, user=user, shared=user.shared_address, mail=False)
    newest = Link.objects.filter(object_id=row.pk, purpose=Link.Purpose.INVITATION, revoked_at=None)
    return row, newest.get()
