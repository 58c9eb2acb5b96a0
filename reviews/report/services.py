"""Writes to the report's sections and what a scrutineer says of it. Nothing changes once the report was sent."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from partnership.access.flow import Stale, lock
from partnership.trail.services import record
from reviews import notices
from reviews.models import ReportSection, ScrutinyComment
from reviews.report.blocks import mark_of
from reviews.report.drafting import drafts
from reviews.services import must_be_open

CHANGED = "Somebody else saved this section while you were typing."
TYPED = "Somebody has written in this section. Say whether the draft replaces it or stands below it."
NOTHING = "The sources hold nothing for this section yet."


@transaction.atomic
def write(section, *, by, version, text) -> ReportSection:
    """Save what was typed. Raises Stale when the section was saved since `version`, or the report was sent."""
    must_be_open(section.review)
    row = lock(section)
    if mark_of(row.text) == mark_of(text):
        return row
    if row.version != version:
        raise Stale(CHANGED)
    row.typed = bool(text.strip()) and mark_of(text) != row.draft_mark
    return _keep(row, by, text if text.strip() else "", "section_written")


@transaction.atomic
def draft(section, *, by, version, below=None) -> ReportSection:
    """Put what the sources give now into the section.

    below: where somebody has written, whether it stands below their words (True) or in their place (False); None was
    not asked. Raises ValidationError where nobody was asked and words stand there, or the sources hold nothing; Stale
    as `write` does.
    """
    review = must_be_open(section.review)
    row = lock(section)
    if row.version != version:
        raise Stale(CHANGED)
    given = drafts(by, review)[row.code]
    if not given:
        raise ValidationError(NOTHING)
    if row.typed and below is None:
        raise ValidationError(TYPED)
    row.draft_mark = mark_of(given)
    row.typed = row.typed and below
    return _keep(row, by, f"{row.text.rstrip()}\n\n{given}" if row.typed else given, "section_drafted")


@transaction.atomic
def draft_all(review, *, by) -> tuple[list, list]:
    """Draft every section in which nobody has written. Returns (those drafted, those left with somebody's words)."""
    review = must_be_open(review)
    given, drafted, kept = drafts(by, review), [], []
    rows = ReportSection.objects.unscoped("the service holds the review").select_for_update(of=("self",))
    for row in rows.filter(review=review):
        if row.typed:
            kept.append(row)
        elif given[row.code] and mark_of(given[row.code]) != mark_of(row.text):
            row.draft_mark = mark_of(given[row.code])
            drafted.append(_keep(row, by, given[row.code], "section_drafted"))
    return drafted, kept


def _keep(row, by, text, verb):
    row.text, row.version, row.saved_by, row.saved_at = text, row.version + 1, by, timezone.now()
    row.save(update_fields=["text", "typed", "draft_mark", "version", "saved_by", "saved_at"])
    record(verb, by=by, obj=row, code=row.code)
    return row


@transaction.atomic
def comment(folder, *, by, words) -> ScrutinyComment:
    """What the independent scrutineer says of the report; those who work on it and the partners are told.

    Also after the sending: it stands beside what was sent and changes nothing of it. Raises ValidationError where
    there is no report to speak of.
    """
    section = ReportSection.objects.unscoped("the page has asked for the folder").filter(folder=folder).first()
    if section is None:
        raise ValidationError("There is no report yet.")
    row = ScrutinyComment.objects.create(folder=folder, review_id=section.review_id, by=by, words=words)
    record("scrutiny_commented", by=by, obj=row)
    notices.tell_commented(row)
    return row
