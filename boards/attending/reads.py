"""What the page of a meeting that goes on shows. Every function takes the user first."""

from dataclasses import dataclass, field

from django.urls import reverse
from django.utils import timezone

from boards.agenda.numbers import numbered
from boards.attending.interests import interests_of
from boards.models import Decision, Item, Meeting, Minute
from partnership.access.rows import powers
from partnership.actions.models import Action
from partnership.people.roles import Perm


@dataclass
class Line:
    """An item as one reader sees it. number: as `numbered`. minute: None for who reads no minutes that are written."""

    number: str
    item: Item
    held: frozenset
    minute: Minute | None = None
    decisions: list = field(default_factory=list)
    actions: list = field(default_factory=list)
    interests: list = field(default_factory=list)
    form: object = None

    @property
    def runs(self) -> bool:
        return Perm.MEETING_RUN in self.held

    @property
    def may_add_action(self) -> bool:
        return Perm.ACTION_ADD in self.held


def items_of(user, meeting):
    rows = Item.objects.visible_to(user).filter(meeting=meeting, removed_at=None).select_related("folder")
    return rows.order_by("position", "id")


def lines(user, meeting) -> list[Line]:
    """The items of a meeting with what was written under them; six questions however many."""
    items = list(items_of(user, meeting))
    held = powers(user, items)
    found = {each.pk: Line(number, each, held[each.pk]) for number, each in numbered(items)}
    for row in Minute.objects.visible_to(user).filter(item__in=found).select_related("changed_by"):
        found[row.item_id].minute = row
    for row in decisions_of(user).filter(item__in=found).order_by("number"):
        found[row.item_id].decisions.append(row)
    for row in _actions(user, found):
        found[row.source_id].actions.append(row)
    for pk, rows in interests_of(user, items).items():
        found[pk].interests = rows
    return list(found.values())


def decisions_of(user):
    return Decision.objects.visible_to(user).select_related("item", "paper", "priority", "made_by")


def _actions(user, ids):
    rows = Action.objects.visible_to(user).filter(source_kind=Item._meta.label_lower, source_id__in=list(ids))
    return rows.filter(parent=None).select_related("agency", "owner").order_by("due_on", "reference")


def minute_of(user, item) -> Minute | None:
    return Minute.objects.visible_to(user).filter(item=item).select_related("changed_by").first()


def meeting_of(user, item) -> Meeting | None:
    """Its meeting, for who may see that: whoever was let in to one restricted item need not."""
    rows = Meeting.objects.visible_to(user).filter(pk=item.meeting_id)
    return rows.select_related("folder", "group__folder").first()


def has_begun(meeting) -> bool:
    return meeting.starts_at <= timezone.now()


def as_source(user, ids) -> dict:
    """Item id -> (words, address), for the actions that arose from it."""
    rows = Item.objects.visible_to(user).filter(pk__in=ids)
    return {row.pk: (row.title, reverse("boards:item", args=[row.pk])) for row in rows}
