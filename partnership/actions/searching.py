"""Actions and risks, for the one search."""

from django.db.models import Case, IntegerField, When
from django.urls import reverse
from django.utils import timezone

from partnership.access.called import called
from partnership.access.scope import show_folders
from partnership.access.searching import Hit, Source, cut_of, holding, register_search
from partnership.actions.models import Action, Risk
from partnership.actions.register.rows import kept
from partnership.people.roles import Perm
from partnership.ui.dates import plain


def _by_reference(query):
    """First the one whose reference was typed."""
    return Case(When(reference__iexact=query.text, then=0), default=1, output_field=IntegerField())


def find_actions(user, query, cut):
    """That sensitive ones were read is an event of their folders, as in the register."""
    rows = holding(kept(user), query).annotate(_called=called(user)).select_related("agency", "owner")
    found, total = cut_of(rows.order_by(_by_reference(query), "-changed_at", "pk"), cut)
    show_folders({row.folder_id for row in found if row.sensitive})
    return [_action(row) for row in found], total


def _action(row):
    owner = row.owner.name if row.owner else row.owner_words
    due = f"due {plain(row.due_on)}" if row.due_on and row.status in Action.LIVE else ""
    changed = f"changed {plain(timezone.localdate(row.changed_at))}"
    where = (row.reference, row.get_status_display(), due, row._called or "Restricted", owner, changed)
    said = " ".join(filter(None, (row.success, row.note, row.closing_words)))
    url = reverse("actions:action", args=[row.pk])
    return Hit(row.what, url, said, tuple(filter(None, where)))


def find_risks(user, query, cut):
    rows = Risk.objects.visible_to(user).exclude(status=Risk.Status.TAKEN_BACK)
    rows = holding(rows, query).annotate(_called=called(user))
    found, total = cut_of(rows.order_by(_by_reference(query), "-changed_at", "pk"), cut)
    return [_risk(row) for row in found], total


def _risk(row):
    where = tuple(filter(None, (row.reference, row.get_status_display(), row._called)))
    said = " ".join(filter(None, (row.cause, row.effect, row.controls, row.note)))
    return Hit(row.what, reverse("actions:risk", args=[row.pk]), said, where)


def register():
    register_search(Source("actions", "Actions", 30, Perm.ACTION_LIST, find_actions))
    register_search(Source("risks", "Risks", 35, Perm.ACTION_LIST, find_risks))  # whoever owns one has it
