"""Who is entered, with an account or without, and given a role. How roles and accounts end: `partnership.directory`."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from partnership.people.finding import fold
from partnership.people.models import DutyKind, Membership, NamedDuty, User
from partnership.people.roles import APART_FROM_CASES, Role, is_case_role, speaks_for_a_partner
from partnership.trail.services import record

ANOTHERS = (
    "Somebody of another name has this address in the portal. Check the address; if it is the same person, enter the "
    "name as the portal has it, or ask the business unit."
)
IN_DIRECTORY = (
    "Somebody in the directory has this email address, so they are asked through their organisation: choose ‘Ask one "
    "agency or school’. If they belong to none there, ask the business unit."
)
NO_PARTNER = "Only the organisation of a statutory safeguarding partner has a delegated partner."
SHARED = "This account has the address of an office. Only a person’s own address may be let into cases."


@transaction.atomic
def create_person(*, email, name, by=None, job_title="", password=None) -> User:
    """Create an account; without a password it waits for its first-sign-in link. ValidationError for a double."""
    email = User.objects.normalize_email(email.strip())
    if User.objects.filter(email__iexact=email).exists():
        raise ValidationError({"email": "Somebody with this email address has an account already."})
    user = User(email=email, name=name, job_title=job_title)
    if password is None:
        user.set_unusable_password()
    else:
        user.set_password(password)
    user.full_clean(exclude=["password"])
    user.save()
    record("person_created", by=by, obj=user)
    return user


@transaction.atomic
def know_person(
    *, name, email=None, job_title="", telephone="", shared_address=False, by=None, of_this_name=False
) -> User:
    """Somebody who is known and has no sign-in: holds a duty, is about to be invited. Returns the row.

    One person, one row: whoever has this address already, with an account or without, is that person and is returned
    as they are. of_this_name: only if they are called so, because what was typed would be replaced without a word; an
    invitation is read by whoever has the address and needs no such check. ValidationError for the address of somebody
    else, and of an account that was closed.
    """
    email = User.objects.normalize_email((email or "").strip()) or None
    if email and (found := User.objects.filter(email__iexact=email).first()):
        if found.closed_at:
            raise ValidationError({"email": "The account with this email address was closed. Ask the business unit."})
        if found.guest:
            return _known_here(found, name=name, job_title=job_title, telephone=telephone, by=by)
        if of_this_name and fold(found.name) != fold(name):
            raise ValidationError({"email": ANOTHERS})
        return found
    user = User(
        email=email,
        name=name.strip(),
        job_title=job_title.strip(),
        telephone=telephone.strip(),
        shared_address=shared_address,
        is_active=False,
    )
    user.set_unusable_password()
    user.full_clean(exclude=["password"])
    user.save()
    record("person_known", by=by, obj=user)
    return user


def _known_here(user, *, name, job_title, telephone, by) -> User:
    """A guest of a case is somebody of the directory from now on, as she was entered there: no word of it is said."""
    row = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    row.name, row.job_title, row.telephone = name.strip() or row.name, job_title.strip(), telephone.strip()
    row.guest = False
    row.full_clean(exclude=["password"])
    row.save(update_fields=["name", "job_title", "telephone", "guest"])
    record("person_known", by=by, obj=row)
    return row


@transaction.atomic
def know_guest(*, email, name, by=None) -> User:
    """Somebody of no organisation in the directory, to be asked for one request of a case; without a sign-in yet.

    A guest of another case with this address is that same person, and nothing of it is said. ValidationError for an
    address that the directory knows.
    """
    email = User.objects.normalize_email(email.strip())
    if found := User.objects.filter(email__iexact=email).first():
        if not found.guest:
            raise ValidationError({"email": IN_DIRECTORY})
        return found
    user = User(email=email, name=name.strip(), is_active=False, guest=True)
    user.set_unusable_password()
    user.full_clean(exclude=["password"])
    user.save()
    record("guest_known", by=by, obj=user)
    return user


def role_belongs(role, agency) -> None:
    """ValidationError for the role of a delegated partner anywhere but at a safeguarding partner's organisation."""
    if speaks_for_a_partner(role) and agency is not None and not agency.partner_seat:
        raise ValidationError({"role": NO_PARTNER})


@transaction.atomic
def join(user, *, role: Role, partnership, agency=None, by=None, starts=None) -> Membership:
    """Attach a role to the partnership or to one agency of it. Idempotent for an open membership.

    ValidationError for a role that opens cases, given to the address of an office: it must be one person's; and for
    the role of a delegated partner at a body that is no safeguarding partner.
    """
    role_belongs(role, agency)
    if user.shared_address and is_case_role(role):
        raise ValidationError({"role": SHARED})
    membership, created = Membership.objects.get_or_create(
        user=user, partnership=partnership, agency=agency, role=str(role), ends=None, defaults={"starts": starts}
    )
    if created:
        record("membership_began", by=by, obj=user, role=str(role), agency=getattr(agency, "pk", None))
    return membership


def end_membership(row, *, by, ends) -> None:
    """End a role; `ends` is the first day without it. One that was not held for a day goes wholly; its history stays.

    In the caller's transaction, with the row locked. An end is brought forward and never put off: a role that has
    ended by then stays as it is.
    """
    if row.ends and row.ends <= ends:
        return
    facts = {"role": row.role, "agency": row.agency_id, "membership": row.pk, "on": ends}
    row._history_user = by
    if row.starts and row.starts >= ends:
        row.delete()
    else:
        row.ends = ends
        row.save(update_fields=["ends"])
    record("membership_ended", by=by, obj=row.user, **facts)


def was_there(user, agency, since) -> bool:
    """Whether somebody who belongs to an organisation today came to it on the day `since` at the latest."""
    came = Q(starts=None) | Q(starts__lte=since)
    return Membership.objects.live().filter(came, user=user, agency=agency).exists()


def signs_in(prefix="") -> dict:
    """A filter for people who sign in as themselves and are not suspended. prefix: of the path to them ('owner__')."""
    facts = {"is_active": True, "guest": False, "shared_address": False, "closed_at": None, "suspended_at": None}
    return {f"{prefix}{name}": value for name, value in facts.items()}


def acts_as_partner(user, *, day=None):
    """The duties by which `user` speaks for a safeguarding partner on `day`: as delegate or as a dated deputy.

    Returns a list of NamedDuty with agency and deputy_for loaded.
    """
    day = day or timezone.localdate()
    duties = NamedDuty.objects.on(day).filter(holder=user, kind="dsp").exclude(agency__partner_seat="")
    return list(duties.select_related("agency", "deputy_for"))


def scrutinises(user, *, day=None) -> list:
    """The duties by which `user` is an independent scrutineer of the partnership on `day`, as the directory has them
    (Children Act 2004 s16G(3))."""
    return list(NamedDuty.objects.on(day or timezone.localdate()).filter(holder=user, kind=DutyKind.SCRUTINEER))


def near_cases(people):
    """Of `people` (a queryset of User), those who may be let into a case or invited to its meeting: all but guests and
    whoever has no role today but one that stands apart from cases."""
    live = Membership.objects.live()
    apart = live.filter(role__in=APART_FROM_CASES).values("user_id")
    others = live.exclude(role__in=APART_FROM_CASES).values("user_id")
    return people.filter(guest=False).exclude(Q(pk__in=apart) & ~Q(pk__in=others))
