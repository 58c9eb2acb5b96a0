"""Packs for the meeting: a job draws one for an audience, keeps it as a document of the case and tells those it is for.

A pack is a document of the case: whoever is off the case cannot download it any more, whatever was made for them.
"""

from functools import partial

from partnership.access import scope
from partnership.documents.models import Document, Marking
from partnership.documents.services import keep
from partnership.trail.services import record
from reviews import notices
from reviews.chronology import exporting
from reviews.models import Pack
from reviews.packs import reads

TEMPLATES = {code: f"reviews/pack_{code}_pdf.html" for code in Pack.Audience.values}


def maker(audience):
    """The `make` of a job, for this audience."""
    return partial(_make, Pack.Audience(audience))


def _make(audience, review, *, by, progress) -> bytes:
    """A tagged PDF with the audience named on every page. Raises exporting.Withheld for the members' pack, when
    whoever asks still owes a return: it holds the other agencies' accounts."""
    from partnership.ui import pdf  # only a worker draws
    from partnership.ui.pdf_join import join, pages_of

    progress(2, "Collecting what the review holds")
    with scope.entered():
        members = audience == Pack.Audience.MEMBERS
        ordered = exporting.in_order(by, review) if members else []
        context = reads.contents(by, review, audience)
        title = f"Pack for {review.folder.reference}: {audience.label.lower()}"
        context |= {"title": title, "audience": audience.label, "made_by": by, "first_page": 1 if ordered else 0}
        first = pdf.render(TEMPLATES[audience], context)
        if not ordered:
            return first
        rest = exporting.draw(by, review, ordered, progress, context=context, first_page=pages_of(first) + 1)
        return join([first, *(content for _, content in rest)])


def keeper(audience):
    """The `keep` of a job, for this audience."""
    return partial(_keep, Pack.Audience(audience))


def _keep(audience, review, content, *, by):
    title = f"Pack for the meeting: {audience.label.lower()}"
    document = Document.objects.unscoped("the job asked for the requester's power").filter(
        folder_id=review.folder_id, title=title
    )
    file = keep(
        content, folder=review.folder, title=title, name=f"Pack {review.folder.reference} {audience}.pdf",
        content_type="application/pdf", marking=Marking.SENSITIVE, by=by, document=document.first(),
    )  # fmt: skip
    row = Pack.objects.create(folder_id=review.folder_id, review=review, audience=audience, file=file, made_by=by)
    record("pack_made", by=by, obj=row, audience=str(audience))
    notices.tell_pack(row, reads.audience_of(row) - {by.pk})
    return file.pk
