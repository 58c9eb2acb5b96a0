"""What the one search finds of meetings: items of agendas, minutes as they stand and while they are written, decisions.

A row that lies in a restricted item's folder says nothing of its meeting to whoever may not see that: the meeting's
title and day are asked for by its own row rule. That words of minutes were shown is an event of their folders.
"""

from django.db.models import Exists, OuterRef, Subquery
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce, JSONObject
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from boards.minutes import publishing
from boards.minutes.services import OPEN
from boards.models import Decision, Edition, Item, Meeting, Minute, Part
from partnership.access.called import called
from partnership.access.scope import show_folders
from partnership.access.searching import Hit, Source, cut_of, holding, register_search
from partnership.people.roles import Perm
from partnership.ui.dates import plain

NEWEST = "which edition is the newest; the part itself was let through"


def find_items(user, query, cut):
    rows = Item.objects.visible_to(user).filter(removed_at=None)
    found, total = cut_of(_with_meeting(user, holding(rows, query), "meeting").order_by("-changed_at", "pk"), cut)
    return [_item(row) for row in found], total


def _item(row):
    return Hit(row.title, reverse("boards:item", args=[row.pk]), row.about, _of_meeting(row))


def find_minutes(user, query, cut):
    """As they stand, item by item: members read editions, and what a later one says otherwise is not found."""
    whole = Edition.objects.unscoped(NEWEST).filter(meeting=OuterRef("edition__meeting"))
    whole = whole.exclude(kind=Edition.Kind.CORRECTED).order_by("-number").values("number")[:1]
    about = {"_about": Coalesce("item_id", "edition__meeting_id")}  # no item: of the meeting itself
    later = (
        Part.objects.unscoped(NEWEST)
        .alias(**about)
        .filter(_about=OuterRef("_about"), edition__number__gt=OuterRef("edition__number"))
    )
    rows = Part.objects.visible_to(user).alias(**about).filter(~Exists(later), edition__number__gte=Subquery(whole))
    rows = _with_meeting(user, holding(rows, query), "edition__meeting")
    rows = rows.annotate(_title=KT("content__title"), _text=KT("content__text")).defer("content")
    found, total = cut_of(rows.order_by("-edition__made_at", "position", "pk"), cut)
    show_folders({row.folder_id for row in found})
    return [_part(row) for row in found], total


def _part(row):
    if row._meeting:
        url = reverse("boards:minutes", args=[row._meeting["pk"]])
    else:  # of a restricted item: whoever was let in to that alone has a page of it, and none of the meeting
        url = reverse("boards:item", args=[row.item_id])
    return Hit(row._title or "Minutes", url, row._text or "", _of_meeting(row))


def find_drafts(user, query, cut):
    """Minutes while they are a draft, for those who write and check them; afterwards their editions are found."""
    rows = Minute.objects.visible_to(user).filter(item__meeting__minutes_status__in=OPEN)
    rows = _with_meeting(user, holding(rows, query), "item__meeting").select_related("item")
    found, total = cut_of(rows.order_by("-changed_at", "pk"), cut)
    show_folders({row.folder_id for row in found})
    return [_draft(row) for row in found], total


def _draft(row):
    url = reverse("boards:item", args=[row.item_id])
    return Hit(row.item.title, url, row.text, ("Being written", *_of_meeting(row)))


def find_published(user, query, cut):
    """What was published, in its newest edition: for everybody who signs in, without what only members read."""
    rows = publishing.listed().filter(replaced=False)
    found, total = cut_of(holding(rows, query).order_by("-published_at", "pk"), cut)
    return [_publication(row) for row in found], total


def _publication(row):
    meeting = row.edition.meeting
    said = (meeting.group.name, meeting.day_words)
    return Hit(f"Minutes of {meeting.title}", reverse("boards:publication", args=[row.pk]), row.words, said)


def find_decisions(user, query, cut):
    rows = Decision.objects.visible_to(user).filter(taken_back_at=None)
    found, total = cut_of(_with_meeting(user, holding(rows, query), "meeting").order_by("-made_on", "pk"), cut)
    return [_decision(row) for row in found], total


def _decision(row):
    said = " ".join(filter(None, (row.reason, row.dissent, row.answer)))
    return Hit(row.text, reverse("boards:decision_view", args=[row.pk]), said, (plain(row.made_on), *_of_meeting(row)))


def _with_meeting(user, rows, path):
    """`_meeting`: what this reader may know of the meeting, None where that is nothing."""
    meetings = Meeting.objects.visible_to(user).filter(pk=OuterRef(path)).order_by()
    facts = JSONObject(pk="pk", title="title", starts_at="starts_at")
    return rows.annotate(_meeting=Subquery(meetings.values(said=facts)[:1]), _called=called(user))


def _of_meeting(row) -> tuple:
    """Its title, its day and its group, of what this reader may know."""
    if not row._meeting:
        return tuple(filter(None, (row._called,)))
    starts_at = parse_datetime(row._meeting["starts_at"])
    said = (row._meeting["title"], plain(timezone.localdate(starts_at)), row._called)
    return tuple(dict.fromkeys(filter(None, said)))  # a meeting is often called as its group


def register():
    for source in (
        Source("items", "Items of agendas", 42, Perm.MEETING_VIEW, find_items),
        Source("decisions", "Decisions", 44, Perm.MEETING_VIEW, find_decisions),
        Source("minutes", "Minutes", 46, Perm.MEETING_VIEW, find_minutes),
        Source("published", "Published minutes", 47, Perm.GROUP_VIEW, find_published),
        Source("drafts", "Minutes that are being written", 48, Perm.MINUTES_WORK, find_drafts),
    ):
        register_search(source)
