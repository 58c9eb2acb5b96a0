"""Who a confirmation is about, what ending their access would do, and how a round stands."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from partnership.access.models import FolderGrant
from partnership.access.reach import reach_of
from partnership.access.work import Work
from partnership.deadlines import registry
from partnership.directory.leads import leads_of
from partnership.directory.leaving.reads import items_of
from partnership.directory.leaving.services import open_beside
from partnership.directory.models import Answer, Confirmation, Departure, Round
from partnership.people.models import Membership, NamedDuty, User
from partnership.people.roles import LABELS, Perm, Role

CONFIRM = "access_confirmed"  # the rule whose opening days make the rounds


@dataclass
class Line:
    """One person of a confirmation. accesses: how many folders they were let into; a number, never which.

    departure: the leaving by which they go, where they are not asked about for its sake, or by which they went.
    here: whether they still belong; who was answered for with "end" keeps a row afterwards.
    """

    user: User
    roles: list
    duties: list
    accesses: int
    answer: Answer | None
    mine: bool
    departure: Departure | None = None
    here: bool = True
    may: bool = False  # whether the reader answers for them
    may_end: bool = False
    who: str = ""  # who does, where the reader does not

    @property
    def field(self):
        return field_of(self.user)

    @property
    def asked(self):
        """Whether there is something to answer: not of whoever leaves anyway, or has gone."""
        return self.here and self.departure is None

    @property
    def overdue(self):
        """Whether the last day has passed and the leaving is not finished."""
        return self.here and self.departure is not None and self.departure.last_day < timezone.localdate()

    @property
    def ended_on(self) -> date | None:
        """The last day of one who has gone; the day of finishing, where that came later than a day after it."""
        if self.here or self.departure is None:
            return None
        finished = timezone.localdate(self.departure.finished_at)
        return self.departure.last_day if finished <= self.departure.last_day + timedelta(days=1) else finished


def field_of(user) -> str:
    """The name of the question about one person, in the form and in what the service refuses."""
    return f"user_{user.pk.hex}"


def people_of(row) -> list[User]:
    here = Membership.objects.live().filter(agency=row.agency_id).values("user_id")
    return list(User.objects.filter(pk__in=here, is_active=True).order_by("name"))


def waiting_of(row) -> list[User]:
    """Those of whom nothing has been said in this round, and who do not leave before the next one."""
    known = set(row.answers.values_list("user_id", flat=True)) | set(_leaving(row))
    return [user for user in people_of(row) if user.pk not in known]


def next_round(current) -> date:
    """The day on which the round after `current` opens, by the edition under which that one runs."""
    rule, opened = registry.edition(CONFIRM, current.edition), current.planned_on
    return min(day for year in (opened.year, opened.year + 1) for day in rule.opening_days(year) if day > opened)


def leavers(current):
    """The open leavings that spare the round `current` its question: the last day comes before the next round."""
    rows = Departure.objects.unscoped("who leaves before the next round is not asked about")
    return rows.filter(status__in=Departure.OPEN, last_day__lt=next_round(current)).order_by("-last_day", "pk")


def _leaving(row) -> dict:
    """user id -> the leaving from this organisation. One altogether counts once it is decided: before, those of one
    organisation among several do not see it."""
    decided = Q(altogether=True, status=Departure.Status.PLANNED)
    rows = leavers(row.round).filter(Q(agency=row.agency_id) | decided)
    return {each.user_id: each for each in rows}


def lines_of(row, by) -> list[Line]:
    """Everybody who belongs here, and after them who was answered for with "end" and has gone. Seven queries, eight
    where somebody has gone, whatever the number of people."""
    people = people_of(row)
    roles, duties = defaultdict(dict), defaultdict(list)
    for each in Membership.objects.live().filter(agency=row.agency_id, user__in=people):
        roles[each.user_id][LABELS[Role(each.role)]] = True  # one role, given for two times that meet
    held = NamedDuty.objects.live().filter(holder__in=people)
    for each in held.filter(agency=row.agency_id) if row.agency_id else held:
        duties[each.holder_id].append(each.get_kind_display())
    grants = FolderGrant.objects.live().filter(user__in=people).values("user_id")
    accesses = dict(grants.annotate(n=Count("content_object_id", distinct=True)).values_list("user_id", "n"))
    answers = {each.user_id: each for each in row.answers.select_related("by", "user")}
    leaving = _leaving(row)
    lines = [
        Line(
            user, list(roles[user.pk]), duties[user.pk], accesses.get(user.pk, 0), answers.get(user.pk),
            user.pk == by.pk, departure=leaving.get(user.pk),
        )
        for user in people
    ]  # fmt: skip
    return lines + _gone(row, answers, {user.pk for user in people})


def _gone(row, answers, here) -> list[Line]:
    ended = [each for pk, each in answers.items() if pk not in here and each.says == Answer.Says.END]
    if not ended:
        return []
    rows = Departure.objects.unscoped("on which day somebody went who was answered for").filter(
        Q(agency=row.agency_id) | Q(altogether=True), user__in=[each.user_id for each in ended],
        status=Departure.Status.DONE,
    )  # fmt: skip
    left = {each.user_id: each for each in rows.order_by("finished_at")}
    return [
        Line(each.user, [], [], 0, each, mine=False, departure=left.get(each.user_id), here=False)
        for each in sorted(ended, key=lambda each: each.user.name)
    ]


def leavings_seen(user, lines) -> set:
    """The ids of those leavings of the lines that `user` may open."""
    ids = [line.departure.pk for line in lines if line.departure]
    return set(Departure.objects.visible_to(user).filter(pk__in=ids).values_list("pk", flat=True)) if ids else set()


@dataclass
class Ending:
    """What "end" would do to one person, before it is done.

    altogether: no role is left, so the account is closed. begun: a leaving is open already and goes on as it stands.
    items: what they hold here that the reader may know of (partnership.directory.leaving.reads.Item); the rest is not
    hinted at, not by a number either.
    """

    line: Line
    altogether: bool
    begun: bool
    items: list

    @property
    def waits(self):
        """What somebody must take over first: then the leaving begins, and access goes on until it is decided."""
        return [item for item in self.items if item.missing]

    @property
    def moves_on(self):
        """What ends or falls vacant by itself."""
        return [item for item in self.items if not item.missing]


def ending_of(row, line, by) -> Ending:
    begun = open_beside(line.user, row.agency, altogether=False).exists()
    altogether = closes_account(row, line.user)
    # Never saved: it stands for the leaving that would begin.
    departure = Departure(user=line.user, agency=row.agency, altogether=altogether, last_day=timezone.localdate())
    items = [] if begun else [item for item in items_of(departure, by) if not item.hidden]
    return Ending(line, altogether, begun, items)


def closes_account(row, user) -> bool:
    """Whether an end of access here is the end altogether: no other role, and no leaving of another organisation."""
    places = set(Membership.objects.live().filter(user=user).values_list("agency_id", flat=True))
    return places == {row.agency_id} and not open_beside(user, row.agency, altogether=True).exists()


@dataclass
class Standing:
    """How the newest round stands. rows: the confirmations of a page, each with its `leads`, `people`, `said`."""

    round: Round | None
    counts: dict
    rows: list


def standing_of(user, status="") -> Standing:
    current = Round.objects.first()
    if current is None:
        return Standing(None, {}, [])
    rows = Confirmation.objects.allowing(user, Perm.PEOPLE_APPROVE).filter(round=current)
    counts = Counter(rows.order_by().values_list("status", flat=True))
    counts = [(code, label, counts.get(code, 0)) for code, label in Confirmation.Status.choices]
    rows = rows.filter(status=status) if status in Confirmation.Status.values else rows
    return Standing(current, counts, rows.select_related("agency", "round").order_by("agency__name", "id"))


def with_people(rows) -> list:
    """The rows with who answers for each, how many people it has, and of how many nothing more is asked. Five queries
    for those of one round."""
    rows = list(rows)
    if not rows:
        return rows
    leads = leads_of({row.agency_id for row in rows if row.agency_id})
    names = dict(User.objects.filter(pk__in={pk for ids in leads.values() for pk in ids}).values_list("pk", "name"))
    live = Membership.objects.live().filter(agency__in=[row.agency_id for row in rows if row.agency_id])
    people = defaultdict(set)
    for agency, user in live.filter(user__is_active=True).values_list("agency_id", "user_id"):
        people[agency].add(user)
    wide = Membership.objects.live().filter(agency=None, user__is_active=True)
    if any(row.agency_id is None for row in rows):
        people[None] = set(wide.values_list("user_id", flat=True))
    said = defaultdict(set)
    for pk, user in Answer.objects.filter(confirmation__in=rows).values_list("confirmation_id", "user_id"):
        said[pk].add(user)
    leaving = {current: list(leavers(current)) for current in {row.round for row in rows}}
    for row in rows:
        row.leads = sorted(names[pk] for pk in leads.get(row.agency_id, ()))
        row.people = len(people[row.agency_id])
        going = {
            each.user_id
            for each in leaving[row.round]
            if each.agency_id == row.agency_id or (each.altogether and each.status == Departure.Status.PLANNED)
        }
        row.said = len(people[row.agency_id] & (said[row.pk] | going))
    return rows


def asked_of(user):
    """For home: what a lead has to confirm; for the unit, its own roles and the organisations without a lead."""
    reach = reach_of(user)
    mine = reach.agencies(Perm.COLLEAGUES)
    wide = reach.holds_wide(Perm.PEOPLE_APPROVE)
    if not mine and not wide:
        return
    rows = Confirmation.objects.visible_to(user).filter(status__in=Confirmation.WAITING).select_related("agency")
    hers = rows.filter(agency__in=mine).select_related("agency", "round").order_by("due_on", "agency__name")
    for row in with_people(hers):
        if row.said < row.people:  # where all are answered for or leave, nothing is asked
            yield _work(row, row.agency.name)
    if wide and (row := rows.filter(agency=None).first()) and _any_of_mine(row, user):
        yield _work(row, "the partnership’s own roles")
    if wide:
        waiting = dict(rows.exclude(agency=None).order_by().values_list("agency_id", "due_on"))
        led = leads_of(set(waiting))
        if alone := [due_on for agency, due_on in waiting.items() if agency not in led]:
            many = f"{len(alone)} organisation{'' if len(alone) == 1 else 's'}"
            what = f"Confirm who still needs access: {many} without a lead"
            yield Work(what, reverse("directory:rounds"), due_on=min(alone))


def _any_of_mine(row, user) -> bool:
    """Whether somebody waits for whom this person may answer: nobody answers for himself."""
    from partnership.directory.confirming.services import who_may

    may = who_may(row, user)
    return any(may(each) for each in waiting_of(row))


def _work(row, where):
    note = f"Access ends after {row.ends_on:%-d %B} if nobody answers" if row.ends_on else ""
    url = reverse("directory:confirm", args=[row.pk])
    return Work(f"Confirm who still needs access: {where}", url, due_on=row.due_on, note=note)
