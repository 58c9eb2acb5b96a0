"""The packs of a meeting: who may have which, which pages are where, asking for one, keeping it.

A pack is made for an audience, the people who see exactly its restricted items: the same material gives the open items
the same pages in every audience's pack, because what is restricted stands behind. The pages of a pack never change:
what comes later is a supplement, whose pages go on.
"""

import hashlib
import json
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from boards.agenda.numbers import numbered
from boards.agenda.papers import TAKEN_AWAY, due_before
from boards.models import Item, Meeting, Pack
from partnership.access.emergency import read_until
from partnership.access.flow import lock
from partnership.documents.hooks import held_back
from partnership.documents.models import Marking, State, Version
from partnership.documents.services import keep as keep_document
from partnership.jobs import services as jobs
from partnership.trail.services import record
from partnership.ui.dates import plain

JOB = "meeting_pack"
KIND = "meeting_pack"
NOTHING_NEW = "Nothing has come since the pack was made: there is nothing to put into a supplement."
NO_ITEMS = "There is no item on the agenda yet, so there is nothing to make a pack of."
UNIT_MAKES = "The business unit makes it when the papers are in"
YOURS_LATER = "You can make it once there is a pack of the open items."
ANEW = "It was asked for anew. Ask again."
WAIT_FOR_OPEN = "The pack is not made yet. Ask whoever runs the meeting."


def restricted_for(user, meeting, *, live=True) -> list:
    """The ids of the restricted items that this person sees, in the order of their ids. live: those on the agenda."""
    rows = Item.objects.visible_to(user).filter(meeting=meeting, restricted=True)
    if live:
        rows = rows.filter(removed_at=None)
    return sorted(rows.values_list("pk", flat=True))


def seen_by(user, pack) -> bool:
    """Whether this person sees every item that the pack is made of, and is not here by emergency access alone."""
    ids = pack.restricted
    seen = Item.objects.visible_to(user).filter(pk__in=ids).count() if ids else 0
    return seen == len(ids) and not _for_a_day(user, pack)


def _for_a_day(user, pack) -> bool:
    """A restricted item shares its id with its folder."""
    return any(read_until(user, pk) for pk in {pack.folder_id, pack.meeting.folder_id, *pack.restricted})


def why_not(user, packs) -> dict:
    """Pack's id -> why this person, who sees all that is in these packs, is not given it; nothing while they are."""
    ids = {version for pack in packs for *_, version in pack.pages if version}
    why = "is everything in the pack still there? Its reader sees every item of it"
    versions = list(Version.objects.unscoped(why).filter(pk__in=ids))
    waits = held_back(user, versions)  # what is held back by itself is in a pack too
    waits |= {row.pk: TAKEN_AWAY for row in versions if row.state == State.WITHDRAWN}
    said = {str(pk): words for pk, words in waits.items()}
    return {pack.pk: next((said[version] for *_, version in pack.pages if version in said), "") for pack in packs}


@dataclass
class Pages:
    """Which pages of an audience's packs hold what, from the pack and its supplements."""

    packs: list

    def __post_init__(self):
        self._first = {}
        for pack in self.packs:
            for about, first, _, version in pack.pages:
                if version or about not in self._first:  # a new version of a paper stands in a supplement
                    self._first[about] = first

    def page_of(self, pk):
        return self._first.get(str(pk))

    def holds(self, line) -> bool:
        """Whether the pack itself has this paper as it is now; what has not come yet is no supplement."""
        main = {version for *_, version in self.packs[0].pages}
        return line.pdf is None or str(line.pdf.pk) in main


def pages_for(lines, rows) -> Pages | None:
    """The packs of whoever sees these lines, of `all_made`: their own audience's, else those of the open items."""
    mine = sorted(line.item.pk for line in lines if line.item.restricted)
    rows = [row for row in rows if row.ended_at is None]
    found = [row for row in rows if row.restricted == mine] or [row for row in rows if not row.restricted]
    return Pages(found) if found else None


def all_made(user, meeting):
    """The packs in the folders that this person opens, with those that ended."""
    return Pack.objects.visible_to(user).filter(meeting=meeting, document__isnull=False).order_by("number")


