"""The report and its sending. A statutory sending is warned about, never blocked."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from partnership.access import scope
from partnership.access.flow import Stale, lock
from partnership.deadlines.clock import State
from partnership.deadlines.rules import london_date
from partnership.documents.models import Document, Marking, Version
from partnership.documents.services import keep
from partnership.trail.services import record
from reviews import clocks, reads
from reviews.flow import REVIEW
from reviews.guests import ending as guests
from reviews.models import AgencyReturn, PanelReply, Sending, SendingCorrection, SignOff
from reviews.partners import names_of
from reviews.report.reads import report


def make_report(review, *, by, progress) -> bytes:
    """The report as a tagged PDF (PDF/UA-1). Long: a job runs it, never a request."""
    from partnership.ui import pdf  # only a worker draws: the engine is slow to load

    progress(10, "Collecting what the review holds")
    with scope.entered():  # the requester's reach is resolved once for the whole report, as a page does it
        context = report(by, review)
    progress(35, "Drawing the pages")
    content = pdf.render("reviews/report_pdf.html", context)
    progress(90, "Keeping the file")
    return content


def keep_report(review, content, *, by):
    """Keep the PDF as the next version of the review's report. Returns the version's id."""
    document = Document.objects.unscoped("the job asked for the requester's power").filter(
        folder_id=review.folder_id, title=reads.REPORT_TITLE, goes_out=True
    )
    version = keep(
        content,
        folder=review.folder,
        title=reads.REPORT_TITLE,
        name=f"Rapid review {review.folder.reference}.pdf",
        content_type="application/pdf",
        marking=Marking.SENSITIVE,
        by=by,
        document=document.first(),
        goes_out=True,  # it is sent as it is: who may send it has it without a name on its pages
    )
    return version.pk


def warnings(page, *, names=False) -> list:
    """What is out of order before a sending, in words. page: reads.ReviewPage. names: whether it names somebody; where
    it does is for those alone who may read the identities, and all who read the case read this."""
    found = ["The report may name somebody of the case."] if names else []
    asked = [row for row in page.returns if row.status != AgencyReturn.Status.WITHDRAWN]
    outstanding = [row for row in asked if not row.stands]
    changing = [row for row in asked if row.stands and row.owed]
    if not asked:
        found.append("No agency has been asked for a return.")
    elif outstanding:
        one = len(outstanding) == 1
        found.append(f"{len(outstanding)} agency {'return has' if one else 'returns have'} not come in.")
    if changing:
        names = names_of([row.body for row in changing])
        found.append(f"A return is being changed; what was submitted before stands: {names}.")
    found += _unwritten(page.sections)
    if page.decision is None:
        found.append("No decision has been recorded.")
    else:
        for seat in page.seats:
            if seat.sign_off is None:
                found.append(f"The {seat.label.lower()} has not signed the decision.")
            elif seat.sign_off.stance == SignOff.Stance.DISAGREES:
                found.append(f"The {seat.label.lower()} disagrees with the decision.")
            elif seat.sign_off.stance == SignOff.Stance.SILENT:
                found.append(f"The {seat.label.lower()} has not answered.")
            if seat.changed_since:
                found.append(
                    f"Something that the report is made from was changed after the {seat.label.lower()} signed."
                )
    if page.report is not None and page.changed_since_report:
        found.append("Something was changed after this report was made.")
    if page.clock.state == State.LATE:
        found.append(f"The report is {page.clock.standing}: it was due on {page.clock.due_on:%-d %B %Y}.")
    return found


def _unwritten(sections):
    """sections: (title, state) of each section of the report."""
    empty = [f"‘{title}’" for title, state in sections if state == "empty"]
    drafts = [f"‘{title}’" for title, state in sections if state == "draft"]
    if len(empty) == len(sections):
        yield "No section of the report has been written: it holds what the sources give."
    elif empty:
        yield f"Nobody has written under {names_of(empty)}: the report takes what the sources give, if anything."
    if drafts:
        yield f"Nobody has changed what was drafted from the sources under {names_of(drafts)}."


@transaction.atomic
def record_sending(review, *, by, version: Version, sent_at, due_on, read=None, late_reason="", warned=()) -> Sending:
    """Record that the report went to the Panel: when, by whom, and the hash of the very file.

    read: the id of the version whose hash stood on the page, if a page was read. Raises ValidationError for a
    sending before the notification or before the file was made, Stale for a second one or when a newer file was
    made meanwhile.
    """
    if read is not None and version.pk != read:
        raise Stale("A newer version of the report was made while you were typing. Check which file it was that went.")
    _must_be_possible(sent_at, review, version)
    locked = lock(review)
    guests.hold(review)
    row = Sending(
        folder_id=locked.folder_id,
        review=locked,
        version=version,
        sha256=version.sha256,
        sent_at=sent_at,
        sent_by=by,
        due_on=due_on,
        late_reason=late_reason if (late := london_date(sent_at) > due_on) else "",
        warnings=list(warned),
    )
    REVIEW.take(
        locked,
        "send",
        by=by,
        happened_at=sent_at,
        data={"sha256": version.sha256, "late": late},
    )
    row.save(force_insert=True)
    clocks.sent(locked, by=by, at=sent_at, late_reason=late_reason)
    clocks.panel_has_it(row, by=by)
    guests.end_of(locked, by=by)
    record("report_sent", by=by, obj=row, happened_at=sent_at, version=version.pk, sha256=version.sha256)
    return row


def wait_for_the_panel(review, *, by) -> None:
    """The Panel's days run again for a review that it has not answered; its page has asked for it."""
    row = Sending.objects.unscoped("the page has asked for its review").filter(review=review).first()
    replies = PanelReply.objects.unscoped("the page has asked for its review").filter(review=review)
    if row and not replies.exists():
        clocks.panel_has_it(row, by=by)


