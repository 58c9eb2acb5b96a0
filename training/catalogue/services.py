"""Every write of a course: adding it, changing it, putting it into the catalogue, offering it no longer.

Each asks for TRAINING_RUN on the course and writes its event with ids and field names alone. ValidationError is for
what people can put right, Stale where somebody was quicker.
"""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from partnership.access import edits
from partnership.access.models import FolderKind
from partnership.access.reach import reach_of
from partnership.access.rows import can
from partnership.access.services import open_folder, rename
from partnership.people.roles import Perm
from partnership.trail.services import record
from training.flow import COURSE
from training.models import Course
from training.office import training_of

NO_ROOM = "It takes more people than there are places. Enter more places, or a smaller number of people."
CIRCLE = "‘{}’ asks for this course first, itself or by another. Leave it out here."
BARE = "Say what it is about and whom it is for, then put it into the catalogue: both stand on its public page."


@transaction.atomic
def add(*, by, partnership, prerequisites=(), **facts) -> Course:
    """A course as a draft, with its folder under the partnership's training. facts: of Course, without status."""
    if not reach_of(by).holds_wide(Perm.TRAINING_RUN):
        raise PermissionDenied("course.add")
    _must_have_room(facts)
    top = training_of(partnership)
    folder = open_folder(kind=FolderKind.COURSE, title=facts["title"], partnership=partnership, by=by, parent=top)
    row = Course(folder=folder, changed_by=by, **facts)
    row.clean_fields(exclude=["folder", "changed_by"])
    row.save(force_insert=True)
    row.prerequisites.set(prerequisites)
    record("course_added", by=by, obj=row)
    return row


@transaction.atomic
def change(course, *, by, version, prerequisites, **facts) -> Course:
    """Change what is said of a course, and which courses come first. Events that are planned keep their numbers."""
    row = edits.as_read(course, version)
    must_run(row, by)
    _must_have_room(facts)
    _must_not_circle(row, prerequisites)
    before = set(row.prerequisites.values_list("pk", flat=True))
    others = before != {each.pk for each in prerequisites}
    row = edits.change(row, "course_changed", by=by, version=version, facts=facts, always=others)
    row.prerequisites.set(prerequisites)
    rename(row.folder, row.title, by=by)
    return row


@transaction.atomic
def offer(course, *, by) -> Course:
    """Put it into the catalogue, where everybody reads it. Raises ValidationError where its page would be bare."""
    if not (course.summary.strip() and course.audience.strip()):
        raise ValidationError(BARE)
    return COURSE.take(course, "offer", by=by)


@transaction.atomic
def withdraw(course, *, by) -> Course:
    """Offer it no longer. Its events that are open stay so; no other is opened."""
    return COURSE.take(course, "withdraw", by=by)


def must_run(row, by) -> None:
    """Raises PermissionDenied for who does not run this course or event."""
    if not can(by, Perm.TRAINING_RUN, row):
        raise PermissionDenied("training.run")


def _must_have_room(facts) -> None:
    if facts.get("capacity") is not None and facts.get("minimum", 0) > facts["capacity"]:
        raise ValidationError({"minimum": NO_ROOM})


def _must_not_circle(row, prerequisites) -> None:
    links = {}
    for course, first in Course.prerequisites.through.objects.values_list("from_course_id", "to_course_id"):
        links.setdefault(course, []).append(first)
    for each in prerequisites:
        seen, ahead = set(), [each.pk]
        while ahead:
            here = ahead.pop()
            if here == row.pk:
                raise ValidationError({"prerequisites": CIRCLE.format(each.title)})
            if here not in seen:
                seen.add(here)
                ahead += links.get(here, [])
