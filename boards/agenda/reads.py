"""What the pages of an agenda show: always by the row rule, with as many queries for forty papers as for one."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone

from boards.agenda import packs
from boards.agenda.numbers import numbered
from boards.meetings.reads import case_of
from boards.models import Item, Meeting, Pack, Paper
from partnership.access.models import FolderGrant
from partnership.access.rows import holders, powers
from partnership.access.work import Work
from partnership.deadlines import calendars
from partnership.deadlines.working_days import ENGLAND_AND_WALES, CalendarEnds, days_late
from partnership.documents.contents.kinds import KINDS
from partnership.documents.contents.pdfs import CONTENT_TYPE
from partnership.documents.models import State, Version
from partnership.documents.names import extension_of
from partnership.documents.services import state as state_of_file
from partnership.people.roles import Perm
from partnership.trail.models import Event

OPENED = "downloaded"
NOT_MADE = "No PDF could be made of this file, so it is not in the pack. Save it as PDF and send that."
BEING_MADE = "Its PDF is being made."


@dataclass
class File:
    """A file of a paper that can be had. label: 'PDF', 'Word (DOCX)'."""

    version: Version
    label: str
    download: str


@dataclass
class PaperLine:
    """A paper on an agenda, as one reader has it.

    shown: the PDF to read, or the file itself where there is no PDF of it; original: the Office file that the PDF was
    made from. words: where its file stands, while it cannot be read. late: '2 working days late', also of what has not
    come. read: whether this reader opened its newest version. page: its first page in this reader's pack.
    """

    paper: Paper
    shown: File | None = None
    original: File | None = None
    words: str = ""
    late: str = ""
    read: bool = False
    page: int | None = None
    supplement: bool = False
    version: Version | None = None  # the newest that was sent
    pdf: Version | None = None  # what goes into a pack

    @property
    def to_come(self) -> bool:
        return self.paper.received_at is None

    @property
    def versions(self) -> list:
        """Ids of the versions of which a reading counts."""
        return [each.version.pk for each in (self.shown, self.original) if each]


@dataclass
class Line:
    """An item on an agenda. starts_at: when its turn comes, while every item before it says how long it takes."""

    number: str
    item: Item
    papers: list = field(default_factory=list)
    starts_at: datetime | None = None
    held: frozenset = frozenset()

    @property
    def presented_by(self) -> str:
        return self.item.presenter.name if self.item.presenter_id else self.item.presenter_words

    @property
    def serves(self) -> str:
        if self.item.priority_id:
            return self.item.priority.title
        return self.item.duty.title if self.item.duty_id else "Standing business"


def agenda(user, meeting, *, removed=False) -> list[Line]:
    """The agenda of a meeting as `user` sees it: the open items, then the restricted ones. At most five queries.

    meeting: comes with its folder. removed: the items that were taken off instead.
    """
    rows = Item.objects.visible_to(user).filter(meeting=meeting, removed_at__isnull=not removed)
    rows = list(rows.select_related("folder", "presenter", "priority", "duty", "meeting"))
    lines = [Line(number, item) for number, item in numbered(rows)]
    held = powers(user, rows)
    for line in lines:
        line.held = held[line.item.pk]
    papers = _papers(user, {line.item.pk: line for line in lines}, held)
    made = list(packs.all_made(user, meeting).annotate(opened=_opened(user, "pk"))) if lines else []
    found = packs.pages_for(lines, made)
    for line in lines:
        line.papers = papers.get(line.item.pk, [])
    _mark_read(lines, made)
    if found:
        _paginate(lines, found)
    _times(lines, meeting)
    return lines


def _mark_read(lines, made):
    """A paper is read once its newest version was opened, or a pack that holds it: of any audience, ended or not."""
    in_packs = {version for pack in made if pack.opened for *_, version in pack.pages if version}
    for each in (each for line in lines for each in line.papers if each.versions):
        each.read = each.version.opened or any(str(pk) in in_packs for pk in each.versions)


def _opened(user, *ids):
    """Whether `user` opened what has one of these ids, by the trail: a download is written before it is given."""
    return Exists(Event.objects.filter(actor_id=user.pk, verb=OPENED, object_id__in=[OuterRef(each) for each in ids]))


def _paginate(lines, found):
    for line in lines:
        for each in line.papers:
            each.page, each.supplement = found.page_of(each.paper.pk), not found.holds(each)


def section(page):
    """The agenda on the page of its meeting (boards.meetings.sections)."""
    return "boards/_agenda.html", {"lines": page.once(agenda)}


def _times(lines, meeting):
    """By the clock from the start of the meeting; restricted items stand behind all others and have none."""
    at = None if meeting.day_only else meeting.starts_at
    for line in lines:
        if line.item.restricted or at is None:
            break
        line.starts_at = at
        minutes = line.item.minutes_allowed
        at = at + timedelta(minutes=minutes) if minutes else None


def _papers(user, lines, held) -> dict:
    """Item id -> its papers, in their order."""
    rows = Paper.objects.visible_to(user).filter(item__in=lines, removed_at=None).select_related("asked_of", "folder")
    found = {}
    for row in rows.order_by("position", "pk"):
        found.setdefault(row.item_id, []).append(PaperLine(row))
    each = [line for papers in found.values() for line in papers]
    fill(user, each, held)
    return found


def fill(user, lines, held) -> None:
    """Add to paper lines what is known of their files and their lateness. held: item id -> powers."""
    if not lines:
        return
    versions = _newest(user, [line.paper.document_id for line in lines if line.paper.document_id])
    for line in lines:
        if line.paper.document_id in versions:
            _file(user, line, versions[line.paper.document_id], held[line.paper.item_id])
    late = [line for line in lines if line.paper.late]
    if late:
        today, calendar = timezone.localdate(), calendars.load(ENGLAND_AND_WALES)
    for line in late:
        line.late = _late(line.paper, today, calendar)


def _newest(user, documents) -> dict:
    """document id -> its newest version that was not refused, else the refused one, with its rendition; `opened`:
    whether `user` opened it, or the PDF that was made of it."""
    rows = (
        Version.objects.visible_to(user)
        .filter(document__in=documents)
        .select_related("document", "rendition__made__document")
        .annotate(opened=_opened(user, "pk", "rendition__made"))
    )
    found = {}
    for row in rows.order_by("number"):
        if not row.lost or row.document_id not in found or found[row.document_id].lost:
            found[row.document_id] = row
    return found


def _file(user, line, version, held):
    line.version = version
    if not version.ready:
        if not version.lost or version.made_by_id == user.pk or Perm.MEETING_RUN in held:
            line.words = state_of_file(version)  # what was wrong with a refused one is for whoever sent it
        return
    rendition = getattr(version, "rendition", None)
    may = Perm.DOCUMENT_DOWNLOAD in held
    if version.content_type == CONTENT_TYPE:
        line.pdf = version
    elif rendition is not None and rendition.made is not None and rendition.made.state == State.CLEAN:
        line.pdf = rendition.made
    elif rendition is not None:
        line.words = BEING_MADE if rendition.look_at else NOT_MADE
    else:
        line.words = NOT_MADE
    line.shown = _as_file(line.pdf or version, may)
    if line.pdf is not None and line.pdf.pk != version.pk:
        line.original = _as_file(version, may)


def _as_file(version, may) -> File:
    kind = KINDS.get(extension_of(version.name))
    return File(
        version, kind.label if kind else "file", reverse("documents:download", args=[version.pk]) if may else ""
    )


def _late(paper, today, calendar) -> str:
    came = timezone.localdate(paper.received_at) if paper.received_at else today
    try:
        days = days_late(paper.due_on, came, calendar)
    except CalendarEnds:
        return "Late"
    return f"{days} working day{'s' * (days != 1)} late" if days else "Late by a weekend or bank holiday"


def opened_by(people, versions) -> dict:
    """version id -> ids of those of `people` who opened it, by the trail."""
    found = {}
    if versions and people:
        rows = Event.objects.filter(actor_id__in=people, verb=OPENED, object_id__in=versions)
        for version, person in rows.values_list("object_id", "actor_id"):
            found.setdefault(version, set()).add(person)
    return found


def readers_of(line, meeting) -> tuple[list, list]:
    """(who of the people on the list of a paper's folder opened it, who did not), for who runs the meeting.

    The list is of those who were let in by a seat or a grant, not of those who may look by their role.
    """
    folder = line.paper.folder
    let_in = FolderGrant.objects.live().filter(content_object_id__in=folder.path).values("user_id")
    people = list(holders(folder, Perm.MEETING_VIEW).filter(pk__in=let_in))
    made = Pack.objects.unscoped("that it was opened in a pack is told, and of no pack").filter(meeting=meeting)
    texts = {str(pk) for pk in line.versions}
    made = [pack.pk for pack in made.exclude(document=None) if texts & {version for *_, version in pack.pages}]
    found = opened_by([person.pk for person in people], [*line.versions, *made])
    opened = set().union(*found.values())
    return [each for each in people if each.pk in opened], [each for each in people if each.pk not in opened]


def presenters(folder):
    """Who may be chosen to present an item or be asked for a paper: whoever may open its folder today."""
    return holders(folder, Perm.MEETING_VIEW)


def work(user):
    """For Home: the papers that are asked of this person."""
    rows = Paper.objects.visible_to(user).filter(
        asked_of=user,
        received_at=None,
        removed_at=None,
        item__removed_at=None,
        item__meeting__status__in=Meeting.GOES_ON,
    )
    for row in rows.select_related("item__meeting__folder").order_by("due_on", "pk"):
        meeting, url = row.item.meeting, reverse("boards:paper", args=[row.pk])
        what = f"Send your paper ‘{row.title}’ for ‘{meeting.title}’"
        yield Work(what, url, case=case_of(meeting.folder), due_on=row.due_on)


def names_of_papers(user, ids) -> dict:
    """Paper id -> its title, of those that `user` may see: for lists of readings."""
    return dict(Paper.objects.visible_to(user).filter(pk__in=ids).values_list("pk", "title"))


def names_of_items(user, ids) -> dict:
    return dict(Item.objects.visible_to(user).filter(pk__in=ids).values_list("pk", "title"))
