"""Who is told about a request: those who can take its next step, the person, and their organisation's lead."""

from django.db.models import Q
from django.urls import reverse

from partnership.directory.models import AccountRequest
from partnership.directory.models.requests import WAITING
from partnership.directory.requests import kinds
from partnership.notify.kinds import NoticeKind, register
from partnership.notify.telling import Told, tell
from partnership.people.models import Membership, User
from partnership.people.roles import Perm, roles_with

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


def people_with(perm):
    """The ids of those who hold `perm` by a role of the whole partnership today."""
    held = Membership.objects.live().filter(agency=None, role__in=roles_with(perm))
    people = User.objects.filter(pk__in=held.values("user_id"), is_active=True, suspended_at=None)
    return set(people.values_list("pk", flat=True))


def leads_of(user):
    """The ids of those who look after the organisations that `user` belongs to today."""
    agencies = Membership.objects.live().filter(user=user, agency__isnull=False).values("agency_id")
    leads = Membership.objects.live().filter(role__in=roles_with(Perm.COLLEAGUES), agency__in=agencies)
    people = User.objects.filter(pk__in=leads.values("user_id"), is_active=True)
    return set(people.values_list("pk", flat=True)) - {user.pk}


def tell_opened(row) -> None:
    """Those who can check it, and the person: who did not ask for it must learn of it at once."""
    told = people_with(Perm.PEOPLE_APPROVE) - {row.user_id, row.other_id, row.opened_by_id}
    _tell(OPENED, row, told)
    if row.user.is_active and kinds.kind_of(row).two:
        _tell(ABOUT_YOU, row, {row.user_id})


def tell_second(row) -> None:
    _tell(
        SECOND, row, people_with(Perm.PEOPLE_APPROVE) - {row.user_id, row.other_id, row.opened_by_id, row.checked_by_id}
    )


def tell_subject(row) -> None:
    if row.user.is_active:
        _tell(ABOUT_YOU, row, {row.user_id})


def tell_factor_off(row) -> None:
    """The leads of the person's organisations: somebody they know must find out if it was not the person who rang."""
    tell(FACTOR_OFF, [Told(f"{FACTOR_OFF}:{row.pk}", lead, row.user_id) for lead in leads_of(row.user)])


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
    unit = {
        "model": AccountRequest, "perm": Perm.PEOPLE_APPROVE, "describe": _describe_for_unit, "apart": True,
        "url": lambda notice: reverse("directory:account_request", args=[notice.subject_id]),
    }  # fmt: skip
    register(NoticeKind(OPENED, "A request about an account", still_wanted=_still_waits(*WAITING), **unit))
    register(
        NoticeKind(
            SECOND, "A request about an account waits for a second person", still_wanted=_still_waits(S.CHECKED), **unit
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
