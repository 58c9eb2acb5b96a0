"""Every write to the items of an agenda. A page has asked for the power to run the meeting; each function holds the
meeting, so that the order of its items has one writer at a time.

Restricted items stand behind the open ones, as the second part of the meeting: what comes behind an open item changes
neither its number nor its time, so neither tells of another. Words never go into an event: a restricted item's title
does not leave its folder.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from boards.models import Decision, Interest, Item, Meeting, Minute
from partnership.access import edits
from partnership.access.flow import Stale, lock
from partnership.access.models import ROLE_PREFIX, Folder, FolderGrant, FolderKind
from partnership.access.rows import holders
from partnership.access.services import grant, must_keep_two, open_sealed, rename
from partnership.actions.models import Action
from partnership.people.roles import Perm, Role
from partnership.people.services import near_cases
from partnership.trail.models import new_id
from partnership.trail.services import record

ITEM_FIELDS = (
    "title", "about", "purpose", "minutes_allowed", "presenter", "presenter_words", "priority", "duty",
)  # fmt: skip
IS_SEALED = (
    "This meeting lies in a sealed folder: only the people of the folder can open it. Add the item as the others."
)
OUTSIDE = "{} is not let into this item. Let this person in too, or choose somebody who is."
NOT_OF_IT = "{} does not open the meeting, or does so for a member. Choose somebody who is called or sits on the group."
MOVED = "The agenda was changed since you opened the page, so nothing was moved. Look at it again."
HAS_MINUTES = "Something was recorded under this item already, so it stays on the agenda."


def open_to_changes(meeting) -> Meeting:
    """The meeting, locked. Raises ValidationError where its agenda and papers can be changed no longer."""
    row = Meeting._base_manager.select_for_update(of=("self",)).select_related("folder", "group").get(pk=meeting.pk)
    if row.status == Meeting.Status.CANCELLED:
        raise ValidationError("The meeting is cancelled. Plan it again before you change its agenda or papers.")
    if row.minutes_status in Meeting.CLOSED_MINUTES:
        raise ValidationError("The minutes of this meeting are agreed: its agenda and papers stay as they are.")
    return row


@transaction.atomic
def add_item(meeting, *, by, restricted=False, people=(), reason="", **facts) -> Item:
    """Put an item on the agenda. facts: of ITEM_FIELDS, the title at least.

    restricted: in a sealed folder of its own, led by `by` and the business managers of the day; people: who else is let
    in, and reason why. Raises ValidationError.
    """
    row = open_to_changes(meeting)
    folder = _sealed_folder(row, by, people, reason, facts) if restricted else row.folder
    # Whoever has the folder of a restricted item has its address: they share their id, as a group and its folder do.
    item = Item(
        id=folder.pk if restricted else new_id(), folder=folder, meeting=row, restricted=restricted,
        position=1 + len(_live(row)), changed_by=by, **facts,
    )  # fmt: skip
    item.clean_fields(exclude=["folder", "meeting"])
    item.save(force_insert=True)
    _renumber(_live(row))
    record("item_added", by=by, obj=item)
    return item


def who_may_be_let_in(meeting, by):
    """Whom a restricted item may be opened to at once: the people of the meeting, but its members' assistants."""
    folder = meeting.folder
    assist = FolderGrant.objects.live().filter(
        content_object__in=folder.path, permission__codename=f"{ROLE_PREFIX}{Role.ASSISTANT}"
    )
    people = holders(folder, Perm.MEETING_VIEW).exclude(pk__in=assist.values("user_id")).exclude(pk=by.pk)
    return near_cases(people)


