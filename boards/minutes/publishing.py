"""Agreed minutes are published: a document drawn anew from the parts of open items, with posts and no people.

What is published is made of `published(edition)` alone, which reads the parts in the group's own folder; nothing is
covered or taken out of a longer file. Afterwards the finished file is read again: no word of a restricted part may
stand in its text, its metadata or its attachments.
"""

import io
import re
from dataclasses import dataclass, field
from html import unescape

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.template.loader import render_to_string
from django.utils import timezone

from boards.flow import MINUTES
from boards.minutes import editions
from boards.models import Edition, Meeting, Part, Publication
from partnership.access.flow import Stale, lock
from partnership.access.models import FolderKind
from partnership.documents import services as documents
from partnership.documents.models import Document, Marking, Version
from partnership.jobs import services as jobs
from partnership.people.roles import Perm
from partnership.trail.services import record

KIND = "minutes_published"
TEMPLATE = "boards/minutes_published_pdf.html"
OPEN_PARTS = "the parts in the folder of the group itself, of minutes that are published or about to be"
EVERY = "the finished file is searched for the words of every restricted part; none of them is shown"
FEWEST = 8  # letters and digits of a phrase that says something
NEWER = "These minutes were corrected since you read them. Read what is published now."


@dataclass
class Published:
    """What stands in it. there: who was there by post and organisation. lines: editions.Line of the open items."""

    head: dict
    there: list
    lines: list
    words: str = field(default="", repr=False)


def why_not(meeting) -> str:
    """Why minutes of this meeting cannot be published; nothing where they can."""
    if meeting.group_id is None or meeting.folder.sealed or meeting.folder.kind != FolderKind.GROUP:
        return "Minutes of a case are never published."
    if meeting.minutes_status not in Meeting.CLOSED_MINUTES:
        return "Only agreed minutes are published."
    return ""


def open_editions(meeting):
    """Those in the group's own folder, oldest first: an edition of a restricted item is none of them."""
    rows = Edition.objects.unscoped(OPEN_PARTS).filter(meeting=meeting, folder_id=meeting.folder_id)
    return list(rows.order_by("number"))


def to_publish(meeting) -> Edition | None:
    """The newest agreed or corrected edition of open items that is not published; None where there is none."""
    found = [each for each in open_editions(meeting) if each.kind != Edition.Kind.CIRCULATED][-1:]
    return next((each for each in found if not Publication.objects.filter(edition=each).exists()), None)


def published(edition) -> Published:
    """What an edition says to everybody. The edition comes with its meeting."""
    meeting = edition.meeting
    layers = editions.layers_of(open_editions(meeting), edition)
    rows = Part.objects.unscoped(OPEN_PARTS).filter(edition__in=layers, folder_id=meeting.folder_id)
    lines = editions.lines_of(editions.laid_over(rows.order_by("edition__number")), meeting)
    head = next((line.said for line in lines if line.part.item_id is None), {})
    lines = [line for line in lines if line.part.item_id]
    there = _posts(head)
    return Published(head, there, lines, _words(head, there, lines))


TITLES = {
    "present": "Present",
    "deputies": "Deputies",
    "attending": "In attendance",
    "apologies": "Apologies",
    "absent": "Absent",
}


def _posts(head) -> list:
    """[(title, ['Post, organisation'])]: people are named by what they were there as."""
    return [(title, [_post(name, each) for each in head[name]]) for name, title in TITLES.items() if head.get(name)]


def _post(where, each) -> str:
    post = each["post"]
    if where == "deputies":
        post = f"Deputy of {post}" if post else "Deputy"
    said = ", ".join(filter(None, (post, each["organisation"]))) or "Guest"
    return f"{said} (chair)" if each["chairs"] else said


def _words(head, there, lines) -> str:
    """Every word of a person that stands in it: posts and organisations of guests are typed too."""
    found = [head.get("title", ""), head.get("place", ""), *(post for _, posts in there for post in posts)]
    for line in lines:
        found += [line.said["title"], line.said["text"]]
        found += [each[name] for each in line.said["decisions"] for name in ("text", "reason")]
        found += [each["what"] for each in line.said["actions"]]
    return "\n".join(found)