@dataclass
class Audience:
    """For whom packs are made, as one reader meets it. key: what the button says; may_ask: whether it is there;
    who_makes: who makes the first one, where that is not this reader."""

    key: str
    label: str
    packs: list
    lines: list
    may_ask: bool = False
    may_begin_anew: bool = False
    changed: bool = False
    who_makes: str = ""


def audiences(user, meeting, lines, *, runs) -> list[Audience]:
    """The open items; the reader's own, where some are restricted; and other packs that this reader may have.

    lines: the agenda as this reader sees it. runs: whether they run the meeting.
    """
    found = packs_of(user, meeting)
    mine = restricted_for(user, meeting)
    goes_on = meeting.status != Meeting.Status.CANCELLED
    shown = [Audience("open", "Open items", *_of(found, [], lines), may_ask=runs and goes_on)]
    if mine:
        may_ask = goes_on and (runs or bool(shown[0].packs))
        shown.append(Audience("mine", _label(mine, lines), *_of(found, mine, lines), may_ask=may_ask))
    for each in shown:
        each.may_begin_anew = runs and each.may_ask and bool(each.packs)
        last = each.packs[-1] if each.packs else None
        if goes_on and not each.may_ask and not each.packs:
            each.who_makes = _by_whom(meeting) if each.key == "open" else YOURS_LATER
        each.changed = last is not None and last.made_of != state_of(meeting, each.lines)
    others = []
    for row in found:
        if row.restricted not in ([], mine, *others):
            others.append(row.restricted)
            shown.append(Audience("", _label(row.restricted, lines), *_of(found, row.restricted, lines)))
    return shown


def _by_whom(meeting) -> str:
    due = due_before(meeting)
    return f"{UNIT_MAKES}{f': they are due by {plain(due)}' if due else ''}."


def _of(found, restricted, lines) -> tuple:
    return [row for row in found if row.restricted == restricted], lines_for(restricted, lines)


def _label(restricted, lines) -> str:
    numbers = [line.number for line in lines if line.item.pk in restricted]
    return f"Open items, with {', '.join(numbers)}" if numbers else "Open items, with restricted items of before"


def packs_of(user, meeting) -> list[Pack]:
    """Every pack of this meeting that this person may have, by audience and number; of each `why_not`."""
    seen = restricted_for(user, meeting, live=False)
    rows = all_made(user, meeting).filter(restricted__contained_by=seen, ended_at=None)
    rows = rows.select_related("made_by", "meeting")
    rows = [row for row in rows if not _for_a_day(user, row)]
    words = why_not(user, rows)
    for row in rows:
        row.why_not = words[row.pk]
    return sorted(rows, key=lambda row: (len(row.restricted), row.restricted, row.number))


def lines_for(pack_restricted, lines) -> list:
    """Of the lines that somebody sees, those for this audience."""
    return [line for line in lines if not line.item.restricted or line.item.pk in pack_restricted]


def state_of(meeting, lines) -> str:
    """What a pack of these lines would be made of, as 64 characters: when it differs, the agenda has changed."""
    made_of = [
        [
            str(line.item.pk),
            line.item.version,
            [[str(each.paper.pk), each.pdf and str(each.pdf.pk)] for each in line.papers],
        ]
        for line in lines
    ]
    return hashlib.sha256(json.dumps([meeting.version, made_of]).encode()).hexdigest()


