"""Every write to an action. Each locks it, writes its event, and tells who must know (partnership.actions.telling)."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from partnership.access.edits import stamp
from partnership.access.flow import Stale, lock
from partnership.access.models import Folder
from partnership.access.over import is_over
from partnership.access.reach import reach_of
from partnership.access.reads import is_barred
from partnership.access.rows import allowing, can, powers
from partnership.actions import telling
from partnership.actions.models import Action, Evidence, Origin, Update
from partnership.actions.sealing import became_sensitive
from partnership.actions.sources import known_source, source_folder
from partnership.people.models import Agency, Membership
from partnership.people.roles import Perm
from partnership.people.services import was_there
from partnership.trail.services import record

S = Action.Status
WHY = "the service holds the action"
OVER = "This group has ended: add it in another group, or in the partnership’s business."
CHANGED = "Somebody else changed this action while you were typing."
ONLY_WHO_WAS_THERE = (
    "This comes from a case: give it to a colleague who was here when it was agreed, not to yourself. Else ask whoever "
    "added it."
)
IS_SPLIT = "This action was split between organisations: each part has its own owner, update and closing."
SAME = object()  # as it is
# What may be edited. Who owns it and when it is due have services of their own.
EDITABLE = ("what", "success", "priority", "duty", "sensitive", "agreed_on")


@transaction.atomic
def add(folder, *, by, **facts) -> Action:
    """Add an action in `folder`, or a parked idea: that has neither owner nor date.

    facts: what `_add` takes. Raises PermissionDenied for who may not add there, ValidationError as `_add`.
    """
    if by is not None and not can(by, Perm.ACTION_ADD, folder):
        raise PermissionDenied("action.add")
    return _add(folder, by=by, **facts)


@transaction.atomic
def add_own(source, *, by, owner=None, **facts) -> Action:
    """An organisation's own action, from a row of its own (`source`, with its folder and agency): by who may not add
    in that folder, and works for nobody else. The wing has asked for its own power on the row.

    owner: somebody of the organisation; None until it says who. Raises as `add` does.
    """
    return _add(source.folder, by=by, owner=owner, agency=source.agency, source=source, **facts)


def _add(folder, *, by, what, due_on=None, owner=None, agency=None, parked=False, whole=False, source=None,
         origin=Origin.BY_HAND, **facts) -> Action:  # fmt: skip
    """source: the row that it arises from, of a registered kind. facts: success, priority, duty, sensitive, agreed_on,
    owner_words. whole: it is split at once, and its parts have the owners. Raises ValidationError where it has no day,
    its day lies before the day it was agreed on, nobody has it (an earlier log is taken in as it stands) or its owner
    cannot be given one.
    """
    folder = (
        Folder.objects.unscoped("the folder that the page gave")
        .select_for_update(of=("self",), no_key=True)
        .get(pk=folder.pk)
    )
    if is_over(folder):
        raise ValidationError(OVER)
    if source is not None and (not known_source(source) or source.folder_id is None):
        raise ValueError(f"no actions arise from {source._meta.label}")
    if parked:
        owner = agency = due_on = None
    row = Action(
        folder=folder,
        origin=origin,
        status=S.PARKED if parked else S.OPEN,
        what=what.strip(),
        due_on=due_on,
        first_due_on=due_on,
        owner=owner,
        agency=agency,
        source_kind=source._meta.label_lower if source is not None else "",
        source_id=source.pk if source is not None else None,
        added_by=by,
        changed_by=by,
        **facts,
    )
    _must_be_possible(row)
    if not (parked or whole or row.owner_words or origin == Origin.EARLIER):
        must_have_somebody(owner, agency)
    return _insert(row, by=by)


def _insert(row, *, by):
    row.sensitive = row.sensitive or row.folder.sealed
    row.save(force_insert=True)
    record("action_added", by=by, obj=row, origin=str(row.origin), owner=row.owner_id, parked=row.status == S.PARKED)
    if row.status in Action.LIVE:
        telling.tell_owner(telling.GIVEN, row, by=by)
    return row


def _must_be_possible(row):
    must_be_dated(row)
    if row.owner is not None:  # a parked idea has none
        can_own(row.owner, row.agency, folder=row.folder, arose_in=source_folder(row))


def must_be_dated(row) -> None:
    """Raises ValidationError for an action without words, and for one, no parked idea, without a possible day."""
    if not row.what:
        raise ValidationError({"what": "Say what will be done."})
    if row.status == S.PARKED:
        return
    if row.due_on is None:
        raise ValidationError({"due_on": "Enter the day by which it will be done, or park it as an idea."})
    if row.agreed_on and row.due_on < row.agreed_on:
        raise ValidationError({"due_on": "The day by which it is done cannot be before the day it was agreed on."})


def must_have_somebody(owner, agency) -> None:
    """Raises ValidationError for an action that nobody would answer for."""
    if owner is None and agency is None:
        raise ValidationError({"owner": "Choose who does it, or the organisation that will say who."})


def can_own(user, agency=None, *, folder=None, arose_in=None) -> None:
    """Raises ValidationError where `user` cannot be given an action of `folder` in the name of `agency`.

    arose_in: the folder of its source, where that is another (sources.source_folder): whoever is barred there is not
    given what came of it. Why is not told where it is the person's own matter: a conflict of interest, an account that
    waits.
    """
    if user.guest or user.closed_at or user.shared_address or not user.is_active:
        raise ValidationError({"owner": f"{user.name} cannot be given an action: there is no personal sign-in."})
    here = Membership.objects.live().filter(user=user)
    if agency is not None and not here.filter(agency=agency).exists():
        raise ValidationError({"owner": f"{user.name} does not belong to {agency.name} today. Choose a colleague."})
    if not here.exists():
        raise ValidationError({"owner": f"{user.name} belongs to no organisation today. Choose somebody else."})
    if user.suspended_at or any(is_barred(user, each) for each in (folder, arose_in) if each is not None):
        raise ValidationError({"owner": f"{user.name} cannot be given this action. Choose somebody else."})


@transaction.atomic
def change(row, *, by, version, **facts) -> Action:
    """Change the words of an action. facts: of EDITABLE. Raises Stale when somebody changed it since `version`, and
    once it is over: what was approved stays as it was approved."""
    row = _fresh(row, version)
    _must_manage(row, by)
    if row.status in Action.OVER:
        raise Stale(f"This action is {row.get_status_display().lower()} now: its words stay as they are.")
    changed = sorted(name for name in EDITABLE if name in facts and getattr(row, name) != facts[name])
    for name in changed:
        setattr(row, name, facts[name])
    row.sensitive = row.sensitive or row.folder.sealed
    _must_be_possible_words(row)
    if changed:
        stamp(row, by, *changed, "sensitive")
        record("action_changed", by=by, obj=row, fields=changed)
    if row.sensitive:  # its parts mostly have its very words
        parts = Action.objects.unscoped(WHY).select_for_update().filter(parent=row, sensitive=False).order_by("pk")
        parts = list(parts)
        for part in parts:
            part.sensitive = True
            stamp(part, by, "sensitive")
            record("action_changed", by=by, obj=part, fields=["sensitive"])
        became_sensitive([row, *parts])
    return row


def _must_be_possible_words(row):
    if not row.what.strip():
        raise ValidationError({"what": "Say what will be done."})
    if row.due_on and row.agreed_on and row.due_on < row.agreed_on:
        raise ValidationError({"agreed_on": "It was to be done before that day already: check the two dates."})


@transaction.atomic
def split(row, *, by, version, parts) -> list[Action]:
    """Split an action: one part an organisation, each with its own owner, update, evidence and closing.

    parts: dicts with agency, owner (or None), due_on (or None for the whole's) and what (or "" for the whole's words).
    More parts can be added later. Raises ValidationError for a part of a part, for an organisation twice, and for one
    that is over.
    """
    row = _fresh(row, version)
    _must_manage(row, by)
    if row.parent_id:
        raise ValidationError("This is a part already. A part cannot be split: add another part to the whole action.")
    if row.status != S.OPEN:
        raise Stale(f"This action is {row.get_status_display().lower()} now, so it can no longer be split.")
    standing = Action.objects.unscoped(WHY).filter(parent=row).exclude(status=S.CANCELLED)
    taken = set(standing.values_list("agency_id", flat=True))
    made = []
    for part in parts:
        agency = part["agency"]
        if agency.pk in taken:
            raise ValidationError({"agencies": f"{agency.name} has a part already."})
        taken.add(agency.pk)
        made.append(_part(row, part, by=by))
    if not made:
        raise ValidationError({"agencies": "Choose at least one organisation."})
    stamp(row, by)
    record("action_split", by=by, obj=row, parts=[each.pk for each in made])
    return made


def _part(whole, part, *, by):
    due_on = part.get("due_on") or whole.due_on
    copied = {name: getattr(whole, name) for name in ("origin", "source_kind", "source_id", "success", "agreed_on")}
    row = Action(
        folder=whole.folder,
        parent=whole,
        what=(part.get("what") or whole.what).strip(),
        priority=whole.priority,
        duty=whole.duty,
        sensitive=whole.sensitive,
        agency=part["agency"],
        owner=part.get("owner"),
        due_on=due_on,
        first_due_on=due_on,
        added_by=by,
        changed_by=by,
        **copied,
    )
    _must_be_possible(row)
    return _insert(row, by=by)


@transaction.atomic
def give(row, *, by, owner, agency=SAME, version=None) -> Action:
    """Give an action to somebody, of the same organisation or (for who manages it) of another.

    agency: in whose name; None for somebody of the partnership as a whole, as the business unit's own people. A lead
    gives it within the organisation, read or unread. Raises ValidationError where `owner` cannot be given it, Stale
    when it is over.
    """
    row = lock(row)
    if version is not None and row.version != version:
        raise Stale(CHANGED)
    manages = can(by, Perm.ACTION_MANAGE, row) if by is not None else True
    agency = row.agency if agency is SAME else agency
    if not manages and (agency != row.agency or not may_give(by, row)):
        raise PermissionDenied("action.give")
    if row.status not in Action.LIVE:
        raise Stale(f"This action is {row.get_status_display().lower()}, so it has no owner to change.")
    can_own(owner, agency, folder=row.folder, arose_in=source_folder(row))
    if row.folder.sealed and not manages and not _was_there(owner, row, by):
        raise ValidationError({"owner": ONLY_WHO_WAS_THERE})
    if (row.owner_id, row.agency_id) != (owner.pk, agency and agency.pk):
        row.owner, row.agency, row.owner_words = owner, agency, ""
        stamp(row, by, "owner", "agency", "owner_words")
        record("action_given", by=by, obj=row, user=owner.pk)
        telling.tell_owner(telling.GIVEN, row, by=by)
    return row


@transaction.atomic
def leave_to_nobody(row, *, by) -> Action:
    """Its owner goes, and nobody takes it over yet. It stays its organisation's, whose lead finds it on Home; where
    none is left there, whoever manages it does (partnership.actions.orphans). Called by a leaving, which asks who may.
    """
    row = lock(row)
    row.owner = None
    stamp(row, by, "owner")
    record("action_left", by=by, obj=row)
    return row


def _was_there(owner, row, by) -> bool:
    """Whoever gives an action of a case on unread lets in neither herself nor somebody who came to the organisation
    after it was given: those would be let into the case's action by her alone."""
    return owner.pk != by.pk and was_there(owner, row.agency, timezone.localdate(row.added_at))


