"""The one writer of folders, grants and bars (house.md 2.10). Every call writes its event in the same transaction."""

import secrets

from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from partnership.access.codewords import WORDS
from partnership.access.flow import lock
from partnership.access.interests import said_of
from partnership.access.models import ROLE_PREFIX, SEALED_KINDS, SEATED_KINDS, Conflict, Folder, FolderGrant
from partnership.access.rows import holders
from partnership.access.scope import forget_reach
from partnership.people.models import Membership, User
from partnership.people.roles import FOLDER_ROLES, GROUP_ROLES, POWERS, Perm, Role
from partnership.people.services import SHARED, acts_as_partner, near_cases, scrutinises
from partnership.trail.models import new_id
from partnership.trail.services import record
from partnership.ui.dates import midnight

# Folder roles that come with a duty of the directory: who holds it today, and what is said of anybody else.
NEEDS_A_DUTY = {
    Role.SIGNATORY: (
        acts_as_partner,
        "{} does not hold the duty of a delegated safeguarding partner today, nor of a dated deputy. Ask the "
        "directory’s administrator to enter the duty, then let them in to sign. To read only, choose ‘Rapid review "
        "panel member’.",
    ),
    Role.SCRUTINEER: (
        scrutinises,
        "The directory does not name {} as an independent scrutineer today. Ask the directory’s administrator to enter "
        "the appointment, then let them in. To read only, choose ‘Rapid review panel member’.",
    ),
}


_sealing: list = []


def register_sealing(hook) -> None:
    """hook(folder): called in the transaction that seals a folder, when it and all below it are sealed."""
    if hook not in _sealing:
        _sealing.append(hook)


def new_reference() -> str:
    """A random code word for a sealed folder: it tells neither how many there are nor which came first."""
    taken = Folder.objects.unscoped("is this code word free?")
    while True:
        reference = f"{secrets.choice(WORDS)} {secrets.choice(WORDS)}".title()
        if len(set(reference.split())) == 2 and not taken.filter(reference=reference).exists():
            return reference


@transaction.atomic
def open_folder(*, kind, title, partnership, by, parent=None, sealed=None, reference=None, agencies=()) -> Folder:
    """Make a folder; review kinds, and anything under a sealed folder, are sealed whatever is asked for."""
    sealed = bool(sealed) or kind in SEALED_KINDS or bool(parent and parent.sealed)
    pk = new_id()
    folder = Folder.objects.create(
        id=pk,
        kind=kind,
        title=title,
        partnership=partnership,
        parent=parent,
        path=[*(parent.path if parent else []), pk],
        sealed=sealed,
        reference=reference or new_reference(),
    )
    folder.agencies.set(agencies)
    record("folder_opened", by=by, obj=folder, kind=kind, sealed=sealed)
    forget_reach()
    return folder


@transaction.atomic
def set_agencies(folder, agencies, *, by) -> Folder:
    """Which agencies open this folder from this moment on; the event says which were added and which taken off."""
    folder = lock(folder)
    before = set(folder.agencies.values_list("pk", flat=True))
    after = {each.pk for each in agencies}
    if before != after:
        folder.agencies.set(agencies)
        added, removed = sorted(after - before, key=str), sorted(before - after, key=str)
        record("folder_agencies_set", by=by, obj=folder, added=added, removed=removed)
        forget_reach()
    return folder


@transaction.atomic
def rename(folder, title, *, by) -> Folder:
    """Give a folder another title."""
    folder = lock(folder)
    if folder.title != title:
        folder.title = title
        folder.save(update_fields=["title"])
        record("folder_renamed", by=by, obj=folder)
    return folder


@transaction.atomic
def seal(folder, *, by) -> Folder:
    """Seal a folder and everything below it; what floors keep of it is sealed with it (`register_sealing`)."""
    below = Folder.objects.unscoped("sealing reaches all below").filter(path__overlap=[folder.pk])
    below.update(sealed=True)
    for hook in _sealing:
        hook(folder)
    record("folder_sealed", by=by, obj=folder)
    forget_reach()
    return Folder.objects.unscoped("the row just sealed").get(pk=folder.pk)


def permission_for(role) -> Permission:
    return Permission.objects.get(codename=f"{ROLE_PREFIX}{role}", content_type__app_label="access")


