"""Whether somebody is near any case at all: who is not may sign in by a mailed code (docs/joining.md)."""

from django.apps import apps
from django.db.models import Q

from partnership.access.models import FolderGrant
from partnership.access.reach import reach_of
from partnership.access.rows import allowing
from partnership.people.roles import CASE_PERMS, POWERS, WIDE_PERMS

NEEDS_APP = CASE_PERMS | WIDE_PERMS
SENSITIVE = "sensitive"  # what a model calls its rows whose words are so, in whatever folder they lie


def has_case_reach(user) -> bool:
    """True for whoever has a role with a case power or one of the whole partnership, a grant in force on a sealed
    folder, or may see any row that names people and is of a sealed folder or sensitive (a return that they write, the
    action of a case that they own). Asked of the database each time, in one query, never remembered.
    """
    reach = reach_of(user)
    roles = [role for role, *_ in (*reach.wide, *reach.agency)]
    if any(POWERS[role] & NEEDS_APP for role in roles):
        return True
    # Whatever the reach makes of it: a grant of somebody who belongs nowhere today holds again tomorrow.
    grants = FolderGrant.objects.live().filter(user_id=user.pk, content_object__sealed=True)
    asked = [model for model in naming_people() if not rides(model)]
    rows = [allowing(model, reach, model.access.view).filter(_near_a_case(model)).order_by() for model in asked]
    rows = [each.values_list(each.model.access.folder) for each in rows]
    return grants.order_by().values_list("content_object").union(*rows, all=True).exists()


def _near_a_case(model) -> Q:
    sealed = Q(**{f"{model.access.folder}__sealed": True})
    there = any(field.name == SENSITIVE for field in model._meta.get_fields())
    return sealed | Q(**{SENSITIVE: True}) if there else sealed


def naming_people():
    """The models of cases whose rows open to a person that they name. Read off the models: none can be forgotten."""
    for model in apps.get_models():
        access = getattr(model, "access", None)
        if access is not None and access.guarded and access.folder and access.person:
            yield model


def rides(model) -> bool:
    """Whether its rows name nobody but whom the row names that they come with, which is asked itself: an update of an
    action. tests/access/test_declarations.py holds that both open alike."""
    return all("__" in path for path in model.access.person)
