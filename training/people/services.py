"""The people of organisations, as far as booking and registers need them: oneself, somebody new, a colleague who is
named, whoever comes without a place.

They are found by their address within one organisation and by nothing else (docs/adr/0036).
"""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models.functions import Lower

from partnership.access.reach import reach_of
from partnership.people.models import Membership, Partnership, User
from partnership.people.roles import Perm
from partnership.trail.services import record
from training.models import Learner
from training.office import training_of
from training.people.matching import found, key_of

WHY = "one row is looked for within one organisation, by an account or an address that the caller has already"
DIFFERS = "Your organisation has this address with another name. Check both, or choose the person from the list."
NO_NAME = "Enter the full name."


def may_keep(by, agency) -> bool:
    """Whether somebody keeps the people of this organisation: its leads and coordinators, and the business unit."""
    reach = reach_of(by)
    return agency.pk in reach.agencies(Perm.LEARNER_EDIT) or reach.holds_wide(Perm.LEARNER_EDIT)


@transaction.atomic
def own_at(user, agency) -> Learner:
    """The learner that somebody with an account is at an organisation that she belongs to; made where there is none.

    Raises PermissionDenied where she does not belong there today.
    """
    if agency.pk not in reach_of(user).belongs_to():
        raise PermissionDenied("people.own_at")
    rows = Learner.objects.unscoped(WHY)
    if row := rows.filter(agency=agency, user=user).first():
        row.agency, row.user = agency, user  # they are here already
        return row
    # An office's address is nobody's own: it finds nobody.
    row = None if user.shared_address else found(agency, user.email)
    if row is not None and row.user_id is None:
        return _tied(row, user)
    # An address that is recorded with another account there is that account's: hers is kept by the account alone.
    email = "" if row is not None or user.shared_address else user.email or ""
    return _made(agency, by=user, name=user.name, email=email, user=user, post=user.job_title)


@transaction.atomic
def add(agency, *, by, name, email="", role=None, post="") -> Learner:
    """Somebody of an organisation, found by the address or made. Raises PermissionDenied, and ValidationError where the
    address is recorded with another name."""
    if not may_keep(by, agency):
        raise PermissionDenied("people.add")
    return _known(agency, name, email) or _made(
        agency, by=by, name=name, email=email, role=role, post=post, user=account_at(agency, email)
    )


@transaction.atomic
def colleague(booking, *, by, name, email) -> Learner:
    """A colleague of the person of a booking, to whom the place is handed. Raises as `add` does."""
    agency = booking.agency
    return _known(agency, name, email) or _made(agency, by=by, name=name, email=email, user=account_at(agency, email))


@transaction.atomic
def at_the_door(agency, *, by, name, email) -> Learner:
    """Somebody of an organisation who came without a place: found by the address, whatever name was given at the door,
    or made. `register.services` has asked whether `by` keeps the register."""
    return found(agency, email) or _made(agency, by=by, name=name, email=email, user=account_at(agency, email))


def account_at(agency, email) -> User | None:
    """The account of this address, as `accounts_at` finds it."""
    return accounts_at(agency, [email]).get(key_of(email))


def accounts_at(agency, emails) -> dict:
    """`key_of` an address -> the account of it, where that belongs to the organisation today and is nobody's record
    there yet; an office's is nobody's own. Two questions, however many they are."""
    keys = {key_of(email) for email in emails} - {""}
    if not keys:
        return {}
    members = Membership.objects.live().filter(agency=agency, user__is_active=True, user__shared_address=False)
    members = members.annotate(key=Lower("user__email")).filter(key__in=keys).select_related("user")
    users = {key_of(row.user.email): row.user for row in members}
    rows = Learner.objects.unscoped(WHY).filter(agency=agency, user__in=users.values())
    taken = set(rows.values_list("user", flat=True))
    return {key: user for key, user in users.items() if user.pk not in taken}


def _known(agency, name, email) -> Learner | None:
    if not name.strip():
        raise ValidationError({"name": NO_NAME})
    row = found(agency, email)
    if row is not None and _folded(row.name) != _folded(name):
        raise ValidationError({"email": DIFFERS})
    return row


def _folded(name) -> str:
    return " ".join(key_of(name).split())


def _tied(row, user) -> Learner:
    row.user = user
    row.version += 1
    row.save(update_fields=["user", "version"])
    record("learner_tied", by=user, obj=row)
    return row


def _made(agency, *, by, name, email, user=None, role=None, post="") -> Learner:
    folder = training_of(Partnership.objects.order_by("pk").first())
    row = Learner(
        folder=folder, agency=agency, user=user, name=" ".join(name.split()), email=email.strip(), key=key_of(email),
        role=role, post=post.strip(), changed_by=by,
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:  # somebody else entered the same person in this moment
        rows = Learner.objects.unscoped(WHY).filter(agency=agency)
        return rows.get(user=user) if user and rows.filter(user=user).exists() else rows.get(key=row.key)
    record("learner_added", by=by, obj=row)
    return row
