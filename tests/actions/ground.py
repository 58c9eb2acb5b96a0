"""A group with a chair, and an action in it: what the tests of actions stand on."""

from datetime import timedelta

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partnership.access.models import FolderKind
from partnership.access.services import grant, open_folder
from partnership.actions import closing, services
from partnership.actions.models import Action
from partnership.people.models import Partnership
from partnership.people.roles import Role
from tests.world import sign_in


def make_group(world, title="Practice Review Group", *, chair=None, members=()):
    """The open folder of a group; the chair is the world's board member unless another is named."""
    folder = open_folder(
        kind=FolderKind.GROUP,
        title=title,
        partnership=Partnership.objects.get(),
        by=world.manager,
        reference=title[:40],
    )
    grant(folder, chair or world.board_member, Role.CHAIR, by=world.manager, reason="Chairs the group")
    for user in members:
        grant(folder, user, Role.GROUP_MEMBER, by=world.manager, reason="Sits on the group")
    return folder


def in_days(days):
    return timezone.localdate() + timedelta(days=days)


def make_action(world, folder, **facts):
    """An action of the hospital trust, owned by its practitioner 'colleague', due in 30 days. With neither owner nor
    organisation it is a whole that is to be split. It was added a month ago."""
    shared = {"what": "Review the pathway", "due_on": in_days(30), "owner": world.colleague}
    shared["agency"] = world.agencies["uhnm"]
    facts = {"by": world.manager} | shared | facts
    row = services.add(folder, whole=facts["owner"] is None and facts["agency"] is None, **facts)
    row.added_at -= timedelta(days=30)
    Action.objects.unscoped("a test").filter(pk=row.pk).update(added_at=row.added_at)
    return row


def closed(world, row, *, by=None):
    """The same action, closed with evidence."""
    owner = row.owner
    services.add_evidence(row, by=owner, words="The pathway as it is now.")
    row = closing.ask_close(row, by=owner, closing_words="It was reviewed.")
    return closing.approve(row, by=by or world.board_member)


def own_browser(user):
    """A client of its own, signed in as `user`."""
    return sign_in(Client(), user)


def at(name, row):
    return reverse(f"actions:{name}", args=[row.pk])


def shown(client, row):
    """The page of an action, or the status where it is refused."""
    answer = client.get(at("action", row))
    return answer.content.decode() if answer.status_code == 200 else answer.status_code
