"""What the one search finds of boards: groups, challenges, meetings, items, minutes, decisions.

A row that lies in a restricted item's folder says nothing of its meeting to whoever may not see that: the meeting's
title and day are asked for by its own row rule. That words of minutes were shown is an event of their folders.
"""

from django.db.models import OuterRef, Subquery
from django.db.models.fields.json import KT
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from boards.models import Challenge, Decision, Edition, Group, Item, Meeting, Minute, Part
from partnership.access.called import called
from partnership.access.rows import allowing
from partnership.access.scope import show_folders
from partnership.access.searching import Hit, Source, cut_of, holding, register_search
from partnership.people.roles import Perm
from partnership.people.words import Words

NEWEST = "which edition is the newest; the part itself was let through"


def find_groups(user, query, cut):
    """By name and purpose; those that have ended too."""
    rows = allowing(Group, user, Perm.GROUP_VIEW).select_related("folder")
    rows = holding(rows, query, words=Words("folder__title", "purpose"))
    found, total = cut_of(rows, cut)
    return [_group(row) for row in found], total


def _group(row):
    where = (row.get_kind_display(), *(("Has ended",) if row.over else ()))
    return Hit(row.name, reverse("boards:group", args=[row.pk]), row.purpose, where=where)


def find_challenges(user, query, cut):
    """By what they are about, and by their code word."""
    rows = Challenge.objects.visible_to(user).select_related("agency", "challenged")
    rows = holding(rows, query, words=Words("case_word", "subject"))
    found, total = cut_of(rows, cut)
    return [_challenge(row) for row in found], total


def _challenge(row):
    url = reverse("boards:challenge", args=[row.pk])
    where = (row.case_word, f"{row.agency.name} to {row.challenged.name}", row.get_status_display())
    return Hit(row.subject, url, when=row.raised_at, where=where)


# --- meetings ---------------------------------------------------------------------------------------------------------


def find_meetings(user, query, cut):
    rows = Meeting.objects.visible_to(user).annotate(_called=called(user))
    found, total = cut_of(holding(rows, query, words=Words("title", "place")).order_by("-starts_at", "pk"), cut)
    return [_meeting(row) for row in found], total


def _meeting(row):
    where = tuple(filter(None, (row._called, row.get_status_display(), row.place)))
    return Hit(row.title, reverse("boards:meeting", args=[row.pk]), when=row.starts_at, where=where)


def find_items(user, query, cut):
    rows = Item.objects.visible_to(user).filter(removed_at=None)
    found, total = cut_of(_with_meeting(user, holding(rows, query), "meeting").order_by("-changed_at", "pk"), cut)
    return [_item(row) for row in found], total


def _item(row):
    return Hit(row.title, reverse("boards:item", args=[row.pk]), row.about, *_of_meeting(row))


def find_minutes(user, query, cut):
    """Of the newest edition of each meeting, item by item: members read editions, and no earlier one is looked into."""
    later = Edition.objects.unscoped(NEWEST).filter(meeting=OuterRef("edition__meeting")).order_by("-number")
    rows = Part.objects.visible_to(user).filter(edition=Subquery(later.values("pk")[:1]))
    rows = _with_meeting(user, holding(rows, query), "edition__meeting")
    rows = rows.annotate(_title=KT("content__title"), _text=KT("content__text")).defer("content")
    found, total = cut_of(rows.order_by("-edition__made_at", "position", "pk"), cut)
    show_folders({row.folder_id for row in found})
    return [_part(row) for row in found], total


def _part(row):
    when, where = _of_meeting(row)
    if row._meeting:
        url = reverse("boards:minutes", args=[row._meeting["pk"]])
    else:  # of a restricted item: whoever was let in to that alone reads it on its own page
        url = reverse("boards:item", args=[row.item_id])
    return Hit(row._title or "Minutes", url, row._text or "", when, where)


def find_drafts(user, query, cut):
    """Minutes while they are written, for those who write and check them; afterwards their editions are found."""
    rows = Minute.objects.visible_to(user).exclude(item__meeting__minutes_status__in=Meeting.CLOSED_MINUTES)
    rows = _with_meeting(user, holding(rows, query), "item__meeting").select_related("item")
    found, total = cut_of(rows.order_by("-changed_at", "pk"), cut)
    show_folders({row.folder_id for row in found})
    return [_draft(row) for row in found], total


def _draft(row):
    when, where = _of_meeting(row)
    return Hit(row.item.title, reverse("boards:item", args=[row.item_id]), row.text, when, ("Draft", *where))


def find_decisions(user, query, cut):
    rows = Decision.objects.visible_to(user).filter(taken_back_at=None)
    found, total = cut_of(_with_meeting(user, holding(rows, query), "meeting").order_by("-made_on", "pk"), cut)
    return [_decision(row) for row in found], total


def _decision(row):
    _, where = _of_meeting(row)
    said = " ".join(filter(None, (row.reason, row.dissent, row.answer)))
    return Hit(row.text, reverse("boards:item", args=[row.item_id]), said, row.made_on, where)


def _with_meeting(user, rows, path):
    """`_meeting`: what this reader may know of the meeting, None where that is nothing."""
    meetings = Meeting.objects.visible_to(user).filter(pk=OuterRef(path)).order_by()
    facts = JSONObject(pk="pk", title="title", starts_at="starts_at")
    return rows.annotate(_meeting=Subquery(meetings.values(said=facts)[:1]), _called=called(user))


def _of_meeting(row) -> tuple:
    """(when it was, where it stands), of what this reader may know."""
    if not row._meeting:
        return None, tuple(filter(None, (row._called,)))
    starts_at = parse_datetime(row._meeting["starts_at"])
    return timezone.localtime(starts_at), tuple(filter(None, (row._meeting["title"], row._called)))


def register():
    register_search(Source("groups", "Groups", 25, Perm.GROUP_VIEW, find_groups))
    register_search(Source("challenges", "Professional challenges", 70, Perm.CHALLENGE_LIST, find_challenges))
