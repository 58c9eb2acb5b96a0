"""Organisations and people, for the one search: what the directory shows of them, and no more."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils import timezone

from partnership.access.reach import reach_of
from partnership.access.rows import allowing
from partnership.access.searching import Hit, Source, cut_of, holding, register_search
from partnership.directory.listing.rows import state_on
from partnership.people.matching import best_first, searched
from partnership.people.models import Agency, AgencyKind, Membership, NamedDuty, Site, User
from partnership.people.roles import Perm

STATES = {"closed": "Closed", "to come": "Not yet open"}


def find_organisations(user, query, cut):
    """As the list of the directory finds them, those that have closed too."""
    words = " ".join(query.words)
    today = timezone.localdate()
    towns = Site.objects.on(today).filter(agency_id=OuterRef("pk")).exclude(town="").order_by("town")
    rows = searched(allowing(Agency, user, Perm.DIRECTORY_VIEW).filter(merged_into=None), words)
    rows = rows.annotate(_towns=ArraySubquery(towns.values("town").distinct()))
    found, total = cut_of(best_first(rows.select_related("school").defer("words", "note", "source"), words), cut)
    return [_organisation(row, today) for row in found], total


def _organisation(row, today):
    school = getattr(row, "school", None)
    state = STATES.get(state_on(row, today), "")
    said = (AgencyKind(row.kind).label, f"URN {school.urn}" if school else "", ", ".join(row._towns), state)
    return Hit(row.name, reverse("directory:agency", args=[row.pk]), where=tuple(filter(None, said)))


def find_people(user, query, cut):
    """Those whom the directory shows today: with an account and a role, or as the holder of a duty. A guest never."""
    members = Membership.objects.live().filter(user_id=OuterRef("pk")).order_by("agency__name", "pk")
    duties = NamedDuty.objects.live().filter(holder_id=OuterRef("pk")).order_by("agency__name", "pk")
    rows = allowing(User, user, Perm.DIRECTORY_VIEW).filter(closed_at=None, merged_into=None)
    rows = rows.filter(Exists(members) & Q(is_active=True) | Exists(duties))
    rows = holding(rows, query, matches=query.names())
    facts = JSONObject(pk="agency_id", name="agency__name")
    rows = rows.annotate(_at=Subquery(members.values(said=facts)[:1]), _for=Subquery(duties.values(said=facts)[:1]))
    found, total = cut_of(rows.order_by("name", "pk"), cut)
    return [_person(user, row) for row in found], total


def _person(user, row):
    """Whoever keeps the people of an organisation is led to the person, the others to the organisation."""
    reach = reach_of(user)
    at = row._at if row._at and row._at["pk"] else row._for or {"pk": None, "name": "The partnership as a whole"}
    keeps = reach.holds_wide(Perm.COLLEAGUES) or at["pk"] in map(str, reach.agencies(Perm.COLLEAGUES))
    url = reverse("directory:person", args=[row.pk]) if keeps else ""
    url = url or (reverse("directory:agency", args=[at["pk"]]) if at["pk"] else "")
    return Hit(row.name, url, where=tuple(filter(None, (row.job_title, at["name"]))))


def register():
    register_search(Source("organisations", "Organisations", 10, Perm.DIRECTORY_VIEW, find_organisations))
    register_search(Source("people", "People", 20, Perm.DIRECTORY_VIEW, find_people))