def warnings(user, edition, found) -> list[str]:
    """Names, and titles of restricted items that `user` sees, which stand in the words that would be published."""
    parts = Part.objects.visible_to(user).filter(edition__meeting=edition.meeting_id)
    names, titles = set(), set()
    for part in parts:
        names |= _names(part.content)
        if part.folder_id != edition.meeting.folder_id:
            titles.add(part.content["title"])
    said = f" {_plain(found.words)} "
    named = sorted(each for each in names if len(each) > 2 and f" {_plain(each)} " in said)
    held = sorted(each for each in titles if _plain(each) and f" {_plain(each)} " in said)
    warned = [f"A name stands in the words: {', '.join(named)}."] if named else []
    return warned + [f"The title of a restricted item stands in the words: {each}." for each in held]


def _names(content) -> set:
    people = [each["name"] for name in editions.LISTS for each in content.get(name, ())]
    people += [each["who"] for name in ("actions", "interests") for each in content.get(name, ())]
    return set(filter(None, people))


def _plain(text) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


# --- the file ---------------------------------------------------------------------------------------------------------


def ask(edition, *, by) -> jobs.Job:
    """Have the file drawn. Raises ValidationError, Stale where there is a newer edition than the one that was read."""
    _must_be_possible(edition)
    record("minutes_publish_asked", by=by, obj=edition)
    return jobs.ask(KIND, edition, by=by)


def _must_be_possible(edition):
    if why := why_not(edition.meeting):
        raise ValidationError(why)
    wanted = to_publish(edition.meeting)
    if wanted is None:
        raise Stale("These minutes are published already.")
    if wanted.pk != edition.pk:
        raise Stale(NEWER)


def _whole(edition) -> Edition:
    rows = Edition.objects.unscoped("the job has asked for the requester's power")
    return rows.select_related("meeting__folder", "meeting__group__folder").get(pk=edition.pk)


def make(edition, *, by, progress) -> bytes:
    """The PDF (PDF/UA-1), marked OFFICIAL. Raises ValueError where a word of a restricted part stands in it."""
    from partnership.ui import pdf  # only a worker draws

    edition = _whole(edition)
    progress(20, "Reading the open items")
    found = published(edition)
    progress(40, "Drawing the pages")
    content = pdf.render(TEMPLATE, context_of(edition, found))
    progress(80, "Searching the file for what must not stand in it")
    if leaks(content, edition, found):
        raise ValueError(f"restricted words in the publication of edition {edition.pk}")
    return content


def context_of(edition, found) -> dict:
    title = f"Minutes of {found.head['group']}, {found.head['day_said']}"
    return {"title": title, "marking": "OFFICIAL", "edition": edition, "found": found}


def leaks(content: bytes, edition, found) -> bool:
    """Whether a phrase of a restricted part stands in the file that stands in no open part."""
    said = _squeezed(text_of(content))
    labels = render_to_string(TEMPLATE, context_of(edition, _emptied(found)))
    allowed = _squeezed(found.words + unescape(labels))
    return any(phrase in said and phrase not in allowed for phrase in _forbidden(edition))


def _emptied(found) -> Published:
    """What stands in the file beside the words of people: its labels, the organisations and days of actions."""
    lines = [editions.Line(line.number, Part(content=_labels(line.said)), line.restricted) for line in found.lines]
    return Published(found.head, found.there, lines)


def _labels(said) -> dict:
    decisions = [{"text": "", "reason": ""} for _ in said["decisions"]]
    actions = [{"what": "", "organisation": each["organisation"], "due": each["due"]} for each in said["actions"]]
    return {"title": "", "text": "", "decisions": decisions, "actions": actions}


