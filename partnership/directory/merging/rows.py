"""Which rows follow an organisation when its record is merged into another: every link to Agency is decided here.

A wing decides about its own by `register_agency_rows`. A test finds links that nobody
decided about.
"""

from dataclasses import dataclass

from django.apps import apps
from django.db.models import ManyToManyField

from partnership.access.checks import our_models
from partnership.people.models import Agency


@dataclass(frozen=True)
class Link:
    """A field that leads to Agency. moves: its rows follow. many: a many-to-many, whose own table holds the link.
    along: the path to the row with which they go: they stay where that one stays."""

    label: str
    name: str
    moves: bool
    why: str
    along: str = ""

    @property
    def key(self):
        return f"{self.label}.{self.name}"

    @property
    def declared(self):
        return apps.get_model(self.label)

    @property
    def many(self):
        return isinstance(self.declared._meta.get_field(self.name), ManyToManyField)

    @property
    def model(self):
        """The model whose rows carry the id of the organisation."""
        return self.declared._meta.get_field(self.name).remote_field.through if self.many else self.declared

    @property
    def column(self):
        return "agency" if self.many else self.name

    @property
    def is_key(self):
        """Whether the rows have no other id than the organisation's, as a school's facts: moved, it is another."""
        return self.model._meta.get_field(self.column).primary_key


_links: dict[str, Link] = {}


def register_agency_rows(label, name, *, moves, why, along=""):
    """Called once by the app of the model, for what goes along with another row after that one. label: 'people.Site'.
    name: its field. along: 'audit_return', of rows that go only where that row went, whose field has the same name."""
    link = Link(label, name, moves, why, along)
    _links[link.key] = link


def links() -> list[Link]:
    return list(_links.values())


def undecided() -> list[str]:
    """Links to Agency that nobody has decided about."""
    found = [
        f"{model._meta.label}.{each.name}"
        for model in our_models()
        for each in (*model._meta.fields, *model._meta.many_to_many)
        if each.is_relation and each.related_model is Agency
    ]
    return sorted(set(found) - set(_links))


def register_own():
    """The links of this floor and of those below it."""
    hangs = "it hangs on the organisation"
    for label in ("Document", "Version"):
        why = "who uploaded it belongs to the one that is kept"
        register_agency_rows(f"documents.{label}", "shown_at", moves=True, why=why)
    for label in ("Alias", "Classification", "NamedDuty", "Site", "School", "Registration", "ContactPoint", "Closure"):
        register_agency_rows(f"people.{label}", "agency", moves=True, why=hangs)
    register_agency_rows("people.SharingAgreement", "agency", moves=True, why=hangs)
    register_agency_rows("people.Membership", "agency", moves=True, why="its people belong to the one that is kept")
    for name in ("predecessor", "successor"):
        register_agency_rows("people.Succession", name, moves=True, why="who follows whom stays true")
    for name in ("owner", "agency"):
        register_agency_rows("people.Ownership", name, moves=True, why="who runs whom stays true")
    register_agency_rows("people.Agency", "merged_into", moves=False, why="a chain of mergings leads on by itself")
    register_agency_rows("access.Folder", "agencies", moves=True, why="whom the folder opens to")
    register_agency_rows("deadlines.Deadline", "agency", moves=True, why="who owes it")
    register_agency_rows("actions.Risk", "agency", moves=True, why="a risk never dies with its organisation")
    register_agency_rows("actions.Action", "agency", moves=True, why="an action never dies with its organisation")
    for label in ("Invitation", "Departure", "Confirmation", "DutyAsk"):
        register_agency_rows(f"directory.{label}", "agency", moves=True, why="whose people it is about")
    register_agency_rows("directory.Departure", "to_agency", moves=True, why="where they go")
    register_agency_rows("directory.AccountRequest", "agency", moves=True, why="who looks after the account")
    register_agency_rows("directory.ImportRow", "agency", moves=False, why="what a file was compared with then")
    register_agency_rows("directory.AgencyClosing", "agency", moves=False, why="when that record closed")
    for name in ("kept", "merged"):
        register_agency_rows("directory.AgencyMerge", name, moves=False, why="what was merged into what")
        register_agency_rows("directory.SecondNumber", name, moves=False, why="which two were said to be one")
