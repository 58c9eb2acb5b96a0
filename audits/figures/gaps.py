"""From a gap to an action: what an organisation answered that is not in place becomes its own action, with a day."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.urls import reverse

from audits.answering.reads import last_year
from audits.answering.values import in_words
from audits.asking import asked_by, matches, scale_of, shown
from audits.models import Answer, AuditReturn, Wording
from partnership.access.rows import can, powers
from partnership.actions import rag, services
from partnership.actions.models import Action, Origin
from partnership.actions.reads import standing_of, with_facts
from partnership.actions.sources import Source
from partnership.people.roles import Perm

KIND = Answer._meta.label_lower
PAGE = 50
NO_GAP = "This answer is no gap any more: read it again."


@dataclass
class Gap:
    """An answer that is a gap, and its actions that the reader sees. now: whether it still is one."""

    answer: Answer
    words: str
    now: bool
    actions: list = field(default_factory=list)

    @property
    def wording(self):
        return self.answer.wording


@dataclass(frozen=True)
class Made:
    row: Action
    standing: rag.Standing


def may_make(user, row) -> bool:
    """Whether `user` makes actions of the gaps of a return: who signs for its organisation, and the business unit."""
    held = powers(user, [row])[row.pk]
    return bool(held & {Perm.ANSWERS_SIGN, Perm.ACTION_ADD})


def of_return(user, row) -> list[Gap]:
    """The gaps of a return, in the order of its questions, and what else an action came of; three questions.

    row: with its round and its version.
    """
    answers = {
        each.question_id: each for each in Answer.objects.visible_to(user).filter(audit_return=row).exclude(code="")
    }
    asking = asked_by(row.round.set_version)
    asked = {each.pk for each in shown(asking, row.facts, {pk: each.code for pk, each in answers.items()})}
    made = made_of(user, [each.pk for each in answers.values()])
    found = []
    for wording in asking.wordings:
        answer = answers.get(wording.question_id)
        if answer is None:
            continue
        answer.wording = wording
        now = wording.pk in asked and answer.code in wording.gap_codes
        if now or answer.pk in made:
            found.append(Gap(answer, label_of(wording, answer.code), now, made.get(answer.pk, [])))
    return found


@dataclass(frozen=True)
class OfQuestion:
    """What a return answers to one question. said: in words; '' where it does not. gap: where it is one, or an action
    came of it. before: (the year, what was answered then), or None."""

    wording: Wording
    answer: Answer | None
    said: str
    gap: Gap | None
    before: tuple | None


def of_question(user, row, question) -> OfQuestion | None:
    """row: with its round and its version. None where the question is not one that this organisation may be asked."""
    wording = asked_by(row.round.set_version).of_question.get(question)
    if wording is None or not matches(wording.applies, row.facts):
        return None
    rows = Answer.objects.visible_to(user).filter(audit_return=row, question=question)
    answer = rows.select_related("changed_by").first()
    gap = next((each for each in of_return(user, row) if each.answer.question_id == question), None)
    before = last_year(user, row, [wording]).get(question)
    return OfQuestion(wording, answer, in_words(wording, answer), gap, before)


def label_of(wording, code) -> str:
    return next((label for each, label, _ in scale_of(wording) if each == code), code)


def made_of(user, answers) -> dict:
    """Id of an answer -> its actions that `user` may see; one question. answers: ids."""
    rows = Action.objects.visible_to(user).filter(source_kind=KIND, source_id__in=list(answers))
    rows = list(with_facts(rows).select_related("owner", "agency").order_by("due_on", "pk"))
    day, found = rag.day() if rows else None, defaultdict(list)
    for row in rows:
        found[row.source_id].append(Made(row, standing_of(row, day)))
    return found


@dataclass(frozen=True)
class Owed:
    """A live action of a round, beside the question that it came of."""

    row: Action
    standing: rag.Standing
    label: str
    ref: str
    audit_return: object


def of_round(user, round, number=1):
    """A page of the live actions that came of gaps of a round, of those that `user` may see, the next due first; three
    questions, and the calendar's."""
    rows = Action.objects.visible_to(user).filter(folder=round.folder_id, source_kind=KIND, status__in=Action.LIVE)
    rows = with_facts(rows).select_related("owner", "agency").order_by("due_on", "agency__name", "pk")
    page = Paginator(rows, PAGE).get_page(number)
    asked = Answer.objects.visible_to(user).filter(pk__in=[row.source_id for row in page])
    told = asked.values_list("pk", "wording__question__label", "wording__ref", "audit_return")
    told, day = {pk: rest for pk, *rest in told}, rag.day() if page else None
    page.object_list = [Owed(row, standing_of(row, day), *told[row.source_id]) for row in page]
    return page


@transaction.atomic
def make(answer, *, by, what, due_on, owner, success="") -> Action:
    """Make a gap its organisation's own action. owner: one of its people, or None until it says who.

    Raises PermissionDenied for who neither signs for the organisation nor adds actions in the round, ValidationError
    where the answer is no gap any more, or the action is not possible (services.add_own).
    """
    row = AuditReturn.objects.unscoped("the return of the answer that the page gave").select_related("folder", "agency")
    row = row.select_for_update(of=("self",)).get(pk=answer.audit_return_id)
    if not (can(by, Perm.ANSWERS_SIGN, row) or can(by, Perm.ACTION_ADD, row.folder)):
        raise PermissionDenied("gap.action")
    fresh = Answer.objects.unscoped("held above").select_related("folder", "agency", "wording").get(pk=answer.pk)
    if fresh.code not in fresh.wording.gap_codes:
        raise ValidationError(NO_GAP)
    return services.add_own(fresh, by=by, what=what, due_on=due_on, owner=owner, success=success, origin=Origin.AUDIT)


def as_source(user, ids) -> dict:
    """Id of an answer -> (words, address), of those that `user` may read."""
    rows = Answer.objects.visible_to(user).filter(pk__in=ids).select_related("wording__question", "audit_return__round")
    return {
        row.pk: (
            f"{row.audit_return.round.title}: {row.wording.ref} {row.wording.question.label}",
            reverse("audits:return_gaps", args=[row.audit_return_id]),
        )
        for row in rows
    }


SOURCE = Source("Gap in an audit", Answer, as_source)
