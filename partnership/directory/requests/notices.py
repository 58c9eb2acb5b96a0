"""Who is told about a request: those who can take its next step, the person, and their organisation's lead."""

from django.db.models import Q
from django.urls import reverse

from partnership.directory.leads import leads_of, unit
from partnership.directory.models import AccountRequest
from partnership.directory.models.requests import WAITING
from partnership.directory.requests import kinds
from partnership.notify.kinds import NoticeKind, register
from partnership.notify.telling import Told, tell
from partnership.people.models import Membership, User
from partnership.people.roles import Perm

OPENED, SECOND, ABOUT_YOU, FACTOR_OFF = "request_opened", "request_second", "request_about_you", "second_factor_off"
S = AccountRequest.Status
# What the person it is about reads, by the status of the request.
SAID = {
    S.OPEN: "waits until the business unit has checked that it is you",
    S.CHECKED: "was checked and waits for a second person",
    S.DONE: "was approved",
    S.REFUSED: "was refused",
    S.WITHDRAWN: "was withdrawn",
}


def tell_opened(row) -> None:
    """Those who can check it, and the person: who did not ask for it must learn of it at once."""
    told = unit() - {row.user_id, row.other_id, row.opened_by_id}
    _tell(OPENED, row, told)
    if row.user.is_active and kinds.kind_of(row).two:
        _tell(ABOUT_YOU, row, {row.user_id})


def tell_second(row) -> None:
    _tell(SECOND, row, unit() - {row.user_id, row.other_id, row.opened_by_id, row.checked_by_id})


def tell_subject(row) -> None:
    if row.user.is_active:
        _tell(ABOUT_YOU, row, {row.user_id})


def tell_factor_off(row) -> None:
    """The leads of the person's organisations: somebody they know must find out if it was not the person who rang."""
    agencies = Membership.objects.live().filter(user=row.user, agency__isnull=False).values_list("agency_id", flat=True)
    leads = set().union(*leads_of(agencies).values()) - {row.user_id}
    tell(FACTOR_OFF, [Told(f"{FACTOR_OFF}:{row.pk}", lead, row.user_id) for lead in leads])


def _tell(code, row, people):
    tell(code, [Told(f"{code}:{row.pk}:{row.version}", person, row.pk) for person in people])


def _rows(notices, user, perm):
    rows = AccountRequest.objects.allowing(user, perm).filter(pk__in={each.subject_id for each in notices})
    return {row.pk: row for row in rows.select_related("user")}


def _describe_for_unit(notices, user):
    rows, said = _rows(notices, user, Perm.PEOPLE_APPROVE), {}
    for each in notices:
        if row := rows.get(each.subject_id):
            stands = row.get_status_display().lower()
            said[each.pk] = (
                f"{kinds.kind_of(row).title}: {row.user.name}. It {stands}."
                if row.waits
                else (f"{kinds.kind_of(row).title}: {row.user.name}. It is {stands}.")
            )
    return said


def _describe_for_subject(notices, user):
    rows = _rows(notices, user, Perm.SIGN_IN)
    return {
        each.pk: f"A request about your account, ‘{kinds.kind_of(row).title.lower()}’, {SAID[row.status]}. If you did "
        "not expect it, tell the business unit at once."
        for each in notices
        if (row := rows.get(each.subject_id))
    }


def _describe_factor_off(notices, user):
    names = dict(User.objects.filter(pk__in={each.subject_id for each in notices}).values_list("pk", "name"))
    return {
        each.pk: f"The authenticator app of {names[each.subject_id]} was taken off, because the phone is lost. If that "
        "surprises you, tell the business unit at once."
        for each in notices
        if each.subject_id in names
    }


def _still_waits(*statuses):
    def still(notices):
        rows = AccountRequest.objects.unscoped("the relay asks whether it still waits")
        ids = {each.subject_id for each in notices}
        waiting = set(rows.filter(Q(status__in=statuses), pk__in=ids).values_list("pk", flat=True))
        return {each.pk for each in notices if each.subject_id in waiting}

    return still


def register_notices():
    for_unit = {
        "model": AccountRequest, "perm": Perm.PEOPLE_APPROVE, "describe": _describe_for_unit, "apart": True,
        "url": lambda notice: reverse("directory:account_request", args=[notice.subject_id]),
    }  # fmt: skip
    register(NoticeKind(OPENED, "A request about an account", still_wanted=_still_waits(*WAITING), **for_unit))
    register(
        NoticeKind(
            SECOND,
            "A request about an account waits for a second person",
            still_wanted=_still_waits(S.CHECKED),
            **for_unit,
        )
    )
    register(
        NoticeKind(
            ABOUT_YOU, "Your account", model=AccountRequest, perm=Perm.SIGN_IN, describe=_describe_for_subject,
            url=lambda notice: reverse("directory:account"), apart=True,
        )
    )  # fmt: skip
    register(
        NoticeKind(
            FACTOR_OFF, "A colleague’s lost phone", model=User, perm=Perm.DIRECTORY_VIEW,
            describe=_describe_factor_off, url=lambda notice: reverse("directory:person", args=[notice.subject_id]),
            apart=True,
        )
    )  # fmt: skip
