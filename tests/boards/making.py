"""Meetings and what hangs on them, made directly: for tests of pages and services that begin with them."""

from datetime import timedelta

from django.utils import timezone

from boards.groups.services import add_group
from boards.models import Item, Meeting
from partnership.access.models import FolderKind
from partnership.access.services import open_folder

FACTS = {"purpose": "", "meets": "", "chair_rule": "", "source": "", "starts": None}


def group(world, name="Practice", **facts):
    return add_group(by=world.manager, partnership=world.partnership, name=name, **FACTS | {"parent": None} | facts)


def meeting(group, *, days=10, by=None, **facts):
    """A meeting of a group, in so many days at this hour."""
    facts = {"title": "Meeting of the group", "starts_at": timezone.now() + timedelta(days=days)} | facts
    if facts.get("status") == Meeting.Status.HELD:
        facts = {"held_at": facts["starts_at"]} | facts
    return Meeting.objects.create(folder=group.folder, group=group, changed_by=by, **facts)


def item(meeting, title="Learning from audits", *, position=None, **facts):
    facts = {"folder": meeting.folder} | facts
    taken = Item.objects.unscoped("the next place").filter(meeting=meeting).count()
    return Item.objects.create(meeting=meeting, title=title, position=position or taken + 1, **facts)


def restricted_item(meeting, title, *, by, **facts):
    """An item in a sealed folder of its own below the meeting's."""
    folder = open_folder(
        kind=FolderKind.ITEM,
        title=title,
        partnership=meeting.folder.partnership,
        parent=meeting.folder,
        by=by,
        sealed=True,
    )
    return item(meeting, title, id=folder.pk, folder=folder, restricted=True, **facts)
