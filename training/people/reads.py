"""The people of an organisation, and the record of one, as pages show them."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Count, Max, Q
from django.utils import timezone

from partnership.people.models import Membership
from training.booking import reads as booking
from training.certificates import reads as certificates
from training.coverage.counting import current
from training.coverage.standing import OVERDUE, measures
from training.models import Booking, Certificate, Completion, Learner

RELATED = ("agency", "role", "user", "changed_by")
THERE, LEFT, EVERYBODY = "", "left", "all"


@dataclass(frozen=True)
class Line:
    """Somebody on the list. wanted: how they stand to what their role asks for, what is due first at the front.
    account: "no", "yes", or "gone" where it belongs to the organisation no longer."""

    row: Learner
    wanted: list
    account: str

    @property
    def overdue(self) -> int:
        return sum(each.state == OVERDUE for each in self.wanted)

    @property
    def soon(self) -> int:
        return sum(each.soon for each in self.wanted)


def people(user, agency, *, q="", role="", who=THERE):
    """The people of one organisation, by name. who: those who work there today, those who left, or all."""
    rows = Learner.objects.visible_to(user).filter(agency=agency, invented=False).select_related("role", "user")
    if who == LEFT:
        rows = rows.exclude(current())
    elif who == THERE:
        rows = rows.filter(current())
    if role:
        rows = rows.filter(role=None) if role == "none" else rows.filter(role=role)
    for word in q.split()[:5]:
        rows = rows.filter(Q(name__icontains=word) | Q(email__icontains=word) | Q(post__icontains=word))
    return rows.order_by("name", "pk")


def lines(user, rows) -> list[Line]:
    """The rows of one page, with how each stands: three questions whatever their number."""
    rows = list(rows)
    wanted = standings(user, rows)
    tied = [row.user_id for row in rows if row.user_id]
    members = set(
        Membership.objects.live().filter(user__in=tied, user__is_active=True).values_list("user_id", "agency_id")
    )
    return [
        Line(
            row, wanted[row.pk],
            ("yes" if (row.user_id, row.agency_id) in members else "gone") if row.user_id else "no",
        )
        for row in rows
    ]  # fmt: skip


def standings(user, rows, asked=None) -> dict:
    """Learner's id -> Standings, what is overdue first. asked: of `measures`; two questions at most."""
    asked = measures() if asked is None else asked
    courses = {each.requirement.course_id for row in rows for each in asked.get(row.role_id, ())}
    last = last_days(user, rows, courses) if courses else {}
    found = {}
    for row in rows:
        each = [m.of(row.began_on, last.get((row.pk, m.requirement.course_id))) for m in asked.get(row.role_id, ())]
        found[row.pk] = sorted(each, key=lambda s: (s.state != OVERDUE, not s.soon, s.due_on is None, s.due_on or 0))
    return found


def last_days(user, rows, courses) -> dict:
    """(learner's id, course's id) -> the day on which it was last completed."""
    done = Completion.objects.visible_to(user).filter(
        learner__in=[row.pk for row in rows], course__in=courses, completed_on__lte=timezone.localdate()
    )
    counted = done.order_by().values("learner_id", "course_id").annotate(last=Max("completed_on"))
    return {(each["learner_id"], each["course_id"]): each["last"] for each in counted}


@dataclass
class Record:
    """All that is kept of somebody's training at one organisation."""

    wanted: list
    bookings: list
    completions: list
    certificates: list = field(default_factory=list)


def record_of(user, row) -> Record:
    bookings = Booking.objects.visible_to(user).filter(learner=row).select_related(*booking.RELATED)
    done = Completion.objects.visible_to(user).filter(learner=row).select_related("course", "booking")
    held = certificates.with_state(Certificate.objects.visible_to(user).filter(learner=row))
    return Record(
        wanted=standings(user, [row])[row.pk],
        bookings=[booking.line(each) for each in bookings.order_by("-event__starts_at", "pk")[:100]],
        completions=list(done.order_by("-completed_on", "pk")[:200]),
        certificates=[(each, certificates.state_of(each)) for each in held[:100]],
    )  # fmt: skip


def own(user) -> list[Learner]:
    """What is kept of somebody with an account, at each organisation."""
    rows = Learner.objects.visible_to(user).filter(user=user).select_related("agency", "role")
    return list(rows.order_by("agency__name"))


@dataclass(frozen=True)
class Alike:
    """One address at several organisations."""

    address: str
    rows: list


def alike(user, *, most=200) -> list[Alike]:
    """Addresses that several organisations have, for who sees them all: likely one person each time. Nothing is linked
    by being on this list."""
    rows = Learner.objects.visible_to(user).filter(current(), invented=False).exclude(key="")
    keys = rows.order_by().values("key").annotate(many=Count("agency", distinct=True)).filter(many__gt=1)
    chosen = list(keys.order_by("key").values_list("key", flat=True)[:most])
    found = defaultdict(list)
    for row in rows.filter(key__in=chosen).select_related("agency").order_by("agency__name"):
        found[row.key].append(row)
    return [Alike(key, found[key]) for key in chosen]


def has_places(user, row) -> bool:
    """Whether somebody has or waits for a place at an event to come."""
    live = Booking.objects.visible_to(user).filter(
        learner=row, status__in=Booking.LIVE, event__starts_at__gt=timezone.now()
    )
    return live.exists()