@transaction.atomic
def grant(folder, user, role: Role, *, by, reason, ends=None) -> FolderGrant:
    """Let `user` into `folder` with `role`. Idempotent for an open grant; raises ValidationError for people.

    Nobody lets himself in, a barred person is not let in, who signs for a safeguarding partner holds that duty today
    (WT2023 ch. 2: the lead partner appoints the delegate), and the reason is kept.
    """
    if by is not None and user.pk == by.pk:
        raise ValidationError({"user": "You cannot give yourself a role. Ask somebody else who lets people in."})
    _not_longer_than_the_giver(folder, by, ends)
    return _let_in(folder, user, role, by=by, reason=reason, ends=_not_longer_than_the_duty(role, user, ends))


def _not_longer_than_the_giver(folder, by, ends):
    """Somebody whose own access ends cannot give longer access than his own."""
    if by is None or not folder.sealed:
        return
    own = FolderGrant.objects.live().filter(user=by, content_object_id__in=folder.path)
    last = [row.ends for row in own.select_related("permission") if Perm.FOLDER_GRANT in POWERS[row.role]]
    if last and None not in last and (ends is None or ends > max(last)):
        raise ValidationError(
            {"ends": f"Your own access ends on {max(last):%-d %B %Y}: give access until then at most."}
        )


def _not_longer_than_the_duty(role, user, ends):
    """A dated deputy's access to sign ends with the deputyship, and a scrutineer's with the appointment."""
    if role not in NEEDS_A_DUTY:
        return ends
    held, refusal = NEEDS_A_DUTY[role]
    duties = held(user)
    if not duties:
        raise ValidationError({"user": refusal.format(user.name)})
    if any(duty.ends is None for duty in duties):
        return ends
    last = midnight(max(duty.ends for duty in duties))
    return min(ends, last) if ends else last


def must_be_admissible(folder, user) -> None:
    """Raises ValidationError naming `user` for somebody who is let into this folder by nobody, in whatever role."""
    if not user.is_active:
        raise ValidationError({"user": "This account is switched off."})
    if user.shared_address:
        raise ValidationError({"user": SHARED})
    if not near_cases(User.objects.filter(pk=user.pk)).exists():
        raise ValidationError(
            {"user": f"{user.name} keeps the directory or the portal, and has no role that may be let into a case."}
        )
    if Conflict.objects.live().filter(user=user, folder_id__in=folder.path).exists():
        raise ValidationError({"user": "This person is barred from this folder by a conflict of interest."})


def _let_in(folder, user, role, *, by, reason, ends=None, emergency=False) -> FolderGrant:
    if role not in FOLDER_ROLES:
        raise ValueError(f"{role} is not a folder role")
    if folder.kind in SEATED_KINDS and role not in GROUP_ROLES:
        raise ValidationError({"role": "Access to a group comes with a seat on it: give this person a seat."})
    if not reason.strip():
        raise ValidationError({"reason": "Say why this person needs access."})
    if ends and ends <= timezone.now():
        raise ValidationError({"ends": "The end of access must be in the future."})
    must_be_admissible(folder, user)
    _scrutineer_stands_apart(folder, user, role)
    row, created = FolderGrant.objects.get_or_create(
        content_object=folder,
        user=user,
        permission=permission_for(role),
        ends=ends,
        defaults={"reason": reason.strip(), "granted_by": by, "emergency": emergency},
    )
    if created:
        verb = "emergency_opened" if emergency else "access_granted"
        record(verb, by=by, obj=folder, user=user.pk, role=str(role), grant=row.pk)
        forget_reach()
    return row


def _scrutineer_stands_apart(folder, user, role):
    """Independent scrutiny is of other people's work (Children Act 2004 s16G(3)): who scrutinises has no other role."""
    held = FolderGrant.objects.live().filter(user=user, content_object_id__in=folder.path).select_related("permission")
    roles = {row.role for row in held}
    if role == Role.SCRUTINEER and roles - {Role.SCRUTINEER}:
        raise ValidationError({"user": f"{user.name} has another role here, so cannot be its independent scrutineer."})
    if role == Role.SCRUTINEER and acts_as_partner(user):
        raise ValidationError(
            {"user": f"{user.name} speaks for a safeguarding partner, so cannot scrutinise its work."}
        )
    if role == Role.SCRUTINEER and (shut := [each for each in said_of(folder, user, role) if role in each.shuts]):
        raise ValidationError({"user": f"{shut[0].words} So {user.name} cannot scrutinise the review."})
    if role != Role.SCRUTINEER and Role.SCRUTINEER in roles:
        raise ValidationError({"user": f"{user.name} is the independent scrutineer here. End that access first."})


