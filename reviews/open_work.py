"""What somebody on a review holds, for their leaving: returns to write, and a safeguarding partner's signature."""

from functools import partial

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q

from partnership.access.holding import holders_of
from partnership.access.models import FolderGrant
from partnership.access.open_work import Held
from partnership.access.rows import can, holders
from partnership.access.services import grant, permission_for
from partnership.people.models import Membership, User
from partnership.people.roles import Perm, Role, roles_with
from partnership.people.services import acts_as_partner
from reviews import partners, returns
from reviews.answering import signing
from reviews.models import AgencyReturn, Review


def returns_to_write(user):
    """Each must have another author: her organisation's lead, or the unit, gives it on without reading it."""
    rows = AgencyReturn.objects.unscoped("a leaving names what its person owes, without a word of the case")
    # A guest's is given to nobody: who is asked instead is rung and invited for themselves.
    rows = rows.filter(author=user, status__in=AgencyReturn.OWED, agency__isnull=False)
    rows = rows.select_related("agency", "folder")
    for row in rows.order_by("due_on", "id"):
        yield Held(
            key=f"return:{row.pk}",
            what="A return for a rapid review",
            due_on=row.due_on,
            folder_id=row.folder_id,
            agency_id=row.agency_id,
            candidates=partial(_authors, row),
            hand_over=partial(_reassign, row),
            who_can=partial(_who_gives, row),
        )


def _authors(row, by):
    """Her organisation's people. Who of them is barred is not told: the service refuses without saying why."""
    if not returns.may_reassign(by, row):
        return None
    return returns.may_be_given(by, row)


def _who_gives(row):
    """Her organisation's leads, and those who asked for it."""
    leads = Membership.objects.live().filter(agency=row.agency_id, role__in=roles_with(Perm.COLLEAGUES))
    asking = holders(row.folder, Perm.RETURN_REQUEST).values("pk")
    found = Q(pk__in=leads.values("user_id")) | Q(pk__in=asking)
    return User.objects.filter(found, is_active=True).exclude(pk=row.author_id).order_by("name")


# A partner's word is asked on the criteria, then on the decision.
WAITING = (Review.Status.CONSIDERED, Review.Status.OPEN, Review.Status.DECIDED)


def _reassign(row, to, *, by):
    returns.reassign(row, by=by, author=to)


def returns_to_sign(user):
    """Each that waits for her signature must have another signer, whom her organisation's lead or the unit names."""
    rows = AgencyReturn.objects.unscoped("a leaving names what waits for its person, without a word of the case")
    rows = rows.filter(signer=user, status=AgencyReturn.Status.TO_SIGN).select_related("agency", "folder")
    for row in rows.order_by("due_on", "id"):
        yield Held(
            key=f"sign:{row.pk}",
            what="Signs a return for a rapid review",
            due_on=row.due_on,
            folder_id=row.folder_id,
            agency_id=row.agency_id,
            candidates=partial(_signers, row),
            hand_over=partial(_other_signer, row),
            who_can=partial(_who_gives, row),
        )


def _signers(row, by):
    people = _authors(row, by)
    return people if people is None else people.exclude(pk__in=[row.signer_id, row.helper_id or row.signer_id])


def _other_signer(row, to, *, by):
    people = _signers(row, by)
    if people is None:
        raise PermissionDenied("return.signer")
    if not people.filter(pk=to.pk).exists():
        raise ValidationError(f"{to.name} cannot be asked to sign this return. Choose somebody else.")
    signing.change_signer(row, by=by, signer=to)


def seats_to_sign(user):
    """A safeguarding partner for whom nobody else has been let in to sign, on a review that goes on.

    As many queries for fifty reviews as for one.
    """
    seats = {duty.agency.partner_seat: duty.agency for duty in acts_as_partner(user)}
    if not seats:
        return
    rows = FolderGrant.objects.live().filter(user=user, permission=permission_for(Role.SIGNATORY))
    open_reviews = Review.objects.unscoped("a leaving asks which folders wait for a signature")
    folders = open_reviews.filter(status__in=WAITING).values("folder_id")
    rows = list(rows.filter(content_object__in=folders).select_related("content_object").order_by("starts", "id"))
    able = holders_of({row.content_object for row in rows}, [Perm.SIGN_OFF]) if rows else {}
    others = partners.others_of_seats(user)
    for row in rows:
        for seat, agency in seats.items():
            if others[seat] & able[row.content_object_id, Perm.SIGN_OFF]:
                continue
            yield Held(
                key=f"seat:{row.pk}:{seat}",
                what=f"Signs a rapid review for {agency.name}",
                folder_id=row.content_object_id,
                agency_id=agency.pk,
                candidates=partial(_signatories, row, agency),
                hand_over=partial(_let_in, row),
                vacate=_nothing,
                vacant="Nobody yet: the next holder of the duty is let in then",
                who_can=partial(holders, row.content_object, Perm.FOLDER_GRANT),
            )


def _signatories(row, agency, by):
    if not can(by, Perm.FOLDER_GRANT, row.content_object):
        return None
    here = Membership.objects.live().filter(agency=agency).values("user_id")
    people = User.objects.filter(is_active=True, shared_address=False, pk__in=here)
    return people.exclude(pk__in=[row.user_id, by.pk])


def _let_in(row, to, *, by):
    grant(row.content_object, to, Role.SIGNATORY, by=by, reason=f"Took over from {row.user.name} on leaving"[:300])


def _nothing(*, by):
    """The access itself ends as an item of its own."""
