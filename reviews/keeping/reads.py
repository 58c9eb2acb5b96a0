"""What a case keeps, until when and by which rule. Every function takes the user first."""

from dataclasses import dataclass
from datetime import date

from partnership.deadlines.registry import rule_in_force
from partnership.deadlines.rules import london_date
from partnership.deadlines.shapes import Rule
from partnership.trail.models import Event
from reviews.keeping import drafts
from reviews.models import LegalHold


def held_back(user, review) -> bool:
    """Whether a legal hold stands on the case."""
    return LegalHold.objects.visible_to(user).filter(review=review, lifted_at=None).exists()


def holds(user, review):
    """Those that stand first, then the newest."""
    rows = LegalHold.objects.visible_to(user).filter(review=review).select_related("set_by", "lifted_by")
    return sorted(rows, key=lambda row: (not row.stands, -row.set_at.timestamp()))


@dataclass(frozen=True)
class Kept:
    """One kind of draft: how many there are, the last day of the first that goes (None: not known yet), its rule."""

    words: str
    number: int
    until: date | None
    rule: Rule


@dataclass(frozen=True)
class Gone:
    """What was disposed of, from the trail: numbers only."""

    words: str
    count: int
    on: date


def kept(user, review, *, today) -> list[Kept]:
    """The kinds of drafts of a case. Counts alone: the page has asked for REVIEW_VIEW, and no row is shown."""
    found, days = [], drafts.Days(review)
    for kind in drafts.KINDS:
        rows = kind.lying(review)
        until = [day for row in rows if (day := kind.until(days, row))]
        rule = kind.own[1] if kind.own else drafts.AFTER_SIGNATURE
        found.append(Kept(kind.words, len(rows), min(until, default=None), rule_in_force(rule, today)))
    return found


def gone(user, review) -> list[Gone]:
    """The page has asked for REVIEW_VIEW; the events hold numbers and ids alone."""
    rows = Event.objects.filter(object_id=review.pk, verb="drafts_disposed").order_by("-pk")
    words = {kind.code: kind.words for kind in drafts.KINDS}
    return [
        Gone(words.get(row.data["code"], row.data["kind"]), row.data["count"], london_date(row.recorded_at))
        for row in rows
    ]
