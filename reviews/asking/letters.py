"""The letters of requests: a job draws all that are missing or that name an older day or author, and keeps each.

No child is named in one: whom to search for is shown in the portal alone, after the second factor.
"""

from django.conf import settings
from django.utils import timezone

from partnership.access import scope
from partnership.documents.models import Marking
from partnership.documents.services import keep
from partnership.people.roles import Perm
from partnership.trail.services import record
from partnership.ui import brand
from reviews.asking import reads
from reviews.asking.bases import basis_of
from reviews.models import AgencyReturn, Guest, RequestLetter
from reviews.naming import found_in, known_of


def make_letters(review, *, by, progress) -> list:
    """(return id, bytes) of each letter to be made. Long: a job runs it."""
    from partnership.ui import pdf  # only a worker draws

    with scope.entered():
        rows, drawn = [each.row for each in reads.letters(by, review) if each.to_make], []
        known = known_of(review.folder_id)
        guests = {each.row_id: each for each in Guest.objects.allowing(by, Perm.RETURN_REQUEST).filter(row__in=rows)}
        for number, row in enumerate(rows):
            progress(5 + 85 * number // len(rows), f"Letter {number + 1} of {len(rows)}")
            drawn.append((row.pk, pdf.render("reviews/letter_pdf.html", facts(row, known, guests.get(row.pk)))))
    return drawn


def facts(row, known, guest) -> dict:
    """What a letter says. known: naming.Known; a text that gives any of it away is left out.

    guest: reviews.Guest of a body outside the directory, whose way in is another; None for an organisation's author.
    """
    return {
        "title": f"Request for information: {row.case_word}",
        "row": row,
        "guest": guest,
        "basis": basis_of(row),
        "purpose": "" if found_in(row.purpose, known) else row.purpose,
        "stated": "" if found_in(row.letter_purpose, known) else row.letter_purpose,
        "address": settings.PORTAL_URL,
        "made_on": timezone.localdate(),
        "logo": brand.logo_data(),
    }


def keep_letters(review, drawn, *, by):
    """Keep each as the next version of its request's letter. Returns the review's id, whose letters they are."""
    rows = AgencyReturn.objects.unscoped("the job asked for the requester's power").select_related("agency")
    rows = rows.in_bulk([pk for pk, _ in drawn])
    letters = RequestLetter.objects.unscoped("the letters of these requests").select_related("document")
    letters = {each.row_id: each for each in letters.filter(row__in=rows)}
    for pk, content in drawn:
        row, letter = rows[pk], letters.get(pk)
        version = keep(
            content, folder=review.folder, title=f"Request to {row.body}"[:200],
            name=f"Request {row.case_word} {row.body}.pdf", content_type="application/pdf",
            marking=Marking.SENSITIVE, by=by, document=letter.document if letter else None, goes_out=True,
        )  # fmt: skip
        said = {"due_on": row.due_on, "author_id": row.author_id, "made_at": timezone.now()}
        said |= {"document": version.document, "folder_id": review.folder_id}
        letter, _ = RequestLetter.objects.update_or_create(row=row, defaults=said)
        record("letter_made", by=by, obj=letter, agency=row.agency_id)
    return review.pk
