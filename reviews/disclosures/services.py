"""Writes to requests for material and to contact with family and witnesses. A stale edit is refused."""

import itertools

from django.core.exceptions import ValidationError
from django.db import transaction

from partnership.access.edits import as_read, change
from partnership.trail.services import record
from reviews.disclosures.reads import contact_is_held
from reviews.models import Disclosure, FamilyContact

REQUEST = ("kind", "body", "asked_by", "asked_on", "what", "basis", "due_on")
DECISION = ("answer", "decided_by", "decided_on", "reasons")
LEFT = ("left", "left_how", "left_on", "left_agreed")
CONTACT = ("whom", "planned_on", "why", "agreed_by", "agreed_on", "done_on", "outcome")
OUT_OF_ORDER = "A request is asked first, then decided about, and only then does something leave. Check the days."
DUE_FIRST = "The answer cannot be due before it was asked for. Check the days."
EARLY = "The day it happened lies before the day of the agreement. Check both days; if they are right, tick this."
HELD = (
    "A proceeding beside the review holds contact with family and witnesses: record first who leads it and agreed, by "
    "post, and on which day. Without that nobody is contacted."
)


@transaction.atomic
def add_request(review, *, by, **facts) -> Disclosure:
    """Raises ValidationError for an answer that is due before it was asked for."""
    _due_after(facts.get("due_on"), facts["asked_on"])
    row = Disclosure.objects.create(folder_id=review.folder_id, review=review, changed_by=by, **facts)
    record("disclosure_asked", by=by, obj=row, kind=row.kind)
    return row


@transaction.atomic
def change_request(row, *, by, version, **facts) -> Disclosure:
    """Raises Stale when somebody changed it since `version`, ValidationError for days out of order."""
    _in_order(row, facts)
    _due_after(facts.get("due_on", row.due_on), facts.get("asked_on", row.asked_on))
    return change(row, "disclosure_changed", by=by, version=version, facts=facts)


@transaction.atomic
def decide_request(row, *, by, version, **facts) -> Disclosure:
    """Say what is given and why. Raises Stale; ValidationError once something has left and would not be covered."""
    row = as_read(row, version)
    _in_order(row, facts)
    if row.left_on and facts["answer"] not in Disclosure.GIVEN:
        raise ValidationError({"answer": "Material has left already: what was given cannot be refused any more."})
    return change(row, "disclosure_decided", by=by, version=version, facts=facts, answer=facts["answer"])


@transaction.atomic
def record_left(row, *, by, version, files, **facts) -> Disclosure:
    """Say what left, how and with whose agreement. files: versions of this case; words serve where there are none.

    Raises Stale; ValidationError unless it was decided to give, and where neither file nor words say what left.
    """
    row = as_read(row, version)
    if row.answer not in Disclosure.GIVEN:
        raise ValidationError("Nothing may leave before it is decided to give it, or part of it.")
    _in_order(row, facts)
    if any(each.folder_id != row.folder_id for each in files):
        raise ValueError("a file of another case")
    if not files and not facts["left"].strip():
        raise ValidationError({"left": "Choose the files that left, or say in words what left."})
    names = {each.pk for each in files}
    links = row.files.through.objects
    links.filter(disclosure=row).exclude(version_id__in=names).delete()
    links.bulk_create([row.files.through(disclosure=row, version_id=pk) for pk in names], ignore_conflicts=True)
    return change(row, "disclosure_left", by=by, version=version, facts=facts, always=True, files=names)


@transaction.atomic
def plan_contact(review, *, by, early=False, **facts) -> FamilyContact:
    """Raises ValidationError naming `agreed_by` while a proceeding holds contact and nobody's agreement is recorded.

    early: it is meant that it happened before the day of the agreement; else that is a ValidationError naming `early`.
    """
    _agreed(review.pk, facts)
    _not_early(facts.get("agreed_on"), facts.get("done_on"), early)
    row = FamilyContact.objects.create(folder_id=review.folder_id, review=review, changed_by=by, **facts)
    record("contact_planned", by=by, obj=row, agreed=bool(row.agreed_on))
    return row


@transaction.atomic
def change_contact(row, *, by, version, early=False, **facts) -> FamilyContact:
    """Change the plan or record what came of it. Raises Stale, and ValidationError as `plan_contact`."""
    row = as_read(row, version)
    if row.done_on is None:  # what has happened cannot be held any more: its words may be put right
        _agreed(row.review_id, {name: facts.get(name, getattr(row, name)) for name in CONTACT})
    _not_early(facts.get("agreed_on", row.agreed_on), facts.get("done_on", row.done_on), early or row.before_agreement)
    return change(row, "family_contact_changed", by=by, version=version, facts=facts)


def _in_order(row, facts):
    """Asked, then decided, then left; the words name the day that cannot be."""
    names = ("asked_on", "decided_on", "left_on")
    days = [(name, day) for name in names if (day := facts.get(name, getattr(row, name)))]
    for (before, first), (after, second) in itertools.pairwise(days):
        if second < first:
            raise ValidationError({after if after in facts else before: OUT_OF_ORDER})


def _due_after(due, asked):
    if due and due < asked:
        raise ValidationError({"due_on": DUE_FIRST})


def _not_early(agreed, done, early):
    if agreed and done and done < agreed and not early:
        raise ValidationError({"early": EARLY})


def _agreed(review_id, facts):
    if contact_is_held(review_id) and not (facts.get("agreed_by", "").strip() and facts.get("agreed_on")):
        raise ValidationError({"agreed_by": HELD})
