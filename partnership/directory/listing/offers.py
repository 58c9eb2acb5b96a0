"""What the list offers where it finds nothing: who existed at another time, whose record went into another, who is
called or numbered nearly so."""

from dataclasses import dataclass

from partnership.access.rows import allowing
from partnership.directory.rules import life
from partnership.people.matching import best_first, nearly, searched
from partnership.people.models import Agency, Succession
from partnership.people.roles import Perm

MOST = 5


@dataclass(frozen=True)
class Gone:
    """An organisation that fits, of another time. life: from when to when. successors: who carries it on."""

    agency: Agency
    life: str
    successors: list


@dataclass(frozen=True)
class Offers:
    """gone: of another time. merged: records that went into another (`merged_into`). near: who may have been meant."""

    gone: list
    merged: list
    near: list


def offers(user, found, q) -> Offers:
    """found: the listing.rows.Found that has no row. At most five questions; `near` only where nothing else fits."""
    visible = allowing(Agency, user, Perm.DIRECTORY_VIEW)
    gone = _gone(found)
    merged, near = [], []
    if q.strip():
        rows = searched(visible.exclude(merged_into=None), q).select_related("merged_into", "school")
        merged = list(rows.order_by("name", "pk")[:MOST])
        if not gone and not merged:
            near = list(best_first(nearly(visible.filter(merged_into=None), q), q).select_related("school")[:MOST])
    return Offers(gone, merged, near)


def _gone(found):
    rows = list(found.any_day.order_by("name", "pk")[:MOST])
    successors = {}
    if rows:
        for each in Succession.objects.filter(predecessor__in=rows).select_related("successor").order_by("on", "pk"):
            successors.setdefault(each.predecessor_id, []).append(each.successor)
    return [Gone(row, life(row.starts, row.ends), successors.get(row.pk, [])) for row in rows]
