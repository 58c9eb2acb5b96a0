"""What is told of a confirmation: to whoever answers, and before silence ends access to everybody concerned."""

from datetime import date

from django.conf import settings
from django.urls import reverse

from partnership.directory.leads import answering_for, unit
from partnership.directory.models import Confirmation
from partnership.notify.kinds import NoticeKind, register
from partnership.notify.telling import Told, tell
from partnership.people.models import Agency, User
from partnership.people.roles import Perm
from partnership.ui.dates import plain

ASKED, WARNED, YOURS, ENDED = "confirm_asked", "confirm_warned", "confirm_yours", "confirm_ended"


def tell_asked(row, code, people) -> None:
    """people: the ids of those who may answer."""
    data = {"due": row.due_on}
    tell(ASKED, [Told(f"{ASKED}:{row.pk}:{code}", person, row.pk, data=data) for person in people])


def tell_warned(row, people) -> None:
    """The leads, the unit, and each person whose access would end."""
    key = f"{WARNED}:{row.pk}:{row.ends_on}"
    warned = {"ends": row.ends_on}
    tell(WARNED, [Told(key, person, row.pk, data=warned) for person in answering_for(row.agency_id) | unit()])
    data = {"agency": row.agency_id or "", "day": row.ends_on}
    tell(YOURS, [Told(f"{YOURS}:{row.pk}:{row.ends_on}", user.pk, user.pk, data=data) for user in people])


def tell_ended(row) -> None:
    tell(ENDED, [Told(f"{ENDED}:{row.pk}", person, row.pk) for person in unit()])


def _said(notices, user, words):
    rows = Confirmation.objects.visible_to(user).filter(pk__in={each.subject_id for each in notices})
    found = {row.pk: row for row in rows.select_related("agency")}
    return {each.pk: words(found[each.subject_id], each.data) for each in notices if each.subject_id in found}


def _day(data, name, now):
    """A day as it was when it was told, since it may be another one now; `now` for what was told before it was kept."""
    return date.fromisoformat(data[name]) if data.get(name) else now


def _where(row):
    return row.agency.name if row.agency else "the partnership’s own roles"


def _describe_asked(notices, user):
    def words(row, data):
        return f"Who of {_where(row)} still needs access? Answer by {plain(_day(data, 'due', row.due_on))}."

    return _said(notices, user, words)


def _describe_warned(notices, user):
    def words(row, data):
        ends = _day(data, "ends", row.ends_on)
        longer = row.status == Confirmation.Status.OPEN  # the warning was taken back
        since = f" They have longer since: until {plain(row.due_on)}." if longer else ""
        if ends is None:
            return f"{_where(row)} had not said who still needs access.{since}"
        return (
            f"{_where(row)} had not said who still needs access. Without an answer it ends after {plain(ends)}.{since}"
        )

    return _said(notices, user, words)


def _describe_ended(notices, user):
    return _said(
        notices,
        user,
        lambda row, _: f"{_where(row)} did not answer: access has ended. What was kept is under ‘Leaving’.",
    )


def _describe_yours(notices, user):
    agencies = {each.data["agency"] for each in notices if each.data["agency"]}
    names = {str(pk): name for pk, name in Agency.objects.filter(pk__in=agencies).values_list("pk", "name")}
    return {
        each.pk: f"Your access for {names.get(each.data['agency'], 'the partnership')} ends after "
        f"{plain(date.fromisoformat(each.data['day']))} unless it is confirmed. Ask your lead."
        for each in notices
    }


def _still_asked(notices) -> set:
    rows = Confirmation.objects.unscoped("the relay asks whether it is still open")
    rows = rows.filter(status__in=Confirmation.WAITING, pk__in={each.subject_id for each in notices})
    ids = set(rows.values_list("pk", flat=True))
    return {each.pk for each in notices if each.subject_id in ids}


def _at(notice):
    return reverse("directory:confirm", args=[notice.subject_id])


def register_notices():
    ours = {"model": Confirmation, "perm": Perm.COLLEAGUES, "url": _at}
    register(
        NoticeKind(
            ASKED, "Confirm who still needs access", describe=_describe_asked, still_wanted=_still_asked, bulk=True,
            **ours,
        )
    )  # fmt: skip
    register(
        NoticeKind(
            WARNED, "Access ends soon because nobody confirmed it", describe=_describe_warned, apart=True,
            still_wanted=_still_asked, **ours,
        )
    )  # fmt: skip
    register(NoticeKind(ENDED, "Access has ended because nobody confirmed it", describe=_describe_ended, **ours))
    register(
        NoticeKind(
            YOURS, "Your access ends soon", model=User, perm=Perm.DIRECTORY_VIEW, describe=_describe_yours, apart=True,
            url=lambda notice: reverse(settings.LOGIN_REDIRECT_URL),
        )
    )  # fmt: skip
