"""Saying what training was worth: by the person, or by whoever holds a link to the one evaluation; by nobody else."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from partnership.access.flow import Stale, lock
from partnership.access.rows import can
from partnership.people.roles import Perm
from partnership.trail.services import record
from training import questions
from training.certificates import services as certificates
from training.evaluating.standing import Stage, rows, why_shut
from training.models import Booking, Evaluation

GONE = "This is not asked any more: the place was given up, or the register was corrected."
CHANGED = "These answers were saved meanwhile, in another window."
MISSING = "Answer every statement: {} of {} {} no answer yet."


def may_answer(user, row) -> bool:
    """Whether somebody answers as themselves: whose evaluation it is; a manager does by a link alone."""
    return row.stage != Stage.MANAGER and row.learner.user_id == user.pk and can(user, Perm.EVALUATION_WRITE, row)


@transaction.atomic
def answer(evaluation, *, by, scores, words, version) -> Evaluation:
    """Keep somebody's own answers, also in the place of those that they gave before.

    scores: question id -> 1 to 5, of every question of the stage; words: question id -> text. Raises PermissionDenied,
    ValidationError while one is missing, Stale once the last day is over or where they were saved meanwhile.
    """
    row = _held(evaluation)
    if not may_answer(by, row):
        raise PermissionDenied("evaluation.answer")
    return _kept(row, scores, words, version, "evaluation_answered", by)


@transaction.atomic
def answer_by_link(evaluation, *, scores, words, version) -> Evaluation:
    """The same by the link that is about this evaluation: of a manager, or of somebody without an account."""
    return _kept(_held(evaluation), scores, words, version, "evaluation_by_link", None)


def _held(evaluation) -> Evaluation:
    """The row, fresh and locked, its booking first as registers lock them."""
    lock(Booking(pk=evaluation.booking_id))
    try:
        lock(evaluation)
    except Evaluation.DoesNotExist:
        raise Stale(GONE) from None
    return rows().get(pk=evaluation.pk)


def _kept(row, scores, words, version, verb, by) -> Evaluation:
    if shut := why_shut(row):
        raise Stale(shut)
    if row.version != version:
        raise Stale(CHANGED)
    edition = questions.edition()
    asked = {each.id for each in edition.scored_at(row.stage)}
    given = {key: value for key, value in scores.items() if key in asked and value in range(1, len(edition.scale) + 1)}
    if missing := len(asked) - len(given):
        raise ValidationError(MISSING.format(missing, len(asked), "has" if missing == 1 else "have"))
    texts = {each.id: words[each.id].strip() for each in edition.in_words_at(row.stage) if words.get(each.id)}
    row.scores, row.words, row.edition = given, {key: text for key, text in texts.items() if text}, edition.name
    row.answered_at, row.version = timezone.now(), row.version + 1
    row.save(update_fields=["scores", "words", "edition", "answered_at", "version"])
    record(verb, by=by, obj=row, stage=str(row.stage))
    if row.stage == Stage.END:
        certificates.issue_if_earned(row.booking, by=by)
    return row
