"""What an organisation is told of more time: whether it was given, and until when."""

from django.urls import reverse

from audits.leads import leads
from audits.models import AuditReturn, Extension
from partnership.access.rows import can
from partnership.notify.kinds import NoticeKind, register
from partnership.notify.telling import Told, tell
from partnership.people.roles import Perm
from partnership.ui.dates import plain

GIVEN, REFUSED = "audit_more_time", "audit_no_more_time"


def tell_answered(extension) -> None:
    """Whoever asked is told; the organisation's leads where nobody asked, or who asked is there no longer."""
    kind = GIVEN if extension.outcome == Extension.Outcome.GIVEN else REFUSED
    people = {extension.asked_by} - {None}
    if not any(person.is_active and can(person, Perm.ANSWERS_VIEW, extension) for person in people):
        found = leads([extension.agency_id])[extension.agency_id]
        people = {each.user for each in found if each.user and each.may_sign}
    key = f"{kind}:{extension.pk}"
    data = {"row": extension.audit_return_id}
    tell(kind, [Told(key, each.pk, extension.pk, extension.folder_id, data) for each in people])


def _describe(sentence):
    def describe(notices, user):
        rows = Extension.objects.visible_to(user).select_related("audit_return__round", "agency")
        rows = rows.in_bulk([each.subject_id for each in notices])
        return {each.pk: sentence(rows[each.subject_id]) for each in notices if each.subject_id in rows}

    return describe


def _given(row):
    return f"{row.agency.name} has until {plain(row.given_on)} for ‘{row.audit_return.round.title}’."


def _refused(row):
    return f"{row.agency.name} is given no more time for ‘{row.audit_return.round.title}’. Why stands on its page."


def _url(notice):
    return reverse("audits:more_time", args=[notice.data["row"]])


def _still_owed(notices):
    """A day is worth no letter once the return has come."""
    rows = Extension.objects.unscoped("the relay asks whether it is still due").filter(
        pk__in=[each.subject_id for each in notices], audit_return__status__in=AuditReturn.OWES
    )
    due = set(rows.values_list("pk", flat=True))
    return {each.pk for each in notices if each.subject_id in due}


def register_notices():
    shared = {
        "model": Extension, "perm": Perm.ANSWERS_VIEW, "url": _url, "apart": True, "still_wanted": _still_owed,
    }  # fmt: skip
    register(NoticeKind(GIVEN, "More time was given for an audit", describe=_describe(_given), **shared))
    register(NoticeKind(REFUSED, "No more time was given for an audit", describe=_describe(_refused), **shared))