def _sealed_folder(meeting, by, people, reason, facts) -> Folder:
    if meeting.folder.sealed:
        raise ValidationError({"restricted": IS_SEALED})
    parent = meeting.folder
    folder = open_sealed(
        kind=FolderKind.ITEM, title=facts["title"], partnership=parent.partnership, by=by, parent=parent
    )
    inside, chosen = set(folder.grants.live().values_list("user_id", flat=True)), {}
    for user in people:
        if user.pk not in inside:
            grant(folder, user, Role.GROUP_MEMBER, by=by, reason=reason)
            inside.add(user.pk)
            chosen[user.pk] = user
    for pk in chosen.keys() - set(who_may_be_let_in(meeting, by).values_list("pk", flat=True)):
        raise ValidationError({"people": NOT_OF_IT.format(chosen[pk].name)})
    presenter = facts.get("presenter")
    if presenter is not None and presenter.pk not in inside:
        raise ValidationError({"presenter": OUTSIDE.format(presenter.name)})
    must_keep_two(folder)
    return folder


@transaction.atomic
def change_item(item, *, by, version, **facts) -> Item:
    """Change what is said of an item. facts: of ITEM_FIELDS. Raises Stale, ValidationError."""
    open_to_changes(item.meeting)
    row = edits.change(item, "item_changed", by=by, version=version, facts=facts)
    if row.restricted:
        rename(Folder.objects.unscoped("the item’s own folder").get(pk=row.folder_id), row.title, by=by)
    return row


@transaction.atomic
def move_item(item, *, by, to, was) -> Item:
    """Give an item the place `to` (from 1) among the items of its part of the agenda that `by` sees.

    was: its place when `by` looked. Raises Stale where it stands elsewhere now: a second tab, or somebody else.
    """
    meeting = open_to_changes(item.meeting)
    rows = _live(meeting)
    seen = set(Item.objects.visible_to(by).filter(meeting=meeting).values_list("pk", flat=True))
    mine = [row for row in rows if row.restricted == item.restricted and row.pk in seen]
    here = next((place for place, row in enumerate(mine, start=1) if row.pk == item.pk), None)
    if here is None or here != was:
        raise Stale(MOVED)
    to = max(1, min(to, len(mine)))
    if to == here:
        return mine[here - 1]
    row = mine.pop(here - 1)
    rows.remove(row)
    # Behind or before somebody that `by` sees; who stands between stays where they stood to their neighbours.
    place = rows.index(mine[to - 1]) if to - 1 < len(mine) else rows.index(mine[-1]) + 1
    rows.insert(place, row)
    _renumber(rows)
    record("item_moved", by=by, obj=row)
    return row


@transaction.atomic
def remove_item(item, *, by) -> Item:
    """Take an item off the agenda; its papers stay with it. Raises ValidationError once something was recorded."""
    meeting = open_to_changes(item.meeting)
    row = lock(item)
    if row.removed_at is not None:
        return row
    why = "is anything recorded under the item?"
    recorded = (
        Minute.objects.unscoped(why).filter(item=row).exclude(text=""),
        Decision.objects.unscoped(why).filter(item=row, taken_back_at=None),
        Action.objects.unscoped(why).filter(source_kind=Item._meta.label_lower, source_id=row.pk),
        Interest.objects.unscoped(why).filter(item=row),
    )
    if any(rows.exists() for rows in recorded):
        raise ValidationError(HAS_MINUTES)
    row.removed_at = timezone.now()
    edits.stamp(row, by, "removed_at")
    _renumber(_live(meeting))
    record("item_removed", by=by, obj=row)
    return row


@transaction.atomic
def restore_item(item, *, by) -> Item:
    """Put an item that was taken off back on the agenda, as the last of its part."""
    meeting = open_to_changes(item.meeting)
    row = lock(item)
    if row.removed_at is None:
        return row
    row.removed_at, row.position = None, 1 + len(_live(meeting))
    edits.stamp(row, by, "removed_at", "position")
    _renumber(_live(meeting))
    record("item_restored", by=by, obj=row)
    return row


def _live(meeting) -> list[Item]:
    """The items of an agenda in their order, whoever may see them; locked by the meeting."""
    rows = Item.objects.unscoped("the order of all items").filter(meeting=meeting, removed_at=None)
    return list(rows.order_by("restricted", "position", "pk"))


def _renumber(rows):
    for place, row in enumerate(rows, start=1):
        if row.position != place:
            Item.objects.unscoped("the order of all items").filter(pk=row.pk).update(position=place)
            row.position = place
