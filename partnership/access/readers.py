"""Who has read a case, or one row of it: from the readings in the trail (docs/trail.md). A list is not a reading."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.apps import apps
from django.db.models import Count, Max, Min, OuterRef, Subquery
from django.db.models.fields.json import KeyTextTransform

from partnership.access.story import readings_of_a_row, what_was_done
from partnership.people.models import User
from partnership.trail.models import Event

MOST = 500

# label of a model -> (user, ids) -> {id: what this row is called}, of those rows that the reader of the list may see
_names: dict[str, Callable] = {}
_pages: dict[str, str] = {}  # URL name -> what the page is called


def register_readings(label, names: Callable | None = None, pages: dict | None = None) -> None:
    """Called by the wing whose rows these are: what one of them, and each of its pages, is called in a list of
    readings."""
    if names:
        _names[label] = names
    _pages.update(pages or {})


@dataclass(frozen=True)
class Reader:
    """One person's readings: of the whole case, or of one row by one verb (`what` says which, `row` its id).

    times: readings of the same page within a quarter of an hour count once; each page counts.
    """

    person: UUID
    name: str
    first: datetime
    last: datetime
    times: int
    what: str = ""
    row: UUID | None = None


def readers(folder, *, person=None, row=None, user=None, pages=None) -> list[Reader]:
    """Who has read `folder`, the last first; of `row` (an id) alone; or what `person` (an id) read in it. One query.

    user: who asks, so that rows are called by their names where that person may see them: a query for each kind. pages:
    URL name -> what a page of this folder is called. The page has asked for TRAIL_READ.
    """
    found = Event.objects.filter(folder_id=folder.pk, verb__in=readings_of_a_row()).exclude(actor_id=None)
    names = User.objects.filter(pk=OuterRef("actor_id")).values("name")
    by = ["actor_id"]
    if row:
        found = found.filter(object_id=row)
    if person:
        found = found.filter(actor_id=person)
        found = found.annotate(page=KeyTextTransform("page", "data"))
        by += ["verb", "object_kind", "object_id", "page"]
    found = (
        found.order_by()
        .values(*by)
        .annotate(name=Subquery(names), first=Min("recorded_at"), last=Max("recorded_at"), times=Count("pk"))
    )
    listed = list(found.order_by("-last", *by)[:MOST])
    names = _called(user, listed) if person and user else {}
    return [
        Reader(
            person=each["actor_id"],
            name=each["name"] or "somebody",
            first=each["first"],
            last=each["last"],
            times=each["times"],
            what=_what(each, names, pages or {}) if person else "",
            row=each.get("object_id"),
        )
        for each in listed
    ]


def _called(user, listed) -> dict:
    """Row's id -> what it is called."""
    found = {}
    for label, names in _names.items():
        if ids := {each["object_id"] for each in listed if each["object_kind"] == label}:
            found |= names(user, ids)
    return found


def _what(facts, names, pages) -> str:
    """'Return of a trust: read a page of it (the return)'; a kind that is no more is told by its verb alone."""
    done = what_was_done(facts["verb"])
    if page := facts["page"]:
        done += f" ({pages.get(page) or _pages.get(page) or page.rpartition(':')[2].replace('_', ' ')})"
    try:
        kind = names.get(facts["object_id"]) or str(apps.get_model(facts["object_kind"])._meta.verbose_name)
    except (LookupError, ValueError):
        return done[:1].upper() + done[1:]
    return f"{kind[:1].upper()}{kind[1:]}: {done}"
