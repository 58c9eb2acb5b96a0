"""Until somebody's own return is in, it is written without the other agencies' accounts, by whatever door they come.

Those who run the review read what comes in: they are not held back. Nor is the report held back from whoever signs it:
what has to go to the Panel waits for nobody's return (Working Together 2023, chapter 5: fifteen working days).
"""

from django.db.models import Exists, OuterRef, Q

from partnership.access.owing import Owed
from partnership.access.rows import allowing
from partnership.documents.models import Version
from partnership.people.roles import Perm
from reviews.chronology.exporting import TITLES
from reviews.chronology.reads import owes
from reviews.models import AgencyReturn, Pack, Review
from reviews.reads import READ_THE_REPORT, REPORT_TITLE

FILE = "You still owe a return of this review. You have this file when your return is in."
WHY = "of a file that this person may see; nothing of it is shown"

# The actions of a case follow what it found: its folder's list opens neither to whoever still owes a return there.
OWED = Owed(AgencyReturn, "author", {"status__in": AgencyReturn.OWED})


def return_withheld(user, row, *, held) -> bool:
    """Whether the words of this return, which this person may see, wait for their own. held: their powers on it."""
    part = user.pk in (row.author_id, row.helper_id, row.signer_id, row.coordinator_id)
    return not part and Perm.REVIEW_MANAGE not in held and owes(user, row.review)


def _owed(user):
    return AgencyReturn.objects.visible_to(user).filter(author_id=user.pk, status__in=AgencyReturn.OWED)


def report_withheld(user, folder, *, held) -> bool:
    """Whether what the review found and says, which is made of all agencies' accounts, waits for this person's return.
    held: their powers on the folder."""
    return not held & READ_THE_REPORT and _owed(user).filter(folder=folder).exists()


def versions_withheld(user, versions) -> set:
    """Ids of those of these versions that hold others' accounts and wait for this person's return; at most four
    questions, one for whoever owes nothing."""
    owed = _owed(user)
    folders = set(owed.filter(folder_id__in={each.folder_id for each in versions}).values_list("folder_id", flat=True))
    if not folders:
        return set()
    running = allowing(Review, user, Perm.REVIEW_MANAGE).filter(folder_id__in=folders)
    folders -= set(running.values_list("folder_id", flat=True))
    signing = allowing(Review, user, Perm.SIGN_OFF).filter(folder_id__in=folders)
    reports = folders - set(signing.values_list("folder_id", flat=True))
    packs = Pack.objects.unscoped(WHY).filter(file=OuterRef("pk"))
    of_partners = {"audience": Pack.Audience.PARTNERS}
    chronology = Q(document__title__in=TITLES.values(), document__goes_out=False, received_sha256="")
    report = Q(document__title=REPORT_TITLE, document__goes_out=True) | Exists(packs.filter(**of_partners))
    rows = Version.objects.unscoped(WHY).filter(pk__in=[each.pk for each in versions], folder_id__in=folders)
    rows = rows.filter(chronology | Exists(packs.exclude(**of_partners)) | Q(folder_id__in=reports) & report)
    return set(rows.values_list("pk", flat=True))


def why_no_result(user, job) -> str:
    """Why whoever follows a job that made such a file does not have it yet; nothing where they may."""
    rows = Version.objects.unscoped(WHY).filter(pk=job.result_id)
    return FILE if versions_withheld(user, list(rows)) else ""