@transaction.atomic
def ask(meeting, *, by, lines, whole, runs, anew=False):
    """Ask for the pack, or for its supplement, for whoever sees what `by` sees (whole), or for the open items.

    lines: the agenda as `by` sees it. runs: whether `by` runs the meeting; others ask for their own, with what is
    restricted, once there is a pack of the open items. anew: the packs that this audience has give way to a new one.
    Returns the job. Raises ValidationError, and PermissionDenied for who may not ask for it.
    """
    Meeting._base_manager.select_for_update(of=("self",)).get(pk=meeting.pk)
    restricted = restricted_for(by, meeting) if whole else []
    if any(read_until(by, line.item.folder_id) for line in lines):
        raise PermissionDenied("pack.ask")
    rows = Pack.objects.unscoped("of the audience of who asks").filter(meeting=meeting, ended_at=None)
    if not runs and (not restricted or anew):
        raise PermissionDenied("pack.ask")
    if not runs and not rows.filter(restricted=[], document__isnull=False).exists():
        raise ValidationError(WAIT_FOR_OPEN)
    lines = lines_for(restricted, lines)
    if not lines:
        raise ValidationError(NO_ITEMS)
    mine = rows.filter(restricted=restricted)
    list(mine.select_for_update(of=("self",)))  # `keep` of one that is being drawn comes before all this, or after it
    if anew:
        mine.exclude(document=None).update(ended_at=timezone.now())
    made = list(mine.exclude(document=None).order_by("number"))
    if made and not new_since(made, lines):
        raise ValidationError(NOTHING_NEW)
    first = next((line.item for line in lines if line.item.pk in restricted[:1]), None)
    place = {"number": len(made), "first_page": made[-1].last_page + 1 if made else 1}
    pack = mine.filter(document=None).first()  # one that is being drawn, or was given up
    if pack is None:
        folder = first.folder_id if first else meeting.folder_id
        pack = Pack.objects.create(meeting=meeting, folder_id=folder, restricted=restricted, made_by=by, **place)
    elif pack.number != place["number"]:
        mine.filter(pk=pack.pk).update(**place)
    return jobs.ask(JOB, pack, by=by)


def series_of(pack) -> list[Pack]:
    """The pack and the supplements before this one, of its audience; whoever asks sees all that they are made of."""
    rows = Pack.objects.unscoped("of the same audience").filter(
        meeting=pack.meeting_id, restricted=pack.restricted, ended_at=None, number__lt=pack.number
    )
    return list(rows.exclude(document=None).order_by("number"))


def new_since(made, lines) -> list:
    """(line, paper line) of the papers whose PDF, as it is now, stands in none of these packs."""
    held = {version for pack in made for *_, version in pack.pages if version}
    return [(line, each) for line in lines for each in line.papers if each.pdf and str(each.pdf.pk) not in held]


def marking_of(meeting, lines) -> str:
    """The highest marking of what is in it; whatever is of a sealed folder is OFFICIAL-SENSITIVE."""
    sensitive = meeting.folder.sealed or any(line.item.restricted for line in lines)
    sensitive |= any(
        each.version.document.marking == Marking.SENSITIVE for line in lines for each in line.papers if each.pdf
    )
    return Marking.SENSITIVE if sensitive else Marking.OFFICIAL


def keep(pack, payload, *, by):
    """Keep what was drawn (boards.agenda.drawing), in one transaction with the end of its job.

    While a supplement was drawn its row may have become that of a whole pack anew (`ask`): it is not kept then.
    """
    row = lock(pack)
    if (row.number, row.first_page) != (payload.number, payload.first_page):
        return jobs.Refused(row.pk, ANEW)
    version = keep_document(
        payload.content, folder=pack.folder, title="Pack of a meeting", name="Pack.pdf",
        content_type="application/pdf", marking=payload.marking, by=by, kind=KIND, apart=True,
    )  # fmt: skip
    row.document, row.pages, row.last_page = version.document, payload.pages, payload.last_page
    row.made_of, row.made_by, row.made_at = payload.made_of, by, timezone.now()
    row.save(update_fields=["document", "pages", "last_page", "made_of", "made_by", "made_at"])
    record("agenda_pack_made", by=by, obj=row, number=row.number)
    return row.pk


def name_for(user, pack) -> str:
    """What the file of a pack is called for this reader, who sees all that is in it: a mixed-up attachment shows."""
    items = Item.objects.visible_to(user).filter(meeting=pack.meeting_id, removed_at=None)
    numbers = [number for number, item in numbered(items) if item.pk in pack.restricted]
    part = " ".join(["with restricted items", *numbers]) if pack.restricted else "open items"
    supplement = f" supplement {pack.number}" if pack.number else ""
    return f"Pack {pack.meeting.day:%Y-%m-%d}{supplement} {part}.pdf"


def file_of(pack) -> Version:
    """The file of a pack; the page has asked whether this reader may have it."""
    return (
        Version.objects.unscoped("its page asked: seen_by, why_not")
        .select_related("document")
        .get(document=pack.document_id)
    )
