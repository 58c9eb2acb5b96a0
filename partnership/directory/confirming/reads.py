"""Who a confirmation is about, and how a round stands."""

from collections import Counter, defaultdict
from dataclasses import dataclass

from django.db.models import Count
from django.urls import reverse

from partnership.access.models import FolderGrant
from partnership.access.reach import reach_of
from partnership.access.work import Work
from partnership.directory.leads import leads_of
from partnership.directory.models import Answer, Confirmation, Round
from partnership.people.models import Membership, NamedDuty, User
from partnership.people.roles import LABELS, Perm, Role


@dataclass
class Line:
    """One person of a confirmation. accesses: how many folders they were let into; a number, never which."""

    user: User
    roles: list
    duties: list
    accesses: int
    answer: Answer | None
    mine: bool
    may: bool = False  # whether the reader answers for them
    may_end: bool = False
    who: str = ""  # who does, where the reader does not

    @property
    def field(self):
        return field_of(self.user)


def field_of(user) -> str:
    """The name of the question about one person, in the form and in what the service refuses."""
    return f"user_{user.pk.hex}"


def people_of(row) -> list[User]:
    here = Membership.objects.live().filter(agency=row.agency_id).values("user_id")
    return list(User.objects.filter(pk__in=here, is_active=True).order_by("name"))


def waiting_of(row) -> list[User]:
    """Those of whom nothing has been said in this round."""
    said = set(row.answers.values_list("user_id", flat=True))
    return [user for user in people_of(row) if user.pk not in said]


def lines_of(row, by) -> list[Line]:
    """Five queries whatever the number of people."""
    people = people_of(row)
    roles, duties = defaultdict(dict), defaultdict(list)
    for each in Membership.objects.live().filter(agency=row.agency_id, user__in=people):
        roles[each.user_id][LABELS[Role(each.role)]] = True  # one role, given for two times that meet
    held = NamedDuty.objects.live().filter(holder__in=people)
    for each in held.filter(agency=row.agency_id) if row.agency_id else held:
        duties[each.holder_id].append(each.get_kind_display())
    grants = FolderGrant.objects.live().filter(user__in=people).values("user_id")
    accesses = dict(grants.annotate(n=Count("content_object_id", distinct=True)).values_list("user_id", "n"))
    answers = {each.user_id: each for each in row.answers.select_related("by")}
    return [
        Line(
            user, list(roles[user.pk]), duties[user.pk], accesses.get(user.pk, 0), answers.get(user.pk),
            user.pk == by.pk,
        )
        for user in people
    ]  # fmt: skip


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
    return Standing(current, counts, rows.select_related("agency").order_by("agency__name", "id"))


def with_people(rows) -> list:
    """The rows of a page with who answers for each, how many people it has and how many are answered. Four queries."""
    rows = list(rows)
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
    for row in rows:
        row.leads = sorted(names[pk] for pk in leads.get(row.agency_id, ()))
        row.people = len(people[row.agency_id])
        row.said = len(people[row.agency_id] & said[row.pk])
    return rows


def asked_of(user):
    """For home: what a lead has to confirm; for the unit, its own roles and the organisations without a lead."""
    reach = reach_of(user)
    mine = reach.agencies(Perm.COLLEAGUES)
    wide = reach.holds_wide(Perm.PEOPLE_APPROVE)
    if not mine and not wide:
        return
    rows = Confirmation.objects.visible_to(user).filter(status__in=Confirmation.WAITING).select_related("agency")
    for row in rows.filter(agency__in=mine).order_by("due_on", "agency__name"):
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
