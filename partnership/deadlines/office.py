"""The folder of the partnership's own business, where the clocks of duties stand that belong to no case."""

from django.db import transaction

from partnership.access.models import Folder, FolderKind
from partnership.access.services import open_folder
from partnership.people.models import Agency


@transaction.atomic
def office_of(partnership, *, by):
    """The open folder of this partnership's business, made at first need; the three partners' agencies open it."""
    rows = Folder.objects.unscoped("the business unit's own folder: its page asks for the power wide")
    found = rows.select_for_update().filter(kind=FolderKind.OFFICE, partnership=partnership).first()
    partners = list(Agency.objects.live().exclude(partner_seat=""))
    if found is None:
        return open_folder(
            kind=FolderKind.OFFICE,
            title="Partnership business",
            partnership=partnership,
            by=by,
            reference=f"Business of {partnership.slug}"[:40],
            agencies=partners,
        )
    found.agencies.set(partners)
    return found
