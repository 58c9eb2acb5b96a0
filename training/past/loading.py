"""The training of 2017/18 and 2018/19, from data/years.toml: once, as rows like any other.

Not a part of `portal_setup`: its people are made up, and a partnership may do without them.
"""

import tomllib
from datetime import date, datetime, time, timedelta
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from simple_history.utils import bulk_create_with_history

from partnership.access.models import Folder, FolderKind
from partnership.people.models import Agency, AgencyKind, Area, Partnership
from partnership.trail.models import new_id
from partnership.trail.services import record
from training import questions
from training.models import Booking, Completion, Course, Evaluation, Event, Learner
from training.office import training_of
from training.past import allotting

FILE = Path(__file__).resolve().parent.parent / "data" / "years.toml"
LOADED = "Entered from an annual report"
NAME = "Invented person {:04}"
BEGINS, LENGTH = time(9, 30), timedelta(hours=6)
BEFORE = timedelta(days=42)  # so long before its event a place was booked
AGREES, DISAGREES = 5, 2


@transaction.atomic
def load(path=FILE) -> int:
    """Enter both years; returns how many events. 0: they are there, or the catalogue is not."""
    data = tomllib.loads(Path(path).read_text())
    partnership = Partnership.objects.select_for_update().order_by("pk").first()
    courses = {row.ref: row for row in Course.objects.exclude(ref="").select_related("folder")}
    wanted = {each["ref"] for each in [*data["course"], *data["online"]]}
    if partnership is None or wanted - courses.keys() or Event.objects.filter(source=data["source"]).exists():
        return 0
    top = training_of(partnership)
    learners = _learners(data, top)
    made, bookings = [], []
    for which, year in enumerate(data["years"]):
        events, people = _events(data, which, courses, learners)
        made += events
        bookings += [(booking, year) for booking in people]
    rows = [booking for booking, _ in bookings]
    Folder.objects.bulk_create((event.folder for event in made), batch_size=500)
    bulk_create_with_history(made, Event, batch_size=500, default_change_reason=LOADED)
    Booking.objects.bulk_create(rows, batch_size=1000)
    Completion.objects.bulk_create(_attended(rows), batch_size=1000)
    Completion.objects.bulk_create(_online(data, courses, learners, top), batch_size=1000)
    Evaluation.objects.bulk_create(_evaluations(data, bookings), batch_size=1000)
    record("training_years_taken_in", obj=top, events=len(made), delegates=len(rows))
    return len(made)


def _learners(data, top) -> list[Learner]:
    """Nobody of today: each left on the last day of the last year."""
    whose = allotting.whose(_shares(data), data["learners"])
    left = date(data["years"][-1] + 1, 4, 1)
    rows = [
        Learner(folder=top, agency=agency, name=NAME.format(n), left_on=left, invented=True)
        for n, agency in enumerate(whose, 1)
    ]
    bulk_create_with_history(rows, Learner, batch_size=1000, default_change_reason=LOADED)
    return rows


def _shares(data) -> list[tuple[Agency, int]]:
    day = date(data["years"][0], 4, 1)
    shares = {slug: share for slug, share in data["shares"].items() if slug != "schools"}
    known = {row.slug: row for row in Agency.objects.on(day).filter(slug__in=shares)}
    found = [(known[slug], share) for slug, share in shares.items() if slug in known]
    schools = Agency.objects.on(day).filter(kind=AgencyKind.SCHOOL, areas__slug=data["area"])
    return found + [(row, 1) for row in schools.order_by("school__urn")[: data["shares"]["schools"]]]


def _events(data, which, courses, learners) -> tuple[list[Event], list[Booking]]:
    """The events of a year, the folder of each, and the places of those who came. Who comes next to an event is the
    next of all people, so that nobody is at two in a year."""
    year, area = data["years"][which], Area.objects.filter(slug=data["area"]).first()
    events, bookings, at = [], [], 0
    for number, planned in enumerate(allotting.events(data["course"], which, year), 1):
        event = _event(data, courses[planned.ref], planned, f"Training {year}-{number:03}", area)
        events.append(event)
        people = learners[at : at + event.taken]
        at += event.taken
        bookings += [_booking(event, learner) for learner in people]
    return events, bookings


def _event(data, course, planned, reference, area) -> Event:
    pk, above = new_id(), course.folder
    folder = Folder(
        id=pk, kind=FolderKind.COURSE, title=course.title, partnership_id=above.partnership_id, parent=above,
        path=[*above.path, pk], reference=reference,
    )  # fmt: skip
    begins = timezone.make_aware(datetime.combine(planned.day, BEGINS))
    facts = {"status": Event.Status.DELIVERED, "taken": planned.people}
    if planned.people is None:
        facts = {"status": Event.Status.CANCELLED, "why_cancelled": data["why_cancelled"], "cancelled_at": begins}
    places = max(course.capacity or 0, planned.people or 0)
    return Event(
        folder=folder, course=course, area=area, starts_at=begins, ends_at=begins + LENGTH, capacity=places,
        minimum=min(course.minimum, places), source=data["source"], **facts,
    )  # fmt: skip


def _booking(event, learner) -> Booking:
    return Booking(
        id=new_id(), folder_id=event.folder_id, event=event, agency_id=learner.agency_id, learner=learner,
        name=learner.name, status=Booking.Status.BOOKED, made_at=event.starts_at - BEFORE,
        attended=Booking.Attended.PRESENT, marked_at=event.ends_at,
    )  # fmt: skip


def _attended(bookings):
    for row in bookings:
        yield Completion(
            folder_id=row.folder_id, agency_id=row.agency_id, learner=row.learner, course_id=row.event.course_id,
            how=Completion.How.ATTENDED, completed_on=timezone.localdate(row.event.starts_at),
            hours=row.event.course.hours, booking=row, said_at=row.event.ends_at,
        )  # fmt: skip


def _online(data, courses, learners, top):
    """Each course is begun with other people, evenly over the year."""
    for turn, each in enumerate(data["online"]):
        course = courses[each["ref"]]
        for year, many in zip(data["years"], each["completed"], strict=True):
            for n in range(many):
                learner = learners[(n + turn * len(learners) // 5) % len(learners)]
                day = date(year, 4, 1) + timedelta(days=n * 364 // many)
                yield Completion(
                    folder=top, agency_id=learner.agency_id, learner=learner, course=course,
                    how=Completion.How.E_LEARNING, completed_on=day, hours=course.hours,
                    said_at=timezone.make_aware(datetime.combine(day, BEGINS)),
                )  # fmt: skip


def _evaluations(data, bookings):
    """Everybody who came in that year is asked; so many of a hundred answer, of whom as many agree as is printed."""
    edition = questions.edition()
    for each in data["evaluation"]:
        asked = [row for row, year in bookings if year == each["year"]]
        places = sorted(allotting.replies(len(asked), each["replied"]))
        answered = {place: n for n, place in enumerate(places)}
        agree = {
            question: allotting.agreeing(len(places), percent, turn)
            for turn, (question, percent) in enumerate(each["percent"].items())
        }
        for place, row in enumerate(asked):
            at = row.event.ends_at + timedelta(days=each["asked_after_days"])
            replied = place in answered
            scores = (
                {key: AGREES if answered[place] in some else DISAGREES for key, some in agree.items()}
                if replied
                else {}
            )
            yield Evaluation(
                folder_id=row.folder_id, learner=row.learner, booking=row, stage=each["stage"], edition=edition.name,
                scores=scores, asked_at=at, due_on=timezone.localdate(at) + timedelta(days=each["open_days"]),
                answered_at=at + timedelta(days=2) if replied else None,
            )  # fmt: skip
