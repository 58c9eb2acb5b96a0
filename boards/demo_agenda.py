"""Demo material of agendas: items with small real papers, one late, one that has not come, and a restricted item."""

from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from boards.agenda import papers, services
from boards.models import Meeting, Paper
from partnership.documents import checking
from partnership.documents.models import Version
from partnership.people.models import User
from partnership.trail.then import then
from partnership.ui import pdf

FEW = 2  # meetings that get an agenda
# (title, purpose, minutes, who presents it, what it is about, papers: (title, pages, days after its due date or None))
ITEMS = (
    ("Welcome, apologies and interests", "note", 5, "The chair", "", ()),
    (
        "Learning from audits of this quarter", "assure", 25, "", "What four audits found of strategy discussions, and "
        "what the organisations have changed since.", (("Audits of the quarter", 4, -1), ("Figures behind it", 2, 2)),
    ),
    (
        "Neglect: how the toolkit is used", "decide", 20, "Named nurse", "Whether the toolkit becomes the one that "
        "every organisation uses.", (("How the toolkit is used", 3, -3), ("What schools say of it", 1, None)),
    ),
    ("Any other business", "note", 5, "The chair", "", ()),
)  # fmt: skip
RESTRICTED = (
    "A learning point from a case that is not closed",
    "What two organisations may say to their staff before the report is agreed. Made up: nobody real is meant.",
    "A note for those who know of it",
)


def fill_agendas(people) -> None:
    """An agenda for the next meetings of the demo, once. people: the demo's users by key."""
    if Paper.objects.unscoped("is the demo filled?").exists():
        return
    ahead = Meeting.objects.unscoped("the demo fills its own meetings").filter(
        status__in=Meeting.GOES_ON, starts_at__gt=timezone.now(), folder__sealed=False
    )
    for meeting in ahead.select_related("folder", "group").order_by("starts_at")[:FEW]:
        _fill(meeting, people)


def _fill(meeting, people):
    by, began = people["officer"], timezone.now() - timedelta(days=20)
    for title, purpose, minutes, presenter, about, wanted in ITEMS:
        facts = {"title": title, "purpose": purpose, "minutes_allowed": minutes, "about": about}
        with then(began):
            item = services.add_item(meeting, by=by, presenter_words=presenter, **facts)
        for paper in wanted:
            _paper(item, *paper, by=by)
    title, about, paper = RESTRICTED
    chosen = _members(meeting).exclude(pk=by.pk)[:2]
    with then(began):
        item = services.add_item(
            meeting, by=by, title=title, about=about, purpose="note", restricted=True, people=chosen,
            reason="Their organisations know of the case.",
        )  # fmt: skip
    _paper(item, paper, 1, -1, by=by, marking="sensitive")


def _members(meeting):
    sits = meeting.group.seats.live().exclude(user=None).values("user_id") if meeting.group_id else []
    return User.objects.filter(pk__in=sits).order_by("name")


def _paper(item, title, pages, days, *, by, marking="official"):
    """days: how long after its due date it came; None: it has not. The due date lies so that what came is not ahead."""
    member = _members(item.meeting).first()
    due = papers.due_before(item.meeting) or timezone.localdate()
    due = min(due, timezone.localdate() - timedelta(days=4))
    facts = {"title": title, "due_on": due, "asked_words": ""}
    with then(timezone.now() - timedelta(days=20)):
        row = papers.add_paper(item, by=by, asked_of=None if item.restricted else member, **facts)
    if days is None:
        return
    with then(timezone.now() - timedelta(days=4 - days)):
        upload = SimpleUploadedFile(f"{title}.pdf", _pdf(title, pages))
        row = papers.send_paper(row, by=by, upload_file=upload, marking=marking)
    for version in Version.objects.unscoped("the demo's own file").filter(document=row.document_id):
        checking.check(version.pk)


def _pdf(title, pages) -> bytes:
    """A small paper of so many pages."""
    text = "".join(
        f"<h2 style='break-before:{'auto' if page == 1 else 'page'}'>Part {page}</h2><p>Words of the demo.</p>"
        for page in range(1, pages + 1)
    )
    return pdf.from_html(f"<!DOCTYPE html><html lang='en-GB'><title>{title}</title><h1>{title}</h1>{text}</html>")