def let_in_for_emergency(folder, user, *, reason, ends) -> FolderGrant:
    """Let somebody into a sealed folder by their own word: to read, until `ends`. partnership.access.emergency asks
    first whether they may; its caller's transaction holds all of it."""
    return _let_in(folder, user, Role.PANEL_MEMBER, by=user, reason=reason, ends=ends, emergency=True)


@transaction.atomic
def revoke(row: FolderGrant, *, by) -> FolderGrant:
    """End a grant now. A sealed folder keeps at least two holders, one of whom can let people in (house.md 2.9)."""
    row = FolderGrant.objects.select_for_update(of=("self",)).select_related("content_object").get(pk=row.pk)
    now = timezone.now()
    if row.ends and row.ends <= now:
        return row
    folder = lock(row.content_object)  # two who take each other off wait here: the second is counted without the first
    row.ends = now
    row.save(update_fields=["ends"])
    if not row.emergency:  # it was not one of the two
        must_keep_two(folder)
    record("access_ended", by=by, obj=row.content_object, user=row.user_id, role=str(row.role), grant=row.pk)
    forget_reach()
    return row


@transaction.atomic
def shorten(row: FolderGrant, *, by, ends) -> FolderGrant:
    """Let a grant end at `ends`, sooner than it would; one that ends before stays as it is.

    No new grant: nothing is asked that letting in asks, so the access of somebody who is barred meanwhile ends too.
    """
    row = FolderGrant.objects.select_for_update(of=("self",)).select_related("content_object").get(pk=row.pk)
    if row.ends and row.ends <= ends:
        return row
    if ends <= timezone.now():
        return revoke(row, by=by)
    row.ends = ends
    row.save(update_fields=["ends"])
    record("access_shortened", by=by, obj=row.content_object, user=row.user_id, role=str(row.role), grant=row.pk)
    forget_reach()
    return row


def must_keep_two(folder):
    """Raises ValidationError where a sealed folder would be left to fewer than two (house.md 2.9)."""
    if not folder.sealed:
        return
    # Who is in for a day by emergency access is not one of the two, nor is a scrutineer, who carries nothing on.
    lasting = FolderGrant.objects.live().filter(content_object_id__in=folder.path, emergency=False)
    lasting = lasting.exclude(permission__codename=f"{ROLE_PREFIX}{Role.SCRUTINEER}")
    people = holders(folder, Perm.FOLDER_VIEW).filter(pk__in=lasting.values("user_id"))
    if people.count() < 2 or not holders(folder, Perm.FOLDER_GRANT).exists():
        raise ValidationError(
            "A sealed folder keeps at least two people, one of whom can let others in. Let somebody else in first."
        )


@transaction.atomic
def bar(folder, user, *, by, reason, note="") -> Conflict:
    """Bar `user` from `folder` and all below it; it beats every path and holds from this moment.

    reason: a Conflict.Reason. note: words for those who let people in; the event keeps none of them.
    Raises ValidationError when nobody would be left who can let people in: that would close the folder for ever.
    """
    user = _at_last(user)  # before the folder: putting two records together locks people first
    folder = lock(folder)
    row, created = Conflict.objects.get_or_create(
        folder=folder, user=user, ends=None, defaults={"reason": reason, "note": note.strip(), "declared_by": by}
    )
    if created:
        if folder.sealed and not holders(folder, Perm.FOLDER_GRANT).exists():
            raise ValidationError(
                "This would leave nobody who can let people in. Let another case lead in first, on ‘People with "
                "access’, then record it."
            )
        verb = "conflict_declared" if by is not None and by.pk == user.pk else "person_barred"
        record(verb, by=by, obj=folder, user=user.pk, reason=reason)
        forget_reach()
    return row


def _at_last(user):
    """The record that somebody goes by now: a double that was just put away bars nobody (locked against that)."""
    row = User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
    return _at_last(row.merged_into) if row.merged_into_id else row