@transaction.atomic
def correct_sending(sending, *, by, sent_at, reason, read: int, late_reason="") -> Sending:
    """Put the time of sending right. What was recorded first stays in a SendingCorrection; file and hash are as sent.

    read: how many corrections there were when the page was read. Raises Stale when somebody has corrected it since,
    ValidationError for a time that cannot be, for the time that is recorded already, without a reason, and naming
    `late_reason` where it turns out late and nobody has said why.
    """
    lock(sending.review)
    row = lock(sending)
    if row.corrections.unscoped("has anybody corrected it since?").count() != read:
        raise Stale("The time of sending was corrected while you were typing.")
    if not reason.strip():
        raise ValidationError({"reason": "Say why the time that was recorded is wrong."})
    if sent_at == row.sent_at.replace(second=0, microsecond=0):
        raise ValidationError({"sent_at": "This is the time that is recorded already."})
    _must_be_possible(sent_at, sending.review, sending.version)
    _before_the_reply(sent_at, sending.review)
    SendingCorrection.objects.create(
        folder_id=row.folder_id, sending=row, was=row.sent_at, reason=reason.strip(), corrected_by=by
    )
    was, row.sent_at = row.sent_at, sent_at
    why_late = row.late_reason or late_reason
    row.late_reason = clocks.sent_really(sending.review, by=by, at=sent_at, reason=reason, late_reason=why_late)
    row.save(update_fields=["sent_at", "late_reason"])
    clocks.panel_had_it(row, by=by, reason=reason.strip())
    late = london_date(sent_at) > row.due_on
    record("sending_corrected", by=by, obj=row, was=was.isoformat(), to=sent_at.isoformat(), late=late)
    return row


def _must_be_possible(sent_at, review, version):
    if sent_at < review.notification.sent_at:
        raise ValidationError({"sent_at": "The report cannot have been sent before the notification was."})
    if sent_at < version.made_at.replace(second=0, microsecond=0):  # people type minutes
        raise ValidationError({"sent_at": "This file had not been made yet at that time."})
    if sent_at > timezone.now():
        raise ValidationError({"sent_at": "The time of sending cannot lie in the future."})


def _before_the_reply(sent_at, review):
    replies = PanelReply.objects.unscoped("the page has asked for the sending").filter(review=review)
    if replies.filter(received_on__lt=london_date(sent_at)).exists():
        raise ValidationError({"sent_at": "The Panel had replied by then: the report was sent before."})
