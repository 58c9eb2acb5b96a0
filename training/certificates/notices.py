"""Whoever has an account is told that a certificate of theirs is there."""

from django.urls import reverse

from partnership.notify.kinds import NoticeKind, register
from partnership.notify.telling import Told, tell
from partnership.people.roles import Perm
from training.models import Certificate, Learner

ISSUED = "certificate_issued"
WHY = "the certificate was made for this person"


def tell_issued(certificate) -> None:
    person = Learner.objects.unscoped(WHY).filter(pk=certificate.learner_id).values_list("user_id", flat=True).get()
    if person:
        tell(ISSUED, [Told(f"{ISSUED}:{certificate.pk}", person, certificate.pk, certificate.folder_id)])


def _describe(notices, user):
    rows = Certificate.objects.visible_to(user).in_bulk([each.subject_id for each in notices])
    said = "Your certificate of ‘{}’ is ready."
    return {each.pk: said.format(rows[each.subject_id].title) for each in notices if each.subject_id in rows}


def _in_force(notices):
    """One that was revoked meanwhile is worth no email."""
    rows = Certificate.objects.unscoped("the relay asks whether it is still of use").filter(
        pk__in=[each.subject_id for each in notices], revoked_at=None
    )
    kept = set(rows.values_list("pk", flat=True))
    return {each.pk for each in notices if each.subject_id in kept}


def register_notices():
    register(
        NoticeKind(
            ISSUED, "A certificate of training is ready", Certificate, Perm.LEARNER_VIEW, _describe,
            lambda notice: reverse("training:certificate", args=[notice.subject_id]), still_wanted=_in_force,
        )
    )  # fmt: skip
