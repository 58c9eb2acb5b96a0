"""Editions of minutes: what a meeting's rows say, gathered, written once, read by each reader as the row rule gives.

A part is JSON. Of the meeting itself: {"title", "group", "day", "day_said", "from", "until", "place", "quorum",
"present", "deputies", "attending", "apologies", "absent"}, each of the last five a list of {"name", "post",
"organisation", "chairs", "for"}; of minutes from before the portal also "document", the file that they are. Of an item:
{"title", "purpose", "text", "decisions": [{"id", "text", "reason", "dissent", "how", "quorate"}], "actions": [{"id",
"reference", "what", "who", "organisation", "due"}], "interests": [{"who", "words", "effect"}]}. Days are ISO.
"""

import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from boards.attending.quorum import THERE, quorate
from boards.attending.rows import rows_of
from boards.models import Attendance, Decision, Edition, Interest, Item, Minute, Part, Seat
from partnership.access.scope import show_folders
from partnership.actions.models import Action
from partnership.trail.services import record

ALL = "an edition holds every item, also one whose folder its maker does not see; nothing of it is shown here"
A, T = Attendance.Mark, Edition.Kind
LISTS = ("present", "deputies", "attending", "apologies", "absent")


@dataclass(frozen=True)
class Draft:
    """What becomes a part. item: its id; None for the meeting itself."""

    folder_id: object
    item: object
    position: int
    content: dict


# --- what the rows say ------------------------------------------------------------------------------------------------


def content(meeting, *, user=None) -> list[Draft]:
    """The parts that an edition of today would have, the meeting's own first; eleven queries however many items.

    user: only what this person may see, for the draft on their page; None: all of it, for an edition. The meeting comes
    with its group's folder, if it has one.
    """

    def rows(model):
        return model.objects.visible_to(user) if user else model.objects.unscoped(ALL)

    came = list(rows(Attendance).filter(meeting=meeting).select_related("user", "agency", "stood_in", "seat"))
    items = list(rows(Item).filter(meeting=meeting, removed_at=None).order_by("position", "id"))
    found = {item.pk: _nothing_yet(item) for item in items}
    for row in rows(Minute).filter(item__in=found):
        found[row.item_id]["text"] = row.text
    for row in rows(Decision).filter(item__in=found, taken_back_at=None).order_by("number"):
        found[row.item_id]["decisions"].append(of_decision(row))
    for row in rows(Interest).filter(item__in=found).select_related("user"):
        found[row.item_id]["interests"].append(_of_interest(row))
    for item, row in _actions(rows(Action), items, meeting):
        found[item]["actions"].append(_of_action(row))
    head = Draft(meeting.folder_id, None, 0, _of_meeting(meeting, came))
    return [head, *(Draft(item.folder_id, item.pk, n, found[item.pk]) for n, item in enumerate(items, 1))]


def content_of_meeting(meeting) -> dict:
    """The meeting's own part alone, as its rows say it now."""
    rows = Attendance.objects.unscoped(ALL).filter(meeting=meeting)
    return _of_meeting(meeting, list(rows.select_related("user", "agency", "stood_in", "seat")))


def _nothing_yet(item) -> dict:
    purpose = item.get_purpose_display()
    return {"title": item.title, "purpose": purpose, "text": "", "decisions": [], "actions": [], "interests": []}


def of_decision(row) -> dict:
    said = {name: getattr(row, name) for name in ("text", "reason", "dissent", "quorate")}
    return {"id": str(row.pk), "how": row.get_how_display()} | said


def _of_interest(row) -> dict:
    who = row.user.name if row.user_id else row.name
    return {"who": who, "words": row.words, "effect": row.get_effect_display()}


