"""What the pages of challenges show, and what the floors ask of them: always by the row rule."""

from dataclasses import dataclass
from functools import partial

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.urls import reverse

from boards.challenges import clocks, services
from boards.flow import CHALLENGE
from boards.models import Challenge, ChallengeStage
from partnership.access.mine import Named
from partnership.access.models import Conflict
from partnership.access.open_work import Held
from partnership.access.parts import Part
from partnership.access.rows import allowing, holders, powers
from partnership.access.work import Work
from partnership.actions.sources import actions_of
from partnership.actions.work import MOST
from partnership.deadlines.subjects import Line
from partnership.people.models import ContactPoint, Membership, User
from partnership.people.roles import Perm, roles_with

S = Challenge.Status


def log(user, status=""):
    """The challenges that this person may see, newest first; organisations, no people."""
    rows = Challenge.objects.visible_to(user).select_related("agency", "challenged")
    if status == "goes_on":
        rows = rows.filter(status__in=Challenge.GOES_ON)
    return rows.filter(status=status) if status in S.values else rows


@dataclass
class ChallengePage:
    held: frozenset
    steps: set
    stages: list  # ChallengeStage rows with `level`
    due: clocks.Due | None
    actions: list
    to_name: bool  # this person names who answers, and nobody is named

    @property
    def last(self) -> bool:
        return bool(self.stages) and self.stages[-1].number >= clocks.LAST


def challenge_page(user, row) -> ChallengePage:
    """`row` comes with its organisations, its people and its folder."""
    held = powers(user, [row])[row.pk]
    steps = {code for code, _ in CHALLENGE.open_with(held, row)}
    stages = list(ChallengeStage.objects.visible_to(user).filter(challenge=row).select_related("answer_agency"))
    for each in stages:
        each.level = clocks.level_of(each.number)
    steps -= {"escalate"} if row.stage >= clocks.LAST else {"decide"}
    to_name = Perm.CHALLENGE_MANAGE in held and row.status == S.OPEN and row.answerer_id is None
    due = clocks.due_of([row.pk]).get(row.pk)
    return ChallengePage(held, steps, stages, due, list(actions_of(user, row)), to_name)


def whom_to_ring(user) -> list[ContactPoint]:
    """The children's front doors that the directory holds, for whoever is worried about a child now."""
    rows = allowing(ContactPoint, user, Perm.DIRECTORY_VIEW).live()
    rows = rows.filter(purpose=ContactPoint.Purpose.FRONT_DOOR, agency__merged_into=None)
    return list(rows.exclude(shown="internal").select_related("agency").order_by("agency__name"))


# --- what the floors ask ----------------------------------------------------------------------------------------------


def describe(user, ids) -> dict:
    """Challenge id -> its line on the board of what is due."""
    rows = Challenge.objects.visible_to(user).filter(pk__in=ids)
    return {row.pk: Line(f"Answer a challenge, stage {row.stage}", _at(row), row.case_word) for row in rows}


def as_source(user, ids) -> dict:
    """Challenge id -> (words, address), for the actions that arose from it."""
    rows = Challenge.objects.visible_to(user).filter(pk__in=ids).select_related("agency", "challenged")
    return {row.pk: (f"{row.case_word}: {row.agency.name} to {row.challenged.name}", _at(row)) for row in rows}


def _at(row) -> str:
    return reverse("boards:challenge", args=[row.pk])


TO_DO = {
    Perm.CHALLENGE_ANSWER: {S.OPEN: "Answer a challenge, stage {stage}"},
    Perm.CHALLENGE_PURSUE: {S.ANSWERED: "Say what you make of the answer to your challenge"},
    Perm.CHALLENGE_MANAGE: {
        S.OPEN: "Name who answers a challenge, stage {stage}",
        S.ANSWERED: "Carry an answered challenge on",
        **dict.fromkeys((S.AGREED, S.DECIDED, S.WITHDRAWN), "Close a challenge with what was learned"),
    },
}
IMMEDIATE = "Immediate: a child may be in danger"
LAST_STAGE = "Record the Executive’s decision on a challenge"
MANY = {
    Perm.CHALLENGE_ANSWER: "{} challenges wait for your answer",
    Perm.CHALLENGE_PURSUE: "{} of your challenges were answered: say what you make of it",
    Perm.CHALLENGE_MANAGE: "{} challenges wait to be carried on or closed",
}