@transaction.atomic
def carry_bar(row: Conflict, user) -> Conflict:
    """The bar of one record of a person holds for another record of the same person too, for as long.

    Never refused, as `bar` is where nobody would be left who lets people in: the reconciler finds such a folder.
    """
    facts = {"reason": row.reason, "note": row.note, "declared_by": row.declared_by, "starts": row.starts}
    carried, created = Conflict.objects.get_or_create(folder=row.folder, user=user, ends=row.ends, defaults=facts)
    if created:
        record("person_barred", obj=row.folder, user=user.pk, reason=row.reason)
        forget_reach()
    return carried


@transaction.atomic
def lift_bar(row: Conflict, *, by, why) -> Conflict:
    """End a bar now; one that has ended stays as it ended. why: kept with the bar; the event keeps none of it.

    Raises ValidationError for somebody's own, and where nothing is said.
    """
    if not why.strip():
        raise ValidationError({"why": "Say why it is lifted."})
    row = Conflict.objects.select_for_update(of=("self",)).select_related("folder").get(pk=row.pk)
    if by is not None and row.user_id == by.pk:
        raise ValidationError("You cannot lift your own conflict of interest.")
    now = timezone.now()
    if row.ends and row.ends <= now:
        return row
    row.ends, row.lifted_by, row.lifted_why = now, by, why.strip()
    row.save(update_fields=["ends", "lifted_by", "lifted_why"])
    record("bar_lifted", by=by, obj=row.folder, user=row.user_id)
    forget_reach()
    return row


@transaction.atomic
def open_sealed(*, kind, title, partnership, by, parent=None) -> Folder:
    """Open a sealed folder: its opener leads it, and the business managers of that day are let in (house.md 2.9).

    parent: the folder that it lies below; whoever is barred from that stays out.
    """
    folder = open_folder(kind=kind, title=title, partnership=partnership, by=by, parent=parent, sealed=True)
    _let_in(folder, by, Role.CASE_LEAD, by=by, reason="Opened the folder")
    barred = Conflict.objects.live().filter(folder_id__in=folder.path).values("user_id")
    for user in _of_the_unit(partnership, Role.BUSINESS_MANAGER).exclude(pk=by.pk).exclude(pk__in=barred):
        grant(folder, user, Role.CASE_LEAD, by=by, reason="Business manager on the day it was opened")
    return folder


def open_for_the_unit(*, kind, title, partnership, by) -> Folder:
    """Open a sealed folder for somebody who is not let in: a referrer keeps his own referral only (house.md 2.9).

    The business managers of the day lead it; where there are fewer than two, the unit's officers do too, because a
    sealed folder keeps two holders. Raises ValidationError where the unit has nobody.
    """
    people = list(_of_the_unit(partnership, Role.BUSINESS_MANAGER))
    if len(people) < 2:
        people += list(_of_the_unit(partnership, Role.BUSINESS_UNIT).exclude(pk__in=[each.pk for each in people]))
    if not people:
        raise ValidationError("Nobody of the business unit can receive this in the portal today. Ring the unit.")
    folder = open_folder(kind=kind, title=title, partnership=partnership, by=by, sealed=True)
    for user in people:
        _let_in(folder, user, Role.CASE_LEAD, by=by, reason="Of the business unit on the day it came in")
    return folder


@transaction.atomic
def seal_for_the_unit(folder, *, by) -> Folder:
    """Seal an open folder that turns out to be about a child: whoever seals it leads it, with the business managers of
    that day, as in one that was opened sealed; with the unit's officers where there is no such manager. Whoever is
    barred from it stays out."""
    barred = Conflict.objects.live().filter(folder_id__in=folder.path).values("user_id")
    for role in (Role.BUSINESS_MANAGER, Role.BUSINESS_UNIT):
        people = list(_of_the_unit(folder.partnership, role).exclude(pk__in=barred).exclude(pk=by.pk))
        if people:
            break
    for user in (by, *people):
        _let_in(folder, user, Role.CASE_LEAD, by=by, reason="Of the business unit on the day it was sealed")
    folder = seal(folder, by=by)
    must_keep_two(folder)
    return folder


def _of_the_unit(partnership, role):
    here = Membership.objects.live().filter(role=role, partnership=partnership, agency=None)
    people = User.objects.filter(is_active=True, suspended_at=None, shared_address=False, pk__in=here.values("user_id"))
    return people.order_by("name")
