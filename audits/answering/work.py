"""What Home tells those who answer: their own organisation's returns in open rounds, and what their trust shares."""

from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator

from audits.answering import reads, trust
from audits.models import AuditReturn, Round, Signature, Submission
from audits.signing.chain import in_order
from partnership.access.work import Work
from partnership.people.roles import Perm
from partnership.ui.dates import plain
from partnership.ui.forms import spoken

S = AuditReturn.Status
FEW_WORDS = 120  # of why a return came back: the rest stands on its page


def returns(user):
    """To be answered, for whom they wait while they are signed, and what was submitted; four questions at most."""
    rows = AuditReturn.objects.allowing(user, Perm.ANSWERS_WRITE).filter(round__status=Round.Status.OPEN)
    rows = list(rows.exclude(status=S.EXCUSED).select_related("round", "agency"))
    backs, turns, submitted = reads.backs(user, rows), _turns(user, rows), _submitted(user, rows)
    for row in rows:
        if row.status in AuditReturn.WRITTEN:
            yield _to_answer(row, backs.get(row.pk))
        elif row.pk in turns:
            yield _being_signed(user, row, *turns[row.pk])
        elif row.pk in submitted:
            one = submitted[row.pk]
            note = f"submitted on {_on(one.submitted_at)}, receipt {one.reference}"
            yield Work(_called(row), reverse("audits:submission", args=[one.pk]), note=note, done=True)


def _called(row) -> str:
    return f"{row.round.title}: the return of {row.agency.name}"


def _on(moment) -> str:
    return plain(timezone.localdate(moment))


def _to_answer(row, back) -> Work:
    note = f"{row.answered} of {row.wanted} answered" if row.status == S.BEGUN else "Not begun"
    if back:
        note = f"Sent back by {back.who}: ‘{Truncator(back.why).chars(FEW_WORDS)}’. {note}"
    url = reverse("audits:audit_return", args=[row.pk])
    return Work(_called(row), url, due_on=timezone.localdate(row.closes_at), note=note)


def _being_signed(user, row, turn, since) -> Work:
    if turn.user_id == user.pk:
        what, url = f"Sign the return of {row.agency.name}: {row.round.title}", "audits:return_sign"
        return Work(what, reverse(url, args=[row.pk]), due_on=timezone.localdate(row.closes_at))
    what = f"{_called(row)} is being signed, and waits for the {spoken(turn.get_step_display())} since {_on(since)}"
    return Work(what, reverse("audits:audit_return", args=[row.pk]), owed=False)


def _turns(user, rows) -> dict:
    """return id -> (the signature for which it waits, since when), of those of `rows` that are being signed."""
    ids = [row.pk for row in rows if row.status == S.SIGNING]
    found, turns = {}, {}
    for each in Signature.objects.visible_to(user).filter(audit_return__in=ids) if ids else ():
        found.setdefault(each.audit_return_id, {}).setdefault(each.attempt, []).append(each)
    for pk, attempts in found.items():
        signatures = in_order(attempts[max(attempts)])
        turn = next((each for each in signatures if each.status == Signature.Status.ASKED), None)
        if turn:
            before = [each.signed_at for each in signatures if each.status == Signature.Status.SIGNED]
            turns[pk] = turn, max([turn.asked_at, *before])
    return turns


def _submitted(user, rows) -> dict:
    ids = [row.pk for row in rows if row.status == S.SUBMITTED]
    rows = Submission.objects.visible_to(user).filter(audit_return__in=ids).defer("content") if ids else ()
    return {each.audit_return_id: each for each in sorted(rows, key=lambda each: each.number)}


def shared_by_trust(user):
    """The shared answers of one's trust that are not given yet."""
    for row, agency, closes_at in trust.rounds_of(user):
        given = {each.question_id for each in trust.answers(user, row, agency.pk).values() if each.given_at}
        if any(each.question_id not in given for each in trust.questions(row, agency.pk)):
            url = reverse("audits:trust_answers", args=[row.pk, agency.pk])
            what = f"Shared answers of {agency.name} for its schools: {row.title}"
            yield Work(what, url, due_on=timezone.localdate(closes_at))
