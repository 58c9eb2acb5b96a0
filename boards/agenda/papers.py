"""Every write to the papers of an item: asked for, sent, replaced, withdrawn; and the reminder on the day.

A paper lies in the folder of its item, so that whoever opens the item opens its papers, and nobody else.
"""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from boards.agenda import notices
from boards.agenda.services import open_to_changes
from boards.models import Group, Meeting, Paper
from partnership.access import edits
from partnership.access.flow import lock
from partnership.access.rows import can, holders
from partnership.deadlines import calendars
from partnership.deadlines.working_days import ENGLAND_AND_WALES, CalendarEnds, working_days_before
from partnership.documents import renditions
from partnership.documents.hooks import named_by, on_clean, on_refused
from partnership.documents.models import Version
from partnership.documents.reads import REFUSED
from partnership.documents.services import take
from partnership.notify.watch import beat
from partnership.people.roles import Perm
from partnership.trail.services import record
from partnership.ui.dates import plain

KIND = "meeting_paper"
FIELDS = ("title", "asked_of", "asked_words", "due_on")
TAKEN_AWAY = "A paper was withdrawn: it is given to nobody any more, nor is a pack that holds it."
GONE = "This paper was withdrawn. Ask for another one."
CANNOT_OPEN = "{} cannot open this item. Let this person in first, or write a name into ‘Somebody without a sign-in’."


def due_before(meeting):
    """The day by which papers of a meeting are due: so many working days before it as its group says; for a meeting
    without a group as many as a group has from the start. None where the bank holidays are not known."""
    days = meeting.group.papers_due if meeting.group_id else Group._meta.get_field("papers_due").default
    try:
        return working_days_before(meeting.day, days, calendars.load(ENGLAND_AND_WALES)).due
    except CalendarEnds:
        return None


@transaction.atomic
def add_paper(item, *, by, upload_file=None, marking="", **facts) -> Paper:
    """Ask for a paper, or enter one that is there. facts: of FIELDS. Who is asked is told. Raises ValidationError.

    Of a paper that is there nobody else is asked: if its file is refused, it is `by` who sends another.
    """
    open_to_changes(item.meeting)
    if lock(item).removed_at is not None:
        raise ValidationError("This item was taken off the agenda. Put it back before you add a paper.")
    if upload_file is not None:
        facts |= {"asked_of": by, "asked_words": ""}
    _can_open(item.folder, facts.get("asked_of"))
    last = Paper.objects.unscoped("the next place").filter(item=item).count()
    row = Paper(item=item, folder_id=item.folder_id, position=last + 1, changed_by=by, **facts)
    row.clean_fields(exclude=["folder", "item", "document", "changed_by"])
    row.save(force_insert=True)
    record("paper_asked", by=by, obj=row)
    if upload_file is not None:
        return send_paper(row, by=by, upload_file=upload_file, marking=marking)
    notices.tell_asked(row, but=by)
    return row


def _can_open(folder, user):
    if user is not None and not holders(folder, Perm.MEETING_VIEW).filter(pk=user.pk).exists():
        raise ValidationError({"asked_of": CANNOT_OPEN.format(user.name)})


@transaction.atomic
def change_paper(paper, *, by, version, **facts) -> Paper:
    """Change what is asked for. facts: of FIELDS. Somebody newly asked is told. Raises Stale, ValidationError."""
    open_to_changes(paper.item.meeting)
    if lock(paper).removed_at is not None:
        raise ValidationError(GONE)
    before = paper.asked_of_id
    _can_open(paper.folder, facts.get("asked_of"))
    row = edits.change(paper, "paper_changed", by=by, version=version, facts=facts)
    if row.asked_of_id != before and row.received_at is None:
        notices.tell_asked(row, but=by)
    return row


def may_send(user, paper, held) -> bool:
    """Whether this person, who sees the paper, may send its file: who was asked, and who runs the meeting.

    held: the powers that `user` holds on the paper.
    """
    return Perm.MEETING_RUN in held or (paper.asked_of_id == user.pk and Perm.MEETING_VIEW in held)


@transaction.atomic
def send_paper(paper, *, by, upload_file, marking) -> Paper:
    """Take the file of a paper, or a new version that replaces the one before. Raises ValidationError, and
    PermissionDenied for who was not asked for it.

    It came when it was first sent; a file that its check refuses did not come (`_refused`).
    """
    open_to_changes(paper.item.meeting)
    row = lock(paper)
    if not (can(by, Perm.MEETING_RUN, row) or (row.asked_of_id == by.pk and can(by, Perm.MEETING_VIEW, row))):
        raise PermissionDenied("paper.send")
    if row.removed_at is not None:
        raise ValidationError({"file": GONE})
    version = take(
        upload_file, folder=paper.folder, title=row.title, marking=marking, by=by, document=row.document, kind=KIND
    )
    row.document = version.document
    row.received_at = row.received_at or timezone.now()
    edits.stamp(row, by, "document", "received_at")
    record("paper_sent", by=by, obj=row)
    return row


@transaction.atomic
def withdraw_paper(paper, *, by) -> Paper:
    """Take a paper away: nobody is given it any more (`of_withdrawn`), nor a pack that holds it."""
    open_to_changes(paper.item.meeting)
    row = lock(paper)
    if row.removed_at is None:
        row.removed_at = timezone.now()
        edits.stamp(row, by, "removed_at")
        record("paper_withdrawn", by=by, obj=row)
    return row


def withdrawn():
    """Ids of the documents of withdrawn papers. The same file, sent twice by one person, is one document: it stays
    while another paper has it."""
    rows = Paper.objects.unscoped("which files are given to nobody").filter(document__isnull=False)
    stays = rows.filter(removed_at=None).values("document")
    return rows.filter(removed_at__isnull=False).exclude(document__in=stays).values("document")


def of_withdrawn(user, versions) -> set:
    """Ids of those of these versions that are of a withdrawn paper, or its PDF (documents.hooks.hold_back)."""
    gone = withdrawn()
    rows = Version.objects.unscoped("of files that this person may see").filter(
        Q(document__in=gone) | Q(rendition_of__original__document__in=gone), pk__in=[each.pk for each in versions]
    )
    return set(rows.values_list("pk", flat=True))


@on_clean(KIND)
def _clean(version):
    """An Office file gets its PDF."""
    renditions.ask(version)


@on_refused(KIND)
def _refused(version):
    """A file that was refused did not come, unless another version of it did; one that was withdrawn later had come."""
    others = Version.objects.unscoped("did another version of it come?").filter(document=version.document_id)
    if version.state in REFUSED and not others.exclude(state__in=REFUSED).exists():
        Paper.objects.unscoped("its file was refused").filter(document=version.document_id).update(received_at=None)


@named_by(KIND)
def _named(user, versions) -> dict:
    rows = Paper.objects.visible_to(user).filter(document__in=[each.document_id for each in versions])
    return {
        row.document_id: f" for the paper ‘{row.title}’ of the meeting on {plain(row.item.meeting.day)}"
        for row in rows.select_related("item__meeting")
    }


def remind() -> int:
    """Remind whoever owes a paper on its day, once. Returns how many papers are owed by today."""
    rows = Paper.objects.unscoped("the sweep sees all").filter(
        asked_of__isnull=False, received_at=None, removed_at=None, due_on__lte=timezone.localdate(),
        item__removed_at=None, item__meeting__status__in=Meeting.GOES_ON, item__meeting__starts_at__gt=timezone.now(),
    )  # fmt: skip
    found = list(rows)
    with transaction.atomic():
        notices.tell_due(found)
    beat("papers")
    return len(found)