def may_give(by, row) -> bool:
    """Whether `by` looks after the people of the action's organisation: she gives it on without reading it, but for one
    of a folder from which she is barred."""
    return row.pk in given_by(by, [row])


def given_by(by, rows) -> set:
    """The pks of those of `rows` that `may_give` says of, as few questions for all as for one. rows: with their
    folders."""
    held, bars = powers(by, rows), reach_of(by).bars
    agencies = {row.agency_id for row in rows if row.agency_id}
    led = set(allowing(Agency, by, Perm.COLLEAGUES).filter(pk__in=agencies).values_list("pk", flat=True))
    unread = {row.pk for row in rows if row.agency_id in led and bars.isdisjoint(row.folder.path)}
    return unread | {row.pk for row in rows if Perm.ACTION_GIVE in held[row.pk]}


@transaction.atomic
def update(row, *, by, words, outlook="", channel=Update.Channel.PORTAL, happened_on=None, given_by="") -> Update:
    """Write a dated update; it overwrites nothing. Raises Stale once the action is over, ValidationError for an empty
    one, for a day that has not come, and for one of an action that was split."""
    row = lock(row)
    if not can(by, Perm.ACTION_ANSWER, row) and not can(by, Perm.ACTION_MANAGE, row):
        raise PermissionDenied("action.update")
    must_go_on(row)
    if not words.strip():
        raise ValidationError({"words": "Say how it stands."})
    if happened_on and happened_on > timezone.localdate():
        raise ValidationError({"happened_on": "That day has not come yet."})
    said = Update.objects.create(
        folder_id=row.folder_id,
        action=row,
        words=words.strip(),
        outlook=outlook,
        channel=channel,
        happened_on=happened_on or timezone.localdate(),
        by=by,
        given_by=given_by,
    )
    record("action_updated", by=by, obj=row, update=said.pk, channel=str(channel), outlook=str(outlook))
    return said


