"""The ladder of a round: the shipped one as data, laid when a round is planned, changed until a rung was sent."""

import re
import tomllib
from datetime import date
from functools import cache
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from audits.models import Reminder, Round, Rung
from partnership.access import edits
from partnership.access.flow import lock
from partnership.trail.services import record

FILE = Path(__file__).resolve().parent.parent / "data" / "ladder.toml"
FIELDS = ("name", "days", "subject", "words")
# What a placeholder stands for, in the words of the page on which a rung is changed.
PLACEHOLDERS = {
    "organisation": "the organisation’s name",
    "audit": "the title of the round",
    "deadline": "its own deadline, like ‘Friday 4 December 2026’",
    "days_late": "how many days it is late",
    "partnership": "the partnership’s name",
    "contact": "whom to ask, as the settings name it",
    "reached": "the posts that the reminder goes to, as the directory names them",
}
_PLACE = re.compile(r"\{([^{}]*)\}")
SENT = "This rung was sent already, so it stays as it was sent. Change the next one, or write to those who owe it."
CLOSED = "The round is closed: its ladder is kept as it was."


@cache
def _editions() -> list:
    return sorted(tomllib.loads(FILE.read_text())["edition"], key=lambda each: each["from"])


def shipped(day: date) -> dict:
    """The edition of the shipped ladder that holds on `day`; the first one before it began."""
    return next((each for each in reversed(_editions()) if each["from"] <= day), _editions()[0])


@transaction.atomic
def lay_ladder(round: Round, *, by=None) -> int:
    """Give a round the shipped ladder where it has none; returns how many rungs were laid. Safe to repeat."""
    lock(round)
    if Rung.objects.filter(round=round).exists():
        return 0
    edition = shipped(timezone.localdate())
    rungs = [
        Rung(
            round=round, position=place, source=edition["source"], changed_by=by,
            **each | {"words": each["words"].strip()},
        )
        for place, each in enumerate(edition["rung"], 1)
    ]  # fmt: skip
    Rung.objects.bulk_create(rungs)
    record("ladder_laid", by=by, obj=round, folder_id=round.pk, count=len(rungs))
    return len(rungs)


def sent(rungs) -> set:
    """The ids of those rungs of which a reminder is on record."""
    why = "whether a rung was sent is no word of any organisation"
    return set(Reminder.objects.unscoped(why).filter(rung__in=rungs).values_list("rung_id", flat=True))


@transaction.atomic
def change_rung(rung, *, by, version, **facts) -> Rung:
    """Change a rung that was not sent. facts: of FIELDS. Raises Stale, ValidationError."""
    round = lock(rung.round)
    if round.status not in Round.LIVE:
        raise ValidationError(CLOSED)
    if sent([rung]):
        raise ValidationError(SENT)
    for name in ("subject", "words"):
        if name in facts and (unknown := unknown_places(facts[name])):
            raise ValidationError({name: _unknown(unknown)})
    if "subject" in facts:
        facts["subject"] = " ".join(facts["subject"].split())
    if "days" in facts:
        _in_order(rung, facts["days"])
    return edits.change(rung, "rung_changed", by=by, version=version, facts=facts, folder_id=rung.round_id)


def _in_order(rung, days):
    others = Rung.objects.filter(round=rung.round_id).exclude(pk=rung.pk)
    before = others.filter(position__lt=rung.position).order_by("-position").first()
    after = others.filter(position__gt=rung.position).order_by("position").first()
    if before and days <= before.days:
        raise ValidationError({"days": f"‘{before.name}’ stands before it and leaves {in_words(before.days)}."})
    if after and days >= after.days:
        raise ValidationError({"days": f"‘{after.name}’ stands after it and leaves {in_words(after.days)}."})


def in_words(days: int) -> str:
    """'10 days before the deadline', 'on the day of the deadline', '1 day after the deadline'."""
    if days == 0:
        return "on the day of the deadline"
    many = f"{abs(days)} day{'' if abs(days) == 1 else 's'}"
    return f"{many} {'before' if days < 0 else 'after'} the deadline"


def unknown_places(text: str) -> list[str]:
    """The placeholders of a text that nothing fills in."""
    return [name for name in dict.fromkeys(_PLACE.findall(text)) if name not in PLACEHOLDERS]


def _unknown(names) -> str:
    said = ", ".join(f"{{{name}}}" for name in names)
    return f"Nothing fills in {said}. Use those named beside the form, or write it without the brackets."


def filled(text: str, facts: dict) -> str:
    """A text with its placeholders filled in; a bracket that names none of `facts` stays as it is."""
    return _PLACE.sub(lambda found: str(facts.get(found[1], found[0])), text)
