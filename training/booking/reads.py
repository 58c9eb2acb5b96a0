"""What the pages of bookings read; each begins with its reader."""

from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial

from django.db.models import Q
from django.utils import timezone

from partnership.access.reach import reach_of
from partnership.access.rows import allowing
from partnership.people.models import Agency
from partnership.people.roles import Perm
from training import rules
from training.booking import services, wording
from training.booking.rows import RELATED, holders_at
from training.charges.pricing import asked_for
from training.models import Booking, Completion, Course, Event, Learner, Tariff
from training.places import free_for

S = Booking.Status
PAST_SHOWN = 50


def own_learners(user) -> list[Learner]:
    """Who somebody is at the organisations that she belongs to today, where anything is kept of her there."""
    rows = Learner.objects.visible_to(user).filter(user=user, agency__in=reach_of(user).belongs_to())
    rows = list(rows.select_related("agency").order_by("agency__name"))
    for row in rows:
        row.user = user  # she is here already
    return rows


def own_agencies(user, learners) -> list[Agency]:
    """The organisations that somebody belongs to today. learners: of `own_learners`; each came with its own."""
    ids = reach_of(user).belongs_to()
    if len(ids) == len(learners):
        return [row.agency for row in learners]
    return list(Agency.objects.filter(pk__in=ids).order_by("name"))


def kept_agencies(user) -> list[Agency]:
    """The organisations whose people's training somebody keeps by a role there; none for the business unit, which keeps
    all of them."""
    ids = reach_of(user).agencies(Perm.LEARNER_EDIT)
    return list(Agency.objects.filter(pk__in=ids).order_by("name")) if ids else []


def manager_of(learners) -> dict:
    """The manager whom somebody named before, as the form of a booking begins."""
    return {"approver_name": learners[0].manager_name, "approver_email": learners[0].manager_email} if learners else {}


def keeps_all(user) -> bool:
    return reach_of(user).holds_wide(Perm.LEARNER_EDIT)


def own(user):
    return Booking.objects.visible_to(user).filter(learner__user=user).select_related(*RELATED)


@dataclass(frozen=True)
class Line:
    """A booking on a list: in words, with what can be done."""

    row: Booking
    when: str
    said: str
    colour: str

    @property
    def event(self):
        return self.row.event


def line(row) -> Line:
    return Line(row, wording.when(row.event), wording.state(row), wording.COLOURS[row.status])


@dataclass
class Mine:
    offered: list = field(default_factory=list)
    ahead: list = field(default_factory=list)
    before: list = field(default_factory=list)


def mine(user) -> Mine:
    """Offers first; then what is to come and not ended; then what was and what ended, the newest first."""
    found, now = Mine(), timezone.now()
    live = own(user).exclude(status=S.ENDED).filter(event__starts_at__gt=now).order_by("event__starts_at", "pk")
    for row in live:
        (found.offered if row.status == S.OFFERED else found.ahead).append(line(row))
    over = own(user).filter(Q(status=S.ENDED) | Q(event__starts_at__lte=now)).order_by("-event__starts_at", "pk")
    found.before = [line(row) for row in over[:PAST_SHOWN]]
    return found


@dataclass(frozen=True)
class Standing:
    """How an event stands for the people of one organisation. free: places that they may take now. shut: why it cannot
    be booked, '' where it can. waiting: how many wait. bound: its last day to give a place up in time is over. costs:
    pounds that giving one up today takes, None for nothing."""

    free: int
    shut: str
    waiting: int
    bound: bool
    costs: Decimal | None


def standing(event, agency) -> Standing:
    """It tells of no other organisation: a number of places, and how long the list is."""
    holders, reserved = (), list(event.reserved.all())
    if reserved:
        holders = services.holders_of(event)
    free = free_for(event, agency, reserved=reserved, holders=holders, today=timezone.localdate())
    waiting = Booking.objects.unscoped("a number alone is said").filter(event=event, status=S.WAITING).count()
    bound = timezone.localdate() > rules.last_day_to_cancel(event)
    return Standing(free, why_not(event), waiting, bound, late_costs(event, agency) if bound else None)


def why_not(event) -> str:
    """Why an event cannot be booked now by whoever is not the business unit."""
    if event.status != Event.Status.OPEN:
        return services.NOT_OPEN.format(event.get_status_display().lower())
    if event.starts_at <= timezone.now():
        return services.BEGUN
    return services.why_shut(event)