def _forbidden(edition) -> set:
    rows = Part.objects.unscoped(EVERY).filter(edition__meeting=edition.meeting_id)
    phrases = set()
    for part in rows.exclude(folder_id=edition.meeting.folder_id):
        said = part.content
        phrases |= {said["title"], *said["text"].splitlines()}
        phrases |= {each[name] for each in said["decisions"] for name in ("text", "reason", "dissent")}
        phrases |= {each["what"] for each in said["actions"]} | {each["words"] for each in said["interests"]}
    return {squeezed for each in phrases if len(squeezed := _squeezed(each)) >= FEWEST}


def _squeezed(text) -> str:
    """Letters and digits alone: a line that a PDF breaks is the same words."""
    return "".join(re.findall(r"\w+", text.casefold())).replace("_", "")


def text_of(content: bytes) -> str:
    """All that can be read out of a PDF: its pages, its metadata, the names and words of what is attached."""
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(content))
    found = [page.extract_text() for page in reader.pages]
    found += [str(value) for value in (reader.metadata or {}).values()]
    if reader.xmp_metadata is not None:
        found.append(reader.xmp_metadata.stream.get_data().decode("utf-8", "replace"))
    for name, files in reader.attachments.items():
        found += [name, *(each.decode("utf-8", "replace") for each in files)]
    return "\n".join(found)


@transaction.atomic
def keep(edition, content, *, by):
    """Keep the file apart from the folder, for everybody who signs in, and record that the minutes are published."""
    edition = _whole(edition)
    meeting = lock(edition.meeting)
    meeting.folder, meeting.group = edition.meeting.folder, edition.meeting.group
    edition.meeting = meeting
    try:
        _must_be_possible(edition)
    except ValidationError as refused:  # it was corrected, or published by somebody else, while the file was drawn
        return jobs.Refused(meeting.pk, refused.messages[0])
    title = f"Minutes, {meeting.group.name}, {meeting.day:%Y-%m-%d}"[:200]
    document = Document.objects.create(
        folder=meeting.folder, title=title, marking=Marking.OFFICIAL, apart=True, goes_out=True
    )
    documents.keep(
        content, folder=meeting.folder, title=title, name=f"{title}.pdf", content_type="application/pdf",
        marking=Marking.OFFICIAL, by=by, document=document,
    )  # fmt: skip
    row = Publication.objects.create(
        folder=meeting.folder, edition=edition, document=document, words=published(edition).words, published_by=by,
        published_at=timezone.now(),
    )  # fmt: skip
    if meeting.minutes_status == Meeting.Minutes.AGREED:
        MINUTES.take(meeting, "publish", by=by, data={"publication": row.pk})
    else:
        record("minutes_published_again", by=by, obj=meeting, publication=row.pk)
    return meeting.pk


def version_of(publication) -> Version | None:
    rows = Version.objects.unscoped("it is published").select_related("document", "folder")
    return rows.filter(document=publication.document_id).order_by("-number").first()


def listed(group=None):
    """Publications, newest meeting first. `replaced`: whether a later one of the same meeting has taken its place."""
    later = _later(OuterRef("edition__meeting"), OuterRef("published_at"))
    rows = Publication.objects.select_related("edition__meeting__group__folder", "edition__meeting__folder")
    rows = rows.annotate(replaced=Exists(later))
    if group:
        rows = rows.filter(folder=group)
    return rows.order_by("-edition__meeting__starts_at", "-published_at")


def replaced_by(publication) -> Publication | None:
    """The newest of the later publications of the same meeting."""
    return _later(publication.edition.meeting_id, publication.published_at).order_by("-published_at").first()


def _later(meeting, moment):
    return Publication.objects.filter(edition__meeting=meeting, published_at__gt=moment)


def register() -> None:
    jobs.register(
        KIND,
        jobs.Kind(
            title="Minutes to publish (PDF)", model=Edition, perm=Perm.MEETING_RUN, make=make, keep=keep,
            result_url="boards:minutes", result_words="Open the minutes", back_url="boards:edition",
            back_words="the edition",
        ),
    )  # fmt: skip
