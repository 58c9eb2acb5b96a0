"""What the people of a challenge are told. No notice names a person or says what a challenge is about."""

from django.urls import reverse
from django.utils import timezone

from boards.models import Challenge
from partnership.access.rows import holders
from partnership.notify.kinds import NoticeKind, register
from partnership.notify.telling import Told, tell
from partnership.people.roles import Perm

RAISED, TO_ANSWER, ANSWERED, MOVED = "challenge_raised", "challenge_to_answer", "challenge_answered", "challenge_moved"


def _those_who_manage(row) -> set:
    return set(holders(row.folder, Perm.CHALLENGE_MANAGE).values_list("pk", flat=True))


def _tell(code, row, people, but):
    at = f"{timezone.now():%Y%m%dT%H%M%S.%f}"
    tell(code, [Told(f"{code}:{row.pk}:{at}", pk, row.pk, row.folder_id) for pk in people - {None, but and but.pk}])


def tell_raised(row, *, but) -> None:
    _tell(RAISED, row, _those_who_manage(row), but)


def tell_named(row, side) -> None:
    """Somebody was named: asked to answer, or to carry on what their organisation raised."""
    code = TO_ANSWER if side == "answerer" and row.status == Challenge.Status.OPEN else MOVED
    _tell(code, row, {getattr(row, f"{side}_id")}, None)


def tell_answered(row, *, but) -> None:
    """Its raiser has the next word; the business unit for an organisation that named nobody."""
    _tell(ANSWERED, row, {row.raiser_id} if row.raiser_id else _those_who_manage(row), but)


def tell_moved(row, *, but) -> None:
    """A stage was reached, or it ended: those named on it and those who manage it. Who answers next is asked to."""
    waits = {row.answerer_id} if row.status == Challenge.Status.OPEN else set()
    _tell(TO_ANSWER, row, waits, but)
    _tell(MOVED, row, ({row.raiser_id, row.answerer_id} | _those_who_manage(row)) - waits, but)


def _of_rows(sentence):
    def describe(notices, user):
        rows = Challenge.objects.visible_to(user).select_related("agency", "challenged")
        rows = rows.in_bulk([each.subject_id for each in notices])
        return {each.pk: sentence(rows[each.subject_id]) for each in notices if each.subject_id in rows}

    return describe


def _raised(row):
    return f"{row.agency.name} challenges {row.challenged.name} ({row.case_word}). Name who answers."


def _to_answer(row):
    waits = row.status == Challenge.Status.OPEN
    return f"{row.agency.name} challenges {row.challenged.name} ({row.case_word}). " + (
        "Your answer is asked for." if waits else "It waits for no answer now."
    )


def _answered(row):
    return f"{row.challenged.name} has answered the challenge {row.case_word}. Agree, or take it to the next stage."


def _moved(row):
    said = f"The challenge {row.case_word}, stage {row.stage}: {row.get_status_display().lower()}."
    return (
        f"{said} Nobody is named to answer yet."
        if row.status == Challenge.Status.OPEN and not row.answerer_id
        else said
    )


def _still(status):
    def still_wanted(notices):
        rows = Challenge.objects.unscoped("the relay asks whether it still waits").filter(status=status)
        here = set(rows.filter(pk__in=[each.subject_id for each in notices]).values_list("pk", flat=True))
        return {each.pk for each in notices if each.subject_id in here}

    return still_wanted


def _at_the_challenge(notice):
    return reverse("boards:challenge", args=[notice.subject_id])


def register_notices():
    shared = {"model": Challenge, "url": _at_the_challenge, "apart": True}
    for code, title, perm, sentence, status in (
        (RAISED, "A professional challenge came in", Perm.CHALLENGE_MANAGE, _raised, None),
        (TO_ANSWER, "A professional challenge waits for your answer", Perm.CHALLENGE_ANSWER, _to_answer, "open"),
        (ANSWERED, "A professional challenge was answered", Perm.CHALLENGE_PURSUE, _answered, "answered"),
        (MOVED, "A professional challenge has moved on", Perm.CHALLENGE_VIEW, _moved, None),
    ):
        still = {"still_wanted": _still(status)} if status else {}
        register(NoticeKind(code, title, perm=perm, describe=_of_rows(sentence), **shared, **still))
