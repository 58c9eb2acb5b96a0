"""Writes to what a review found. Each holds the review, and nothing changes once the report was sent."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from partnership.access.flow import Stale, lock
from partnership.trail.services import record
from reviews.findings.reads import read_of
from reviews.findings.vocabulary import THEMES
from reviews.models import ReviewTheme
from reviews.services import must_be_open

CHANGED = "Somebody else changed this while you were typing."
REMOVED = "Somebody else took this off while you were typing."
WHY = "the service holds the review"


@transaction.atomic
def add(model, review, *, by, agencies=(), **facts):
    """Add a row of `model` at the end."""
    must_be_open(review)
    last = model.objects.unscoped(WHY).filter(review=review).aggregate(last=Max("position"))["last"] or 0
    row = model.objects.create(
        folder_id=review.folder_id, review=review, position=last + 1, changed_by=by, **_possible(facts)
    )
    row.agencies.set(agencies)
    record("finding_added", by=by, obj=row, kind=model._meta.verbose_name)
    return row


@transaction.atomic
def change(row, *, by, version, agencies=None, **facts):
    """Raises Stale when somebody changed it since `version` or took it off, or the report was sent."""
    must_be_open(row.review)
    row = lock(row)
    _must_stand(row, version)
    changed = [name for name, value in _possible(facts).items() if getattr(row, name) != value]
    ids = None if agencies is None else {each.pk for each in agencies}
    if ids is not None and ids != set(row.agencies.values_list("pk", flat=True)):
        row.agencies.set(ids)
        changed.append("agencies")
    if changed:
        for name in set(changed) - {"agencies"}:
            setattr(row, name, facts[name])
        row.version, row.changed_by, row.changed_at = version + 1, by, timezone.now()
        row.save()
        record("finding_changed", by=by, obj=row, kind=row._meta.verbose_name, fields=sorted(changed))
    return row


@transaction.atomic
def remove(row, *, by, version):
    """Take it off. Raises Stale as `change`."""
    must_be_open(row.review)
    row = lock(row)
    _must_stand(row, version)
    row.removed_at = timezone.now()
    row.save(update_fields=["removed_at"])
    record("finding_removed", by=by, obj=row, kind=row._meta.verbose_name)


@transaction.atomic
def move(row, *, by, up: bool):
    """One place up or down among those that stand; nothing where there is no such place."""
    must_be_open(row.review)
    standing = list(type(row).objects.unscoped(WHY).filter(review_id=row.review_id, removed_at=None))
    here = next((place for place, each in enumerate(standing) if each.pk == row.pk), None)
    if here is None:
        raise Stale(REMOVED)
    there = here - 1 if up else here + 1
    if not 0 <= there < len(standing):
        return
    standing[here], standing[there] = standing[there], standing[here]
    for place, each in enumerate(standing, start=1):
        if each.position != place:
            each.position = place
            each.save(update_fields=["position"])
    record("finding_moved", by=by, obj=row, kind=row._meta.verbose_name)


@transaction.atomic
def choose_themes(review, *, by, codes, local, read):
    """Set the themes. read: `reads.read_of` what the page showed. Raises Stale where they were changed since."""
    must_be_open(review)
    standing = list(ReviewTheme.objects.unscoped(WHY).filter(review=review))
    if read_of(standing) != read:
        raise Stale(CHANGED)
    had = {(row.code, row.words): row for row in standing}
    wanted = {*((code, "") for code in codes), *(("", words) for words in local)}
    if unknown := {code for code, _ in wanted - had.keys() if code} - THEMES.keys():
        raise ValidationError({"codes": f"No such theme: {', '.join(sorted(unknown))}."})
    if wanted == had.keys():
        return
    for key in had.keys() - wanted:
        had[key].delete()
    for code, words in sorted(wanted - had.keys()):
        ReviewTheme.objects.create(folder_id=review.folder_id, review=review, code=code, words=words, chosen_by=by)
    record("themes_chosen", by=by, obj=review, codes=sorted(codes))


def _must_stand(row, version):
    if row.removed_at:
        raise Stale(REMOVED)
    if row.version != version:
        raise Stale(CHANGED)


def _possible(facts) -> dict:
    if (start := facts.get("started_on")) and (end := facts.get("ended_on")) and end < start:
        raise ValidationError({"ended_on": "It cannot end before it began."})
    return facts