def must_go_on(row) -> None:
    """Raises Stale where the action is over, ValidationError where its parts are what is answered for."""
    if row.status not in Action.LIVE:
        raise Stale(f"This action is {row.get_status_display().lower()} now: nothing more is said of it.")
    if row.parent_id is None and Action.objects.unscoped(WHY).filter(parent=row).exists():
        raise ValidationError(IS_SPLIT)


@transaction.atomic
def add_evidence(row, *, by, words="", document=None) -> Evidence:
    """Add what shows that it was done: words, a file that was taken in for this action, or both.

    While its closing waits for approval the version rises, so that nobody approves without having read it.
    """
    row = lock(row)
    if not can(by, Perm.ACTION_ANSWER, row) and not can(by, Perm.ACTION_MANAGE, row):
        raise PermissionDenied("action.evidence")
    must_go_on(row)
    if not words.strip() and document is None:
        raise ValidationError({"words": "Say what shows it, or add a file."})
    found = Evidence.objects.create(
        folder_id=row.folder_id, action=row, words=words.strip(), document=document, added_by=by
    )
    if row.status == S.TO_APPROVE:  # whoever decides read less than stands here now
        stamp(row, by)
    record("action_evidence_added", by=by, obj=row, evidence=found.pk, file=document is not None)
    return found


@transaction.atomic
def remove_evidence(found, *, by) -> None:
    """Take evidence off an action that goes on; the row stays. What a closing was asked for with stays with it."""
    row = lock(found.action)
    must_go_on(row)
    if row.status != S.OPEN:
        raise Stale("Its closing waits for approval, so its evidence stays. It can be sent back first.")
    if not can(by, Perm.ACTION_ANSWER, row) and not can(by, Perm.ACTION_MANAGE, row):
        raise PermissionDenied("action.evidence")
    Evidence.objects.unscoped(WHY).filter(pk=found.pk, removed_at=None).update(removed_at=timezone.now())
    record("action_evidence_removed", by=by, obj=row, evidence=found.pk)


def evidence_of(row):
    """The evidence that stands, as the services count it."""
    return Evidence.objects.unscoped(WHY).filter(action=row, removed_at=None)


def _must_manage(row, by):
    if by is not None and not can(by, Perm.ACTION_MANAGE, row):
        raise PermissionDenied("action.manage")


def _fresh(row, version):
    row = Action.objects.unscoped(WHY).select_for_update(of=("self",)).select_related("folder").get(pk=row.pk)
    if row.version != version:
        raise Stale(CHANGED)
    return row
