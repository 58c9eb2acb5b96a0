"""The folder of the partnership's own business, where the clocks of duties stand that belong to no case."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from partnership.access.models import Folder, FolderKind
from partnership.access.services import open_folder, set_agencies
from partnership.people.models import Agency, Partnership


def office_of(partnership) -> Folder:
    """The open folder of this partnership's business, which the safeguarding partners' agencies open.

    Raises Folder.DoesNotExist where `manage.py portal_setup` was not run.
    """
    return _offices().select_related("partnership").get(partnership=partnership)


@transaction.atomic
def keep_offices(*, by=None) -> None:
    """Make the folder where it is missing, and let it be opened by the agencies that hold a seat. Safe to repeat.

    Called by `portal_setup`, and wherever a seat is given or taken: a former partner stops reading at that moment.
    """
    today = timezone.localdate()
    partners = list(Agency.objects.filter(Q(ends=None) | Q(ends__gt=today)).exclude(partner_seat=""))
    # Two set-ups at once: one makes the folder, the other waits and finds it.
    for partnership in Partnership.objects.select_for_update().order_by("pk"):
        office = _offices().filter(partnership=partnership).first()
        if office is None:
            open_folder(
                kind=FolderKind.OFFICE,
                title="Partnership business",
                partnership=partnership,
                by=by,
                reference=f"Business of {partnership.slug}"[:40],
                agencies=partners,
            )
        else:
            set_agencies(office, partners, by=by)


def _offices():
    rows = Folder.objects.unscoped("the business unit's own folder: its page asks for the power wide")
    return rows.filter(kind=FolderKind.OFFICE)
