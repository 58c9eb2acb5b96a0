"""The one writer of local editions: what a partnership sets for a rule whose number is local, or was not read."""

from dataclasses import replace
from datetime import date

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from partnership.deadlines import registry, rules
from partnership.deadlines.models import LocalEdition
from partnership.deadlines.rule_files import misplaced
from partnership.deadlines.rules import NoEditionInForce, Rule, UnknownRule
from partnership.deadlines.working_days import words
from partnership.trail.services import record

LOCK = 746573


def ground_of(code: str, on: date) -> Rule:
    """The shipped edition that a local one of that day would stand on.

    Raises UnknownRule, and ValidationError where none is in force or where its number was read in law or guidance.
    """
    try:
        ground = rules.rule(code, on)
    except UnknownRule:
        raise
    except NoEditionInForce:
        raise ValidationError({"effective_from": f"This rule is not in force on {words(on, year=True)}."}) from None
    if not ground.editable:
        raise ValidationError(
            f"From {words(ground.effective_from, year=True)} on this period was read in its source "
            f"({ground.edition}), so it cannot be set here."
        )
    return ground


@transaction.atomic
def add_edition(
    code: str,
    *,
    by,
    length: int | None,
    trigger: str,
    days: dict[str, int | None],
    effective_from: date,
    effective_to: date | None = None,
    source: str,
    reason: str,
    verified: bool = False,
    corrects: bool = False,
) -> LocalEdition:
    """Set a local edition of rule `code`. Clocks that run keep the edition under which they began.

    days: milestone code -> its working days, in the milestone's own place; None leaves the milestone out. verified:
    somebody read the number in the source itself. corrects: it puts the local edition of the same first day right.
    length: None only where the shipped edition has none either: what counts by itself has nobody to give the date.
    Raises UnknownRule, and ValidationError in plain words: a day in the past, dates that overlap another local edition
    (which is named), a number that was read in its source, a milestone beyond the period, an empty source or reason.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    ground = ground_of(code, effective_from)
    _whole(source=source, reason=reason, trigger=trigger)
    if effective_from < timezone.localdate():
        raise ValidationError(
            {"effective_from": "The first day must be today or later: what has begun keeps the edition it began under."}
        )
    if effective_to is not None and effective_to < effective_from:
        raise ValidationError({"effective_to": "The last day must not be before the first day."})
    if length is None and ground.length is not None:
        raise ValidationError(
            {"length": f"Enter a number of {ground.unit}: this period is counted, so nobody is asked for its date."}
        )
    milestones = _milestones(ground, length, days)
    replaced = _fits(code, effective_from, effective_to, corrects)
    earlier = LocalEdition.objects.filter(code=code).order_by("-number").first()
    row = LocalEdition(
        code=code,
        number=earlier.number + 1 if earlier else 1,
        length=length,
        unit=ground.unit,
        trigger=trigger.strip(),
        milestones=[each.as_data() for each in milestones],
        effective_from=effective_from,
        effective_to=effective_to,
        source=source.strip(),
        verified=verified,
        reason=reason.strip(),
        replaces=replaced,
        added_by=by,
    )
    row.save(force_insert=True)
    registry.forget()
    record("local_edition_added", by=by, obj=row, code=code, number=row.number)
    return row


def _whole(**texts):
    asks = {
        "source": "Enter where this is written: the document and its paragraph.",
        "reason": "Say why the partnership sets this.",
        "trigger": "Enter what starts the period.",
    }
    if empty := {name: asks[name] for name, text in texts.items() if not text.strip()}:
        raise ValidationError(empty)


def _milestones(ground, length, days):
    if length is not None and not 0 < length <= 5000:
        raise ValidationError({"length": "Enter a number from 1 to 5000."})
    days = {each.code: each.place[1] for each in ground.milestones} | days
    kept = [
        replace(each, **{each.place[0]: days[each.code]}) for each in ground.milestones if days[each.code] is not None
    ]
    wrong = {}
    for each in kept:
        place, number = each.place
        least = 0 if place == "before_due" else 1
        if not least <= number <= 5000:
            wrong[each.code] = f"‘{each.label}’: enter a number of working days from {least} on, or leave it empty."
    wrong |= dict(misplaced(replace(ground, length=length, milestones=tuple(kept))))
    if ground.milestones and not kept:
        raise ValidationError("Nobody would be told of this period. Keep at least one of the days.")
    if wrong:
        raise ValidationError({f"day_{code}": text for code, text in wrong.items()})
    return kept


def _fits(code, first, last, corrects) -> LocalEdition | None:
    """The edition that is put right, if any; raises ValidationError where the dates of two editions would overlap."""
    found = None
    for each in LocalEdition.objects.filter(code=code, replaced_by=None).order_by("effective_from"):
        name = f"The local edition {each.number}"
        if each.effective_from == first:
            if not corrects:
                raise ValidationError(
                    {
                        "effective_from": f"{name} begins on {words(first, year=True)} too. Choose another first day, "
                        "or say that this one puts it right."
                    }
                )
            found = each
        elif each.effective_from < first and each.effective_to is not None and each.effective_to >= first:
            until = words(each.effective_to, year=True)
            raise ValidationError({"effective_from": f"{name} holds until {until}. Choose a later first day."})
        elif each.effective_from > first and (last is None or last >= each.effective_from):
            begins = words(each.effective_from, year=True)
            raise ValidationError({"effective_to": f"{name} begins on {begins}. Enter a last day before it."})
    if corrects and found is None:
        raise ValidationError({"corrects": "No local edition begins on that day, so there is nothing to put right."})
    return found


def history_of(code: str) -> list[LocalEdition]:
    """Every local edition of a rule, newest first, those that were put right too."""
    rows = LocalEdition.objects.filter(code=code).select_related("added_by", "replaced_by").order_by("-number")
    return list(rows)


def days_now(code: str, on: date) -> dict[str, int]:
    """Milestone code -> its working days as they stand on a day: what the form of a new edition shows first."""
    try:
        return {each.code: each.place[1] for each in registry.rule_in_force(code, on).milestones}
    except NoEditionInForce:
        return {}
