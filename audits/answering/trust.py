"""A trust answers once for its schools (docs/adr/0033): its answers are rows of its own, and each school confirms them.

The trust is told of no school's answers: only how many of its schools are asked, and to how many it gave."""

from django.db import transaction
from django.db.models import F, Min
from django.utils import timezone

from audits.answering import services
from audits.answering import values as valued
from audits.answering.carrying import take_over
from audits.answering.services import CLOSED, PLANNED, Shut, Typed, Written
from audits.asking import asked_by, matches
from audits.models import Answer, AuditReturn, Round, TrustAnswer
from partnership.access.reach import reach_of
from partnership.people.models import Agency
from partnership.people.roles import Perm
from partnership.trail.models import new_id
from partnership.trail.services import record

WHY = "whoever answers for a trust may know which of its schools a round asks, and nothing of what they say"
WHY_OWN = "the trust's own answers, asked for by who answers for it"
A = AuditReturn.Status


def schools(round, trust):
    """The returns of a trust's schools that still owe, or gave, an answer."""
    return AuditReturn.objects.unscoped(WHY).filter(round=round, trust=trust).exclude(status=A.EXCUSED)


def may_answer(user, round, trust) -> bool:
    return trust in reach_of(user).agencies(Perm.ANSWERS_WRITE) and schools(round, trust).exists()


def questions(round, trust) -> list:
    """The shared questions that at least one of its schools is asked, in order."""
    facts = list(schools(round, trust).values_list("facts", flat=True))
    shared = (each for each in asked_by(round.set_version).wordings if each.of_trust)
    return [each for each in shared if any(matches(each.applies, one) for one in facts)]


def answers(user, round, trust) -> dict:
    """question id -> TrustAnswer, for who answers for the trust and for the business unit."""
    rows = TrustAnswer.objects.visible_to(user).filter(round=round, agency=trust)
    return {each.question_id: each for each in rows.select_related("changed_by")}


def why_shut(round) -> str:
    return {Round.Status.CLOSED: CLOSED, Round.Status.PLANNED: PLANNED}.get(round.status, "")


@transaction.atomic
def save_each(round, trust, typed: list[Typed], *, by) -> Written:
    """As `services.save_each`, of the trust's own answers. What was given is changed only when it is given again."""
    now = _held(round, trust)
    asked = {each.pk for each in questions(round, trust)}
    written, saved, stale = [], {}, {}
    for each in typed:
        if each.wording.pk not in asked:
            raise Shut(services.NOT_HERE)
        values, was = valued.clean(each.wording, each.values), now.get(each.wording.question_id)
        if valued.same(valued.of(was), values):
            saved[each.wording.pk] = was or TrustAnswer(version=0)
        elif (was.version if was else 0) != each.version:
            stale[each.wording.pk] = was
        else:
            written.append(_written(round, trust, each, values, was, by))
            saved[each.wording.pk] = written[-1]
    if written:
        record("trust_answers_saved", by=by, obj=written[0], ids=[each.question_id for each in written])
    now |= {each.question_id: each for each in written}
    return Written(None, saved, stale, now, {})


def _held(round, trust) -> dict:
    """question id -> TrustAnswer, while nobody else of the trust writes. Raises Shut."""
    if why := why_shut(Round.objects.get(pk=round.pk)):
        raise Shut(why)
    Agency.objects.select_for_update(no_key=True).get(pk=trust)
    rows = TrustAnswer.objects.unscoped(WHY_OWN)
    return {each.question_id: each for each in rows.filter(round=round, agency=trust).select_related("changed_by")}


def _written(round, trust, typed, values, was, by) -> TrustAnswer:
    row = was or TrustAnswer(
        id=new_id(), folder_id=round.pk, agency_id=trust, round=round, question_id=typed.wording.question_id, version=0
    )
    for name, value in values.items():
        setattr(row, name, value)
    row.wording, row.version, row.given_at = typed.wording, row.version + 1, None
    row.changed_by, row.changed_at = by, timezone.now()
    row.save(force_insert=was is None)
    return row


@transaction.atomic
def give(round, trust, *, by) -> int:
    """Give the trust's answers to its schools. Returns how many schools have begun: they find them now, the others when
    they begin. A school's own answer stays; what it has not confirmed yet follows the trust. Raises Shut."""
    found = {pk: row for pk, row in _held(round, trust).items() if not valued.same(valued.of(row), valued.EMPTY)}
    rows = TrustAnswer.objects.unscoped(WHY_OWN).filter(pk__in=[row.pk for row in found.values()], given_at=None)
    rows.update(given_at=timezone.now())
    begun = list(schools(round, trust).filter(status=A.BEGUN))
    for each in begun:
        each.round = round
        row = services.held(each)
        if row.status != A.BEGUN:
            continue
        _follow(row, found, by)
        take_over(row, by=by, last_year=False)
        services.recount(row)
    if found:
        record("trust_answers_given", by=by, obj=next(iter(found.values())), count=len(begun))
    return len(begun)


def _follow(row, found, by):
    """What the trust gave before and changed since, where the school has not said yet that it holds."""
    waiting = Answer.objects.unscoped(WHY).filter(audit_return=row, to_confirm=True, of_trust__in=found.values())
    for each in waiting:
        source = found[each.question_id]
        if not valued.same(valued.of(each), valued.of(source)):
            changed = valued.of(source) | {"version": F("version") + 1, "changed_by": by, "changed_at": timezone.now()}
            Answer.objects.unscoped(WHY).filter(pk=each.pk).update(**changed)


def rounds_of(user) -> list[tuple]:
    """(round, trust, the first deadline of the windows in which its schools are asked) of each open round that asks
    schools of a trust for which this person answers. What a school was given instead tells of that school."""
    trusts = reach_of(user).agencies(Perm.ANSWERS_WRITE)
    if not trusts:
        return []
    rows = AuditReturn.objects.unscoped(WHY).filter(trust__in=trusts, round__status=Round.Status.OPEN)
    rows = rows.exclude(status=A.EXCUSED).order_by().values_list("round", "trust")
    found = list(rows.annotate(first=Min("window__closes_at")))
    rounds = Round.objects.select_related("set_version").in_bulk({round for round, _, _ in found})
    agencies = Agency.objects.in_bulk({trust for _, trust, _ in found})
    lines = ((rounds[round], agencies[trust], closes_at) for round, trust, closes_at in found)
    return sorted(lines, key=lambda line: (line[0].title, line[1].name))
