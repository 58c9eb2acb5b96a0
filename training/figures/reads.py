"""What figures of training are counted from: numbers by event, course and organisation, never a person."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Count, F, IntegerField, Q, Value, When
from django.db.models.functions import TruncMonth
from django.utils import timezone

from partnership.access.reach import reach_of
from partnership.access.rows import powers
from partnership.actions.planning.rules import first_day, year_of
from partnership.people.models import Agency, Partnership
from partnership.people.roles import Perm
from training import questions
from training.evaluating.counting import that_count
from training.figures.years import moments
from training.models import Booking, Completion, Course, Evaluation, Event
from training.office import training_of

WHY = "counts of all places for readers of figures: no name and no small number leaves here (ui.small_numbers)"
CAME = (Booking.Attended.PRESENT, Booking.Attended.LATE, Booking.Attended.LEFT_EARLY)


@dataclass(frozen=True)
class Held:
    """One event. month: the first day of its month. state: of STATES."""

    pk: object
    course: object
    state: str
    area: str
    month: date
    why: str
    source: str


@dataclass(frozen=True)
class Some:
    """So many people of one organisation at one event, or so many e-learning completions of it in a month."""

    course: object
    agency: object
    many: int
    month: date
    event: object = None


DELIVERED, CANCELLED, AHEAD, UNCLOSED = "delivered", "cancelled", "ahead", "unclosed"


def places(user) -> list:
    return reach_of(user).places(Perm.TRAINING_FIGURES)


def reads_names(user) -> bool:
    """Whether `user` reads whose the places are: the business unit, by the folder of the training."""
    folders = [training_of(row) for row in Partnership.objects.filter(pk__in=places(user))]
    held = powers(user, folders)
    return bool(folders) and all(Perm.BOOKING_VIEW in held[folder.pk] for folder in folders)


def years(user) -> list[int]:
    """Those of which there is anything, the newest first; two questions."""
    events = _events(user).datetimes("starts_at", "month", tzinfo=timezone.get_current_timezone())
    online = _of_all(Completion, user, named=False).filter(how=Completion.How.E_LEARNING).dates("completed_on", "month")
    return sorted({year_of(day) for day in [*events, *online]}, reverse=True)


def events(user, year) -> list[Held]:
    """One question."""
    now, rows = timezone.now(), _within(_events(user), "starts_at", year)
    values = ("pk", "course_id", "status", "area__name", "starts_at", "why_cancelled", "source")
    return [
        Held(pk, course, _state(status, begins, now), area or "", _month(timezone.localdate(begins)), why, source)
        for pk, course, status, area, begins, why, source in rows.order_by("starts_at").values_list(*values)
    ]


def _state(status, begins, now) -> str:
    if status in (Event.Status.DELIVERED, Event.Status.CANCELLED):
        return str(status)
    return UNCLOSED if begins <= now else AHEAD


def delegates(user, year, *, named) -> list[Some]:
    """Who had a place and came, by event and organisation; one question."""
    rows = _within(_of_all(Booking, user, named=named), "event__starts_at", year).exclude(
        event__status=Event.Status.CANCELLED
    )
    rows = rows.filter(status=Booking.Status.BOOKED, attended__in=CAME).order_by()
    values = rows.values_list("event__course_id", "agency_id", "event__starts_at", "event_id").annotate(
        many=Count("pk")
    )
    return [
        Some(course, agency, many, _month(timezone.localdate(begins)), event)
        for course, agency, begins, event, many in values
    ]


def online(user, year, *, named) -> list[Some]:
    """E-learning that was completed, by course, organisation and month; one question."""
    rows = _of_all(Completion, user, named=named).filter(how=Completion.How.E_LEARNING)
    rows = rows.filter(completed_on__gte=first_day(year), completed_on__lt=first_day(year + 1)).order_by()
    values = rows.annotate(month=TruncMonth("completed_on")).values_list("course_id", "agency_id", "month")
    return [Some(course, agency, many, month) for course, agency, month, many in values.annotate(many=Count("pk"))]


def courses() -> dict:
    """Id -> (title, the priority that it serves, or ''); one question."""
    rows = Course.objects.values_list("pk", "title", "priority__title")
    return {pk: (title, priority or "") for pk, title, priority in rows}


def agencies(ids) -> dict:
    """Id -> (name, kind in words); one question."""
    rows = Agency.objects.filter(pk__in=set(ids)).only("name", "kind")
    return {row.pk: (row.name, row.get_kind_display()) for row in rows}


@dataclass(frozen=True)
class Replies:
    """A question at a stage. asked: how many evaluations were asked for at it; answered: how many of them came and say
    something to this question; agree: how many of those agree. waits: how many may still come."""

    stage: str
    question: object
    asked: int
    answered: int
    agree: int
    waits: int


def replies(user, year, *, named) -> list[Replies]:
    """By stage and question, of those to which anybody said something; two questions of the database.

    The events come first, by themselves: joined in one, and before the database has counted its rows anew (after a
    whole year came in at once), it compared each reply with each event and took minutes.
    """
    edition, today = questions.edition(), timezone.localdate()
    events = list(_within(_events(user), "starts_at", year).values_list("pk", flat=True))
    rows = _of_all(Evaluation, user, named=named).filter(folder__in=events, edition=edition.name)
    rows = that_count(rows).order_by()
    open_still = Q(answered_at=None) & (Q(due_on=None) | Q(due_on__gte=today))
    counts = {"asked": Count("pk"), "waits": Count("pk", filter=open_still)}
    for each in edition.questions:
        said = Q(answered_at__isnull=False, scores__has_key=each.id)
        counts[f"said_{each.id}"] = Count("pk", filter=said)
        counts[f"agree_{each.id}"] = Count("pk", filter=said & Q(**{f"scores__{each.id}__gte": edition.agrees_from}))
    stages = Evaluation.Stage.values
    place = Case(*(When(stage=stage, then=Value(n)) for n, stage in enumerate(stages)), output_field=IntegerField())
    found = rows.values("stage").annotate(place=place, **counts).order_by(F("place"))
    return [
        Replies(
            row["stage"], each, row["asked"], row[f"said_{each.id}"], row[f"agree_{each.id}"],
            row["waits"],
        )
        for row in found
        for each in edition.questions
        if row[f"said_{each.id}"]
    ]  # fmt: skip


def _events(user):
    return Event.objects.filter(folder__partnership__in=places(user))


def _of_all(model, user, *, named):
    """The rows by the row rule for a reader of names, or all of them to be counted without."""
    rows = model.objects.visible_to(user) if named else model.objects.unscoped(WHY)
    return rows.filter(folder__partnership__in=places(user))


def _within(rows, name, year):
    begins, ends = moments(year)
    return rows.filter(**{f"{name}__gte": begins, f"{name}__lt": ends})


def _month(day) -> date:
    return day.replace(day=1)
