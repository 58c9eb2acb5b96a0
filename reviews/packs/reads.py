"""The packs of a meeting. Every function takes the user first and shows what the row rule allows."""

from django.utils import timezone

from partnership.access.emergency import here_for_a_day
from partnership.access.gatherings import chairs_of, nearest
from partnership.access.rows import allowing, holders
from partnership.people.roles import Perm
from reviews.findings import reads as findings
from reviews.models import AgencyReturn, Decision, Pack, ReturnPassage, Review
from reviews.own_account import FILE, versions_withheld
from reviews.partners import names_of
from reviews.report.reads import report
from reviews.return_reads import returns_that_stand

READ = (
    ("analysis", "Analysis of practice"),
    ("voice", "The child’s experience"),
    ("inequality", "Culture, disability and inequality"),
    ("good_practice", "Good practice"),
    ("learning", "Learning"),
    ("immediate_action", "Done at once"),
)
READ_OUT = ("Good practice", "Learning")  # of these, what stands in the pack to read out


def newest(user, review) -> list:
    """(code, label, the newest pack or None) for each audience; a pack has `held_back`: why this reader has it not."""
    rows = Pack.objects.visible_to(user).filter(review=review).select_related("made_by", "file")
    found = {row.audience: row for row in reversed(rows)}
    files = [row.file for row in found.values()]
    waits = dict.fromkeys(read_out_only(user, files), ALOUD) | dict.fromkeys(versions_withheld(user, files), FILE)
    for row in found.values():
        row.held_back = waits.get(row.file_id, "")
    return [(code, label, found.get(code)) for code, label in Pack.Audience.choices]


ALOUD = "This pack is for those who run the review and whoever chairs the meeting: they read it out there."


def read_out_only(user, versions) -> set:
    """Ids of those of these versions that are packs to read out, for a reader who neither runs the review nor chairs
    the meeting: what is marked to be read out is heard by all, and read by nobody before."""
    why = "of a file that this person may see; nothing of it is shown"
    rows = Pack.objects.unscoped(why).filter(audience=Pack.Audience.ALOUD, file__in=[each.pk for each in versions])
    found = list(rows.values_list("file_id", "folder_id"))
    if not found:
        return set()
    folders = {folder for _, folder in found}
    team = allowing(Review, user, Perm.REVIEW_MANAGE).filter(folder__in=folders).values_list("folder_id", flat=True)
    free = {*team, *(folder for folder, chairs in chairs_of(folders).items() if user.pk in chairs)}
    return {file for file, folder in found if folder not in free}


def audience_of(pack) -> set:
    """Ids of those for whom it is made, of all who can open the case today.

    A panel member who still owes a return is left out: until it is in, it is written without the others' accounts.
    """
    able = lambda perm: set(holders(pack.folder, perm).values_list("pk", flat=True))  # noqa: E731
    readers, partners, team = able(Perm.REVIEW_VIEW), able(Perm.SIGN_OFF), able(Perm.REVIEW_MANAGE)
    if pack.audience == Pack.Audience.PARTNERS:
        return partners
    if pack.audience == Pack.Audience.ALOUD:
        return team | (readers & chairs_of([pack.folder_id]).get(pack.folder_id, set()))
    rows = AgencyReturn.objects.unscoped("who is told of a pack")
    owed = rows.filter(review=pack.review_id, status__in=AgencyReturn.OWED)
    return readers - partners - team - set(owed.values_list("author_id", flat=True)) - here_for_a_day(pack.folder)


def contents(user, review, audience) -> dict:
    """What stands in the pack for this audience, apart from the chronology: pseudonyms only, never an identity."""
    if audience == Pack.Audience.PARTNERS:
        told = report(user, review)
        empty = [f"‘{each.title}’" for each in told["sections"] if each.state == "empty"]
        return told | {"codes": Decision.Code.choices, "unwritten": names_of(empty) if empty else ""}
    review = Review.objects.visible_to(user).select_related("folder", "notification").get(pk=review.pk)
    aloud = _aloud(user, review) if audience == Pack.Audience.ALOUD else {}
    return {
        "review": review,
        "made_at": timezone.now(),
        "meeting": nearest(user, review.folder),
        "children": list(review.children.visible_to(user)),
        "returns": [(row, _read_by(row), aloud.get(row.pk, ())) for row in returns_that_stand(user, review)],
        "found": findings.findings(user, review),
        "read_out": READ_OUT,
    }


def _read_by(row) -> list:
    """(label, text) of a return's answers. The family's composition and the list of contacts are read in the portal:
    no more of a family's life leaves it than the meeting needs."""
    return [(label, text) for name, label in READ if (text := getattr(row, name).strip())]


def _aloud(user, review) -> dict:
    """Return id -> its passages marked to be read out. What is for the case lead alone stands in no pack."""
    found = {}
    rows = ReturnPassage.objects.visible_to(user).filter(
        answer__review=review, mark=ReturnPassage.Mark.MEETING, until=None
    )
    for row in rows:
        found.setdefault(row.answer_id, []).append(row.words)
    return found