def missing(user, course, learners) -> dict:
    """learner id -> the titles of the courses that come before this one, of which there is no record. Two questions."""
    wanted = list(course.prerequisites.order_by("title"))
    if not wanted or not learners:
        return {}
    had = Completion.objects.visible_to(user).filter(learner__in=learners, course__in=wanted)
    pairs = set(had.values_list("learner_id", "course_id"))
    found = {row.pk: [each.title for each in wanted if (row.pk, each.pk) not in pairs] for row in learners}
    return {pk: titles for pk, titles in found.items() if titles}


def people(user, agency):
    """Those of an organisation who work there today, whose training the reader keeps."""
    rows = Learner.objects.allowing(user, Perm.LEARNER_EDIT).filter(agency=agency, invented=False)
    return rows.filter(Q(left_on=None) | Q(left_on__gt=timezone.localdate())).order_by("name", "pk")


def booked_there(event, agency) -> set:
    """The ids of an organisation's people who have, or wait for, a place at an event."""
    rows = Booking.objects.unscoped("of the organisation whose people the caller keeps")
    live = rows.filter(event=event, agency=agency).exclude(status=S.ENDED)
    return set(live.values_list("learner_id", flat=True))


def others_of(row):
    """The other events of a booking's course that can be moved to today: open, to come, with a place for it."""
    now = timezone.now()
    found = Event.objects.filter(course=row.event.course, status=Event.Status.OPEN, starts_at__gt=now)
    found = found.exclude(pk=row.event_id).prefetch_related("reserved").select_related("course").order_by("starts_at")
    found = [each for each in found if not services.why_shut(each)]
    holders = holders_at([each.pk for each in found if each.reserved.all()])
    free = partial(free_for, agency=row.agency, today=timezone.localdate())
    return [each for each in found if free(each, reserved=each.reserved.all(), holders=holders[each.pk]) > 0]


@dataclass(frozen=True)
class Page:
    """What the page of one booking shows. ahead: its event is to come and it has not ended. in_time: today a place is
    given up without a charge. costs: pounds that its organisation pays for giving it up today, None for nothing. place:
    the number in the queue, of one that waits."""

    when: str
    where: str
    said: str
    colour: str
    ahead: bool
    last_day: object
    in_time: bool
    costs: Decimal | None
    place: int | None
    became: str


def page_of(row) -> Page:
    last = rules.last_day_to_cancel(row.event)
    place = None
    if row.status == S.WAITING:
        rows = Booking.objects.unscoped("a number alone is said").filter(event=row.event, status=S.WAITING)
        place = rows.filter(turn__lte=row.turn).count()
    return Page(
        wording.when(row.event), wording.where(row.event), wording.state(row), wording.COLOURS[row.status],
        ahead=row.status != S.ENDED and row.event.starts_at > timezone.now()
        and row.event.status == Event.Status.OPEN,
        last_day=last, in_time=timezone.localdate() <= last, costs=_costs(row, last), place=place,
        became=wording.became(row) if row.status == S.ENDED else "",
    )  # fmt: skip


def _costs(row, last):
    """As `services.give_up` charges: a place that is booked, after the last day."""
    return late_costs(row.event, row.agency) if row.status == S.BOOKED and timezone.localdate() > last else None


def late_costs(event, agency):
    """Pounds that an organisation pays for a place that is given up too late today; None for nothing."""
    tariff = asked_for(Tariff.Kind.LATE_CANCEL, event.course.hours, agency, timezone.localdate())
    return tariff.amount if tariff else None


def of_event(user, event) -> list:
    """(heading, lines) of an event's bookings, for the business unit: who waits in the order of their turns."""
    found = {status: [] for status in (S.ASKED, S.OFFERED, S.BOOKED, S.WAITING, S.ENDED)}
    rows = Booking.objects.visible_to(user)
    for row in rows.filter(event=event).select_related(*RELATED).order_by("turn", "name", "pk"):
        found[row.status].append(line(row))
    found[S.BOOKED].sort(key=lambda each: each.row.name)
    return [(status.label, lines) for status, lines in found.items() if lines]


def courses_of(user) -> list:
    """(id, title) of the courses that the reader's bookings are of."""
    ids = Booking.objects.visible_to(user).order_by().values("event__course_id")
    return [(str(pk), title) for pk, title in Course.objects.filter(pk__in=ids).values_list("pk", "title")]


def agencies_shown(user) -> list:
    """The organisations whose bookings somebody is shown, where they are more than one."""
    rows = allowing(Agency, user, Perm.DIRECTORY_VIEW)
    ids = Booking.objects.visible_to(user).order_by().values("agency_id")
    return list(rows.filter(pk__in=ids).order_by("name"))