def _actions(rows, items, meeting):
    """(item id, action) of the actions that arose under an item; of an open item none that is sensitive."""
    folders = {item.pk: item.folder_id for item in items}
    rows = rows.filter(source_kind=Item._meta.label_lower, source_id__in=folders, parent=None)
    rows = rows.exclude(status=Action.Status.TAKEN_BACK).select_related("owner", "agency")
    for row in rows.order_by("agreed_on", "reference"):
        if row.folder_id == folders[row.source_id] or (row.folder_id == meeting.folder_id and not row.sensitive):
            yield row.source_id, row


def _of_action(row) -> dict:
    return {
        "id": str(row.pk),
        "reference": row.reference,
        "what": row.what,
        "who": row.owner.name if row.owner_id else row.owner_words,
        "organisation": row.agency.name if row.agency_id else "",
        "due": row.due_on.isoformat() if row.due_on else "",
    }


def _of_meeting(meeting, came) -> dict:
    local = timezone.localtime(meeting.starts_at)
    until = timezone.localtime(meeting.ends_at) if meeting.ends_at else None
    return {
        "title": meeting.title,
        "group": meeting.group.name if meeting.group_id else "",
        "day": meeting.day.isoformat(),
        "day_said": meeting.day_words,
        "from": "" if meeting.day_only else f"{local:%H:%M}",
        "until": f"{until:%H:%M}" if until and not meeting.day_only else "",
        "place": meeting.place,
        "quorum": _quorum(meeting, came),
    } | who_was_there(came)


def who_was_there(came) -> dict:
    """The lists of the meeting's part, of Attendance rows with their user, agency and deputy."""
    found = {name: [] for name in LISTS}
    for row in came:
        if where := _place(row):
            found[where].append(_person(row))
    for rows in found.values():
        rows.sort(key=lambda each: (not each["chairs"], each["organisation"].casefold(), each["name"].casefold()))
    return found


def _place(row) -> str:
    """In which list a row stands; nothing for a seat that did not apply, or that nobody marked."""
    by_seat = row.seat_id is not None and row.standing == Seat.Standing.MEMBER
    return {
        A.PRESENT: "present" if by_seat else "attending",
        A.OBSERVER: "attending",
        A.DEPUTY: "deputies",
        A.APOLOGIES: "apologies",
        A.ABSENT: "absent",
    }.get(row.mark, "")


def _person(row) -> dict:
    name = row.name or (row.user.name if row.user_id else "")
    found = {"name": name, "post": row.post, "chairs": row.chairs, "for": ""}
    found["organisation"] = row.agency.name if row.agency_id else row.organisation
    if row.mark == A.DEPUTY:
        found["name"] = row.stood_in.name if row.stood_in_id else row.stood_in_words
        found["for"] = name or row.post
    return found


def _quorum(meeting, came) -> str:
    """Whether the group's own rule was met; where it keeps none, how many of the seats that count were there."""
    ok = quorate(meeting, rows_of(meeting)).ok
    if ok is not None:
        return "The meeting was quorate." if ok else "The meeting was not quorate."
    seats = [
        row
        for row in came
        if row.seat_id and row.standing == Seat.Standing.MEMBER and row.voting != Seat.Voting.NO
        and row.mark not in ("", A.NOT_APPLICABLE)
    ]  # fmt: skip
    there = sum(row.mark in THERE for row in seats)
    if not seats:
        return ""
    return f"{there} of {len(seats)} members were there or had a deputy there."


# --- writing ----------------------------------------------------------------------------------------------------------


def make(meeting, kind, *, by, drafts, reason="", folder_id=None) -> Edition:
    """Write an edition in the caller's transaction, which has locked the meeting.

    drafts: its parts. folder_id: of an edition that corrects a restricted item, that item's; else the meeting's.
    """
    with transaction.atomic():
        rows = Edition.objects.unscoped("the next number, over all editions").filter(meeting=meeting)
        number = (rows.aggregate(last=Max("number"))["last"] or 0) + 1
        edition = Edition.objects.create(
            folder_id=folder_id or meeting.folder_id, meeting=meeting, number=number, kind=kind, reason=reason,
            sha256=digest(drafts), made_by=by,
        )  # fmt: skip
        Part.objects.bulk_create(
            Part(folder_id=each.folder_id, edition=edition, item_id=each.item, position=each.position,
                 content=each.content)
            for each in drafts
        )  # fmt: skip
        record("minutes_edition", by=by, obj=edition, kind=str(kind), sha256=edition.sha256)
    return edition


