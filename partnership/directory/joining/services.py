"""Every write of joining. An invitation is taken up when it was accepted and, where that is needed, approved."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.http import Http404
from django.utils import timezone

from partnership.access import links
from partnership.access.flow import Stale, lock
from partnership.access.models import Link
from partnership.access.rows import can
from partnership.access.scope import forget_reach
from partnership.directory.accounts import prove_address
from partnership.directory.joining import rules
from partnership.directory.models import Invitation
from partnership.directory.models.joining import OPEN
from partnership.notify import personal
from partnership.people.models import NamedDuty, Partnership, User
from partnership.people.roles import Perm, Role
from partnership.people.services import join, know_person
from partnership.trail.services import record
from partnership.ui.dates import plain

# Two weeks: whoever is on leave for one still finds it open, and a letter that nobody read opens nothing for long.
EXPIRES_DAYS = 14
# A second click, or impatience, must not fill somebody's inbox.
AGAIN_MINUTES = 10
LETTER, OPENED, NOT_OPENED = "invitation", "account_opened", "account_not_opened"
WHY = "the joining services lock and write their own row"


@transaction.atomic
def invite(
    *, by, role, email="", name="", post="", agency=None, shared=False, duty=None, user=None, why="", mail=True
) -> Invitation:
    """Offer a role to somebody by email. ValidationError for what the inviter can put right.

    user: somebody known already (a duty's holder); else whoever has the address, or a new row. by None: the portal
    itself, then `why` says why a second person must agree. mail False: the link is handed over in another way.
    """
    role = Role(role)
    rules.role_fits(by, agency, role)
    if rules.has_ended(agency):
        raise ValidationError(rules.ENDED)
    if shared:
        rules.shared_fits(agency, role)
    if duty is not None and (agency is None or duty.agency_id != agency.pk):
        raise ValidationError({"duty": "This duty belongs to another organisation."})
    if user is None:
        user = know_person(name=name, email=email, job_title=post, shared_address=shared, by=by)
    elif email and not user.email:
        user = give_address(user, email, agency, by)
    user = lock(user)
    _may_be_invited(user, by, agency, role, shared)
    row = Invitation(
        user=user,
        agency=agency,
        role=str(role),
        duty=duty,
        name=name,
        email=user.email,
        post=post,
        shared=user.shared_address,
        invited_by=by,
        expires_at=timezone.now(),
        why_approval=why or rules.why_approval(agency, role, user),
    )
    row.clean_fields(exclude=[f.name for f in row._meta.fields if f.name not in ("email", "post", "role")])
    row.save()
    record("person_invited", by=by, obj=row, user=user.pk, role=str(role), agency=getattr(agency, "pk", None))
    _offer(row, by=by, mail=mail)
    return row


def give_address(user, email, agency, by) -> User:
    """Somebody without a sign-in is given an address, by the only organisation that knows them or by the unit."""
    email = User.objects.normalize_email(email.strip())
    if User.objects.filter(email__iexact=email).exclude(pk=user.pk).exists():
        raise ValidationError({"email": "Somebody else in the directory has this email address. Check it."})
    if not user.known_only:
        raise ValidationError({"email": "This person has an account. Only they change its address."})
    if not rules.keeps_everybody(by) and rules.belongs_elsewhere(user, agency):
        raise ValidationError(
            {"email": "This person is known to another organisation too. Ask the business unit to invite them."}
        )
    row = lock(user)
    row.email = email
    row.full_clean(exclude=["password"])
    row.save(update_fields=["email"])
    record("address_given", by=by, obj=row)
    return row


def _may_be_invited(user, by, agency, role, shared):
    if by is not None and user.pk == by.pk:
        raise ValidationError({"email": "This is your own address. You cannot invite yourself."})
    if user.closed_at:
        raise ValidationError({"email": "The account with this email address was closed. Ask the business unit."})
    if shared and not user.shared_address:
        if user.is_active:
            raise ValidationError({"email": "This is the address of one person’s account, not of an office."})
        if not rules.keeps_everybody(by) and rules.belongs_elsewhere(user, agency):
            raise ValidationError(
                {"email": "This is the address of somebody whom another organisation knows too. Ask the business unit."}
            )
        user.shared_address = True
        user.save(update_fields=["shared_address"])
    elif user.shared_address and not shared:
        raise ValidationError(
            {"email": "This is the address of an office. Say so below, or enter the person’s own address."}
        )
    if user.is_active and user.memberships.live().filter(agency=agency, role=str(role)).exists():
        raise ValidationError({"email": "Somebody with this email address has this role here already."})
    open_rows = Invitation.objects.unscoped(WHY).filter(user=user, agency=agency, role=str(role))
    if found := open_rows.filter(OPEN).first():
        day = plain(timezone.localtime(found.invited_at))
        raise ValidationError(
            {"email": f"This address was invited on {day} already. Send that invitation again, or withdraw it first."}
        )


def _offer(row, *, by, mail=True) -> Link:
    """A new link, and the letter about it; every earlier link of the invitation ends."""
    links.revoke_about(row.pk, Link.Purpose.INVITATION)
    link = links.make_mailed(Link.Purpose.INVITATION, acts_as=row.user, by=by, object_id=row.pk, days=EXPIRES_DAYS)
    row.sent_at, row.expires_at, row.bounced_at = timezone.now(), link.expires_at, None
    row.save(update_fields=["sent_at", "expires_at", "bounced_at", "email", "approved_at", "approved_by"])
    if mail:
        personal.write(LETTER, recipient=row.user, about_id=link.pk)
    return link


@transaction.atomic
def send_again(row, *, by, email="") -> Invitation:
    """A new link by a new letter, also to a corrected address; the old link ends. Stale when it is over already.

    A new address undoes an approval: it was given for the old one.
    """
    row = lock(row)
    if not row.waits_for_person:
        raise Stale("This invitation was accepted or has ended, so it is not sent again.")
    user = lock(row.user)
    if why := rules.why_over(row.agency, user):
        raise Stale(f"{why} The invitation is not sent again.")
    email = User.objects.normalize_email((email or "").strip()) or user.email
    same = email.lower() == user.email.lower()  # a slip of the pen is noticed at once, and mended at once
    if same and row.sent_at > timezone.now() - timedelta(minutes=AGAIN_MINUTES) and not row.bounced_at:
        raise ValidationError("It was sent a moment ago. Wait ten minutes before it is sent again.")
    if not same:
        _change_address(user, email, row, by)
    if row.email.lower() != email.lower():
        row.approved_at = row.approved_by = None
    row.email, row.user = email, user
    record("invitation_sent_again", by=by, obj=row)
    _offer(row, by=by)
    return row


def _change_address(user, email, row, by):
    if not user.known_only:
        raise ValidationError({"email": "This address has an account. Only its owner changes it."})
    if User.objects.filter(email__iexact=email).exclude(pk=user.pk).exists():
        raise ValidationError({"email": "Somebody else has this address. Withdraw this, and invite them by it."})
    if not rules.keeps_everybody(by) and rules.belongs_elsewhere(user, row.agency):
        raise ValidationError({"email": "This person is known to another organisation too. Ask the business unit."})
    user.email = email
    user.full_clean(exclude=["password"])
    user.save(update_fields=["email"])
    record("address_given", by=by, obj=user)


@transaction.atomic
def withdraw(row, *, by) -> Invitation:
    """Take an invitation back before it is taken up. Stale when it was, or has ended."""
    row = lock(row)
    if not row.open:
        raise Stale("This invitation is over already, so it cannot be withdrawn.")
    row.withdrawn_at, row.withdrawn_by = timezone.now(), by
    row.save(update_fields=["withdrawn_at", "withdrawn_by"])
    _close_the_door(row)
    record("invitation_withdrawn", by=by, obj=row)
    return row


def approve(row, *, by) -> Invitation:
    """A second person agrees. ValidationError for the inviter and the invited; Stale when nothing waits.

    Stale too where the organisation or the account has ended since: then the invitation is over, and stays so.
    """
    with transaction.atomic():
        row = lock(row)
        if not can(by, Perm.PEOPLE_APPROVE, row):
            raise PermissionDenied
        if not row.waits_for_approval:
            raise Stale("This invitation does not wait for approval any more.")
        _second_person(row, by)
        if not (why := rules.why_over(row.agency, lock(row.user))):
            return _agree(row, by)
        _end(row, by=by, why=why)
    raise Stale(f"{why} The invitation is over.")


def _agree(row, by):
    row.approved_at, row.approved_by = timezone.now(), by
    row.save(update_fields=["approved_at", "approved_by"])
    record("invitation_approved", by=by, obj=row)
    if row.accepted_at:
        _take_up(row)
        personal.write(OPENED, recipient=row.user, about_id=row.pk)
    return row


@transaction.atomic
def refuse(row, *, by, reason) -> Invitation:
    """The second person says no. The person is told that the account was not opened, and not why."""
    row = lock(row)
    if not can(by, Perm.PEOPLE_APPROVE, row):
        raise PermissionDenied
    if not row.waits_for_approval:
        raise Stale("This invitation does not wait for approval any more.")
    _second_person(row, by)
    if not reason.strip():
        raise ValidationError({"reason": "Say why, for the record."})
    row.refused_at, row.refused_by, row.reason = timezone.now(), by, reason.strip()
    row.save(update_fields=["refused_at", "refused_by", "reason"])
    _close_the_door(row)
    record("invitation_refused", by=by, obj=row)
    if row.accepted_at:
        personal.write(NOT_OPENED, recipient=row.user, about_id=row.pk)
    return row


@transaction.atomic
def end_open_of(user, *, by) -> int:
    """End what is open when an account closes: the invitations to `user`, and those by `user` that nobody accepted.

    Returns how many. For the one who closes it, before the row of `user` is locked.
    """
    rows = Invitation.objects.unscoped(WHY).filter(OPEN)
    rows = rows.filter(Q(user=user) | Q(invited_by=user, accepted_at=None)).order_by("pk")
    ended = 0
    for row in map(lock, rows):
        mine = row.user_id == user.pk
        if row.open and (mine or row.accepted_at is None):
            _end(row, by=by, why=rules.CLOSED if mine else "Whoever invited has left.")
            ended += 1
    return ended


def _end(row, *, by, why):
    row.withdrawn_at, row.withdrawn_by, row.reason = timezone.now(), by, why
    row.save(update_fields=["withdrawn_at", "withdrawn_by", "reason"])
    _close_the_door(row)
    record("invitation_over", by=by, obj=row)


def _second_person(row, by):
    if by.pk in (row.invited_by_id, row.user_id):
        raise ValidationError("Somebody else must decide: you invited this person, or it is you.")


def _close_the_door(row):
    """No link of it opens any more; somebody who was let in nowhere else keeps no password."""
    links.revoke_about(row.pk, Link.Purpose.INVITATION)
    user = lock(row.user)
    accepted = Invitation.objects.unscoped(WHY).filter(OPEN, user=user, accepted_at__isnull=False)
    if user.known_only and not accepted.exists():
        user.set_unusable_password()
        user.save(update_fields=["password"])


def invitation_of(link) -> Invitation:
    """The invitation behind a link, while it can be accepted; Http404 for any other, as for a link that never was.

    An address that was changed since the letter left ends it: who reads the old one is not the invited any more.
    """
    rows = Invitation.objects.unscoped("the holder of its link, who acts as the invited")
    row = rows.select_related("agency", "invited_by", "user", "duty").filter(pk=link.object_id).first()
    if row is None or not may_be_accepted(row) or row.user_id != link.acts_as_id:
        raise Http404
    return row


def may_be_accepted(row) -> bool:
    same = row.email.lower() == (row.user.email or "").lower()
    return row.waits_for_person and not row.expired and same and not rules.why_over(row.agency, row.user)


@transaction.atomic
def accept(link, *, password="", name="", post="") -> Invitation:
    """Use the link up and accept. Raises Http404 when the link was used, or the invitation ended, a moment ago.

    password: for somebody who has no sign-in yet. name, post: of the person behind an office's address.
    """
    row = lock(invitation_of(link))  # before its link: so does who withdraws it
    if not may_be_accepted(row):
        raise Http404
    links.use_up(link)
    user = lock(row.user)
    if user.known_only:
        if not password:
            raise ValidationError({"password1": "Choose a password."})
        user.set_password(password)
        if name:
            user.name = row.name = name
        if post or row.post:
            user.job_title = row.post = post or row.post
        user.save(update_fields=["password", "name", "job_title"])
    row.user = user
    row.accepted_at = timezone.now()
    # Asked again: whoever was there when the invitation left may have gone since.
    row.why_approval = row.why_approval or rules.why_approval(row.agency, Role(row.role), user)
    row.save(update_fields=["accepted_at", "why_approval", "name", "post"])
    links.revoke_about(row.pk, Link.Purpose.INVITATION)
    record("invitation_accepted", by=user, obj=row)
    if not row.waits_for_approval:
        _take_up(row)
    return row


def _take_up(row):
    """The account opens, the membership begins, the vacant duty is held."""
    user = lock(row.user)
    if not user.is_active:
        user.is_active = True
        user.save(update_fields=["is_active"])
        prove_address(user)  # the letter was read there
        record("account_opened", by=row.approved_by or row.invited_by, obj=user)
    by = row.invited_by or row.approved_by
    join(user, role=Role(row.role), partnership=Partnership.objects.get(), agency=row.agency, by=by,
         starts=timezone.localdate())  # fmt: skip
    if row.duty_id:
        _hold(row.duty, user, by)
    row.joined_at, row.user = timezone.now(), user
    row.save(update_fields=["joined_at"])
    forget_reach()


def _hold(duty, user, by):
    duty = lock(duty)
    if duty.holder_id is None and NamedDuty.objects.live().filter(pk=duty.pk).exists():
        duty.holder = user
        duty._history_user = by
        duty.save(update_fields=["holder"])
        record("duty_changed", by=by, obj=duty.agency, duty=duty.pk, fields=["holder"], holder=user.pk)