def work(user):
    """For Home: what waits for this person as the one who answers, who raised it, or who manages it."""
    answers = Q(answerer_id=user.pk, status=S.OPEN)
    pursues = Q(raiser_id=user.pk, status=S.ANSWERED)
    manages = Q(status=S.OPEN, answerer=None) | Q(status=S.ANSWERED, raiser=None)
    manages |= Q(status__in=Challenge.GOES_ON, stage=clocks.LAST)
    manages |= Q(status__in=(S.AGREED, S.DECIDED, S.WITHDRAWN))
    rows = Challenge.objects.visible_to(user).filter(answers | pursues | manages).select_related("folder")
    rows = list(rows)
    held, waits = powers(user, rows), {perm: [] for perm in TO_DO}
    for row in rows:
        perm = _waits_by(row, user)
        if perm in held[row.pk]:
            waits[perm].append(row)
    asked = [row.pk for row in rows if row.status == S.OPEN]
    due = clocks.due_of(asked) if asked else {}
    for perm, found in waits.items():
        days = [due[row.pk].on if row.pk in due else None for row in found]
        if len(found) > MOST and not any(row.urgency == Challenge.Urgency.IMMEDIATE for row in found):
            soonest = min(filter(None, days), default=None)
            yield Work(MANY[perm].format(len(found)), reverse("boards:challenges"), "", soonest)
            continue
        for row, on in zip(found, days, strict=True):
            what = TO_DO[perm][row.status].format(stage=row.stage)
            if perm == Perm.CHALLENGE_MANAGE and row.goes_on and row.stage == clocks.LAST:
                what = LAST_STAGE
            at_once = {"first": True, "note": IMMEDIATE} if row.urgency == Challenge.Urgency.IMMEDIATE else {}
            yield Work(what, _at(row), row.case_word, on, folder_id=row.folder_id, perm=perm, **at_once)


def _waits_by(row, user):
    """The power by which this person would go on with it."""
    if row.status == S.OPEN and row.answerer_id == user.pk:
        return Perm.CHALLENGE_ANSWER
    if row.status == S.ANSWERED and row.raiser_id == user.pk:
        return Perm.CHALLENGE_PURSUE
    return Perm.CHALLENGE_MANAGE


def that_name(user):
    """For 'What you may see'."""
    rows = Challenge.objects.visible_to(user)
    for row in rows.filter(Q(raiser_id=user.pk) | Q(answerer_id=user.pk)):
        why = "You raised it" if row.raiser_id == user.pk else "You answer for your organisation"
        yield Named("Professional challenge", row.case_word, _at(row), why, row.raised_at)


def parts(user, folder):
    """For 'People with access': the two who are named on a challenge."""
    rows = Challenge.objects.visible_to(user).filter(pk=folder.pk)
    for row in rows.select_related("agency", "challenged", "raiser", "answerer"):
        for person, agency, why in (
            (row.raiser, row.agency, "Raised the challenge"),
            (row.answerer, row.challenged, "Answers it"),
        ):
            if person is not None:
                opens, until = "The challenge, with its stages", "While they belong there"
                yield Part(person.pk, person.name, agency.name, why, opens, until, _at(row))


# --- what somebody holds, for their leaving ---------------------------------------------------------------------------


def held_by(user):
    """The challenges that go on and name this person: a colleague is named instead, without reading it."""
    rows = Challenge.objects.unscoped("a leaving names what its person holds, without a word of it")
    rows = rows.filter(Q(raiser=user) | Q(answerer=user), status__in=Challenge.GOES_ON)
    for row in rows.select_related("agency", "challenged", "folder").order_by("raised_at", "pk"):
        side = "raiser" if row.raiser_id == user.pk else "answerer"
        yield Held(
            key=f"challenge:{side}:{row.pk}",
            what="A professional challenge that they raised"
            if side == "raiser"
            else "A professional challenge to answer",
            folder_id=row.folder_id,
            agency_id=getattr(row, f"{services.SIDES[side]}_id"),
            candidates=partial(_candidates, row, side),
            hand_over=partial(_hand_over, row, side),
            who_can=partial(_who_names, row, side),
            invite_helps=True,
        )


def _candidates(row, side, by):
    """The organisation's people but the two who are named. Who of them is barred is not told: the service refuses."""
    if not services.may_name(by, row, side):
        return None
    people = services.people_of(getattr(row, f"{services.SIDES[side]}_id"))
    return people.exclude(pk__in=[pk for pk in (row.raiser_id, row.answerer_id, by.pk) if pk])


def _hand_over(row, side, to, *, by):
    if _candidates(row, side, by) is None:
        raise PermissionDenied("challenge.hand_over")
    services.name(row, side, by=by, user=to)


def _who_names(row, side):
    """Its organisation's leads, and those who manage it; whoever is barred names nobody."""
    leads = Membership.objects.live().filter(
        agency=getattr(row, f"{services.SIDES[side]}_id"), role__in=roles_with(Perm.COLLEAGUES)
    )
    managing = holders(row.folder, Perm.CHALLENGE_MANAGE).values("pk")
    found = Q(pk__in=leads.values("user_id")) | Q(pk__in=managing)
    barred = Conflict.objects.live().filter(folder_id__in=row.folder.path).values("user_id")
    people = User.objects.filter(found, is_active=True).exclude(pk=getattr(row, f"{side}_id"))
    return people.exclude(pk__in=barred).order_by("name")
