"""What everybody may read of the directory, signed in or not: no people, no notes, no sources, no addresses but those
that are marked public. Whatever is not named here is not public.

An early-years setting may be somebody's home: where it lies is shown, and found by, only where it has a public contact.
"""

from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import JSONObject
from django.utils import timezone

from partnership.directory.areas.tree import in_areas
from partnership.directory.listing.rows import area_names
from partnership.people.finding import begins
from partnership.people.matching import NameOf, best_first, searched, words_of
from partnership.people.models import Agency, AgencyKind, Classification, ContactPoint, Shown, Site
from partnership.ui.listing import page_number

PAGE_SIZE = 50


@dataclass(frozen=True)
class Published:
    """One organisation as everybody may see it. sites: (town, postcode). contacts: dicts of words."""

    name: str
    kind: str
    areas: list
    website: str
    sites: list
    items: list
    contacts: list


def published(*, q="", kind="", areas=None, page=1):
    """A Django page of Published: the organisations of today, the best match of `q` first, else by name."""
    day = timezone.localdate()
    without_place = ~Exists(_contacts(day)) & Q(kind=AgencyKind.EARLY_YEARS)
    rows = searched(Agency.objects.on(day), q).annotate(without_place=without_place).alias(folded_name=NameOf())
    for word in words_of(q):
        rows = rows.filter(Q(without_place=False) | Q(folded_name__contains=begins(word)))
    if kind:
        rows = rows.filter(kind=kind)
    rows = in_areas(rows, areas)
    rows = best_first(rows, q) if q.strip() else rows.order_by("name", "pk")
    cut = Paginator(rows.annotate(**_columns(day)).only("name", "kind", "website"), PAGE_SIZE).get_page(
        page_number(page)
    )
    cut.object_list = [_published(row) for row in cut.object_list]
    return cut


def _columns(day):
    me = OuterRef("pk")
    items = Classification.objects.on(day).filter(agency_id=me).order_by("item_id")
    contacts = _contacts(day)
    sites = Site.objects.on(day).filter(agency_id=me)
    said = {"purpose": "purpose", "post": "post", "email": "email", "telephone": "telephone"}
    return {
        "area_names": area_names(),
        "items": ArraySubquery(items.values("item_id").distinct()),
        "site_rows": ArraySubquery(sites.order_by("name").values(data=JSONObject(town="town", postcode="postcode"))),
        "contact_rows": ArraySubquery(contacts.order_by("purpose", "pk").values(data=JSONObject(**said))),
    }


def published_for(purpose) -> list[ContactPoint]:
    """The public contacts of today for one purpose, each with its organisation."""
    rows = ContactPoint.objects.live().filter(purpose=purpose, shown=Shown.PUBLIC, agency__merged_into=None)
    return list(rows.select_related("agency").order_by("agency__name", "pk"))


def _contacts(day):
    return ContactPoint.objects.on(day).filter(agency_id=OuterRef("pk"), shown=Shown.PUBLIC)


def _published(row):
    sites = {} if row.without_place else dict.fromkeys((site["town"], site["postcode"]) for site in row.site_rows)
    for contact in row.contact_rows:
        contact["purpose"] = ContactPoint.Purpose(contact["purpose"]).label
    return Published(
        name=row.name,
        kind=AgencyKind(row.kind).label,
        areas=row.area_names,
        website=row.website if row.website.startswith(("http://", "https://")) else "",
        sites=[", ".join(filter(None, site)) for site in sites if any(site)],
        items=row.items,
        contacts=row.contact_rows,
    )
