"""Who is told that a return was sent back or submitted, or that the email to a signer came back; never its answers."""

from django.urls import reverse

from audits.models import AuditReturn, Signature, Submission
from partnership.notify.kinds import NoticeKind, register
from partnership.notify.telling import Told, tell
from partnership.people.roles import Perm
from partnership.ui.forms import spoken

ASKED, SENT_BACK, SUBMITTED = "audit_signature_asked", "audit_sent_back", "audit_submitted"
CAME_BACK = "audit_signer_unreached"


def tell_asked(row, signature) -> None:
    """Somebody with an account who may sign here finds it in the portal; the email with the link says it already."""
    if signature.user_id:
        _tell(ASKED, f"{ASKED}:{signature.pk}", signature.user_id, row, signature=signature.pk)


def tell_sent_back(row, signature, first) -> None:
    for user in {first.user_id, signature.asked_by_id} - {None}:
        _tell(SENT_BACK, f"{SENT_BACK}:{signature.pk}", user, row, signature=signature.pk)


def tell_submitted(row, submission, first) -> None:
    """first: the lead's signature."""
    if first.user_id:
        _tell(SUBMITTED, f"{SUBMITTED}:{submission.pk}", first.user_id, row, submission=submission.pk)


def tell_came_back(signature, link) -> None:
    _tell(CAME_BACK, f"{CAME_BACK}:{link.pk}", link.acts_as_id, signature.audit_return, signature=signature.pk)


def _tell(kind, key, user, row, **data) -> None:
    data = {name: str(value) for name, value in data.items()}
    tell(kind, [Told(key, user, row.pk, row.folder_id, data)])


def _rows(notices, user):
    rows = AuditReturn.objects.visible_to(user).select_related("round", "agency")
    return rows.in_bulk({each.subject_id for each in notices})


def _described(model, name, sentence):
    """What a notice says of the row of `model` whose id it carries as `name`; nothing where it is not the reader's."""

    def describe(notices, user):
        rows = _rows(notices, user)
        found = model.objects.visible_to(user).in_bulk({each.data.get(name) for each in notices})
        beside = {str(pk): each for pk, each in found.items()}
        return {
            each.pk: sentence(rows[each.subject_id], beside[each.data[name]])
            for each in notices
            if each.subject_id in rows and each.data.get(name) in beside
        }

    return describe


def _called(row) -> str:
    return f"the return of {row.agency.name} to ‘{row.round.title}’"


def _sent_back(row, signature):
    return f"The {spoken(signature.get_step_display())} sent {_called(row)} back: ‘{signature.note}’"


def _submitted(row, submission):
    late = " It came after its deadline." if submission.late else ""
    return f"All have signed, and {_called(row)} is submitted. Its reference is {submission.reference}.{late}"


def _came_back(row, signature):
    return f"The email that asks the {spoken(signature.get_step_display())} to sign {_called(row)} came back."


def _asked(row, signature):
    return f"You are asked to sign {_called(row)} as its {spoken(signature.get_step_display())}."


def _still_being_signed(notices):
    rows = AuditReturn.objects.unscoped("the relay asks whether it is still being signed")
    rows = rows.filter(pk__in=[each.subject_id for each in notices], status=AuditReturn.Status.SIGNING)
    here = set(rows.values_list("pk", flat=True))
    return {each.pk for each in notices if each.subject_id in here}


def register_notices() -> None:
    url = lambda notice: reverse("audits:return_sign", args=[notice.subject_id])  # noqa: E731
    shared = {"model": AuditReturn, "perm": Perm.ANSWERS_SIGN, "url": url, "apart": True}
    for code, title, describe, more in (
        (ASKED, "A return of an audit waits for your signature", _described(Signature, "signature", _asked),
         {"mailed": False}),
        (SENT_BACK, "A return of an audit was sent back to you", _described(Signature, "signature", _sent_back), {}),
        (SUBMITTED, "A return of an audit is submitted", _described(Submission, "submission", _submitted), {}),
        (CAME_BACK, "An email to somebody who is to sign came back", _described(Signature, "signature", _came_back),
         {"still_wanted": _still_being_signed}),
    ):  # fmt: skip
        register(NoticeKind(code, title, describe=describe, **(shared | more)))
