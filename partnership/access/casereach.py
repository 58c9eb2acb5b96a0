"""Whether somebody is near any case at all: who is not may sign in by a mailed code (docs/joining.md)."""

from django.apps import apps

from partnership.access.models import FolderGrant
from partnership.access.reach import reach_of
from partnership.access.rows import allowing
from partnership.people.roles import CASE_PERMS, POWERS, WIDE_PERMS

NEEDS_APP = CASE_PERMS | WIDE_PERMS


def has_case_reach(user) -> bool:
    """True for whoever has a role with a case power or one of the whole partnership, a grant in force on a sealed
    folder, or is named on any row of one (the author of a return, the owner of a case's action). Asked of the database
    each time, never remembered.
    """
    reach = reach_of(user)
    roles = [role for role, *_ in (*reach.wide, *reach.agency)]
    if any(POWERS[role] & NEEDS_APP for role in roles):
        return True
    # Whatever the reach makes of it: a grant of somebody who belongs nowhere today holds again tomorrow.
    if FolderGrant.objects.live().filter(user_id=user.pk, content_object__sealed=True).exists():
        return True
    return any(
        allowing(model, reach, model.access.view).filter(**{f"{model.access.folder}__sealed": True}).exists()
        for model in _naming_people()
    )


def _naming_people():
    """The models of cases whose rows open to a person that they name. Read off the models: none can be forgotten."""
    for model in apps.get_models():
        access = getattr(model, "access", None)
        if access is not None and access.guarded and access.folder and access.person:
            yield model