def digest(drafts) -> str:
    """sha256 of the parts in order, as canonical JSON."""
    said = [[str(each.item or ""), each.position, each.content] for each in drafts]
    text = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def drafts_of(parts) -> list[Draft]:
    """Parts as they can be written again: what was checked is what is agreed."""
    return [Draft(row.folder_id, row.item_id, row.position, row.content) for row in parts]


# --- reading ----------------------------------------------------------------------------------------------------------


@dataclass
class Line:
    """A part as a page draws it. number: '3' or 'R1' among those that the reader sees; empty for the meeting itself."""

    number: str
    part: Part
    restricted: bool

    @property
    def said(self) -> dict:
        return self.part.content


@dataclass
class Reading:
    """An edition as one reader has it. place: which one it is of those that this reader sees. newest: whether none
    came after it."""

    edition: Edition
    place: int
    newest: bool
    head: dict
    lines: list
    editions: list

    @property
    def part_ids(self) -> list:
        return [line.part.pk for line in self.lines]


def reading(user, meeting, edition=None) -> Reading | None:
    """The newest edition that `user` may read, or `edition` of those; None where there is none. Two queries."""
    rows = Edition.objects.visible_to(user).filter(meeting=meeting).select_related("made_by").order_by("number")
    editions = list(rows)
    for place, each in enumerate(editions, 1):
        each.place = place
    chosen = editions[-1] if edition is None and editions else next((e for e in editions if e == edition), None)
    if chosen is None:
        return None
    parts = Part.objects.visible_to(user).filter(edition__in=layers_of(editions, chosen)).order_by("edition__number")
    lines = lines_of(laid_over(parts), meeting)
    show_folders({line.part.folder_id for line in lines if line.restricted})
    head = next((line.said for line in lines if line.part.item_id is None), {})
    return Reading(chosen, chosen.place, chosen == editions[-1], head, lines, editions[::-1])


def layers_of(editions, chosen) -> list:
    """The whole edition on which `chosen` stands, and the corrections of it up to `chosen`."""
    until = [each for each in editions if each.number <= chosen.number]
    whole = [each for each in until if each.kind != T.CORRECTED][-1:]
    if chosen.kind != T.CORRECTED:
        return whole
    return whole + [each for each in until if each.kind == T.CORRECTED]


def laid_over(parts) -> list[Part]:
    """Of parts in the order of their editions the last of each item, in the order of the minutes."""
    found = {part.item_id: part for part in parts}
    return sorted(found.values(), key=lambda part: (part.position, str(part.pk)))


def lines_of(parts, meeting) -> list[Line]:
    """Open items are numbered without the restricted ones, so that no number is missing to anybody."""
    found, counts = [], defaultdict(int)
    for part in parts:
        restricted = part.folder_id != meeting.folder_id
        if part.item_id is None:
            found.append(Line("", part, restricted))
            continue
        counts[restricted] += 1
        found.append(Line(f"{'R' if restricted else ''}{counts[restricted]}", part, restricted))
    return found


def whole_as_it_stands(meeting) -> list[Part]:
    """Every part as the newest editions have it, for the writing of the next one."""
    editions = list(Edition.objects.unscoped(ALL).filter(meeting=meeting).order_by("number"))
    if not editions:
        return []
    until = layers_of(editions, editions[-1])
    return laid_over(Part.objects.unscoped(ALL).filter(edition__in=until).order_by("edition__number"))


def newest(meeting) -> Edition | None:
    return Edition.objects.unscoped("which one is the newest").filter(meeting=meeting).order_by("-number").first()
