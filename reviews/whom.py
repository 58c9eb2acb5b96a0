"""Who can be asked for a return, or given a part in one: one rule for every page and service that names somebody."""

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef

from partnership.access.models import Conflict
from partnership.access.rows import as_array, can, holders
from partnership.people.models import Membership, User
from partnership.people.roles import Perm
from partnership.people.services import SHARED
from reviews.models import AgencyReturn

BARRED = "This person is barred from this review by a conflict of interest."
# While two people have not agreed to a changed account, nothing of a case opens to it, and every day would be lost.
CAN_ANSWER = {"user__is_active": True, "user__shared_address": False, "user__suspended_at": None}


def belonging(**where):
    """The live memberships of organisations whose people can be asked: they sign in as themselves, unsuspended."""
    return Membership.objects.live().filter(agency__isnull=False, **CAN_ANSWER).filter(**where)


def people_of(agency_id, *, since=None):
    """The people of an organisation who can be asked today. since: a filter on when they came, as a Q."""
    rows = belonging(agency=agency_id)
    return User.objects.filter(pk__in=(rows if since is None else rows.filter(since)).values("user_id"))


def is_barred(user, folder) -> bool:
    return Conflict.objects.live().filter(user=user, folder_id__in=folder.path).exists()


def author_can(**of_folder):
    """Whether the author of an outer return of an organisation can answer it today: not barred, gone nor suspended.

    of_folder: a filter on the bars of its folder.
    """
    author = {"user_id": OuterRef("author_id")}
    barred = Conflict.objects.live().filter(**of_folder, **author)
    return Exists(belonging(agency_id=OuterRef("agency_id"), **author)) & ~Exists(barred)


def can_be_answered(row) -> bool:
    rows = AgencyReturn.objects.unscoped("one bit, for somebody on the case")
    return rows.filter(author_can(folder__among=as_array(row.folder.path)), pk=row.pk).exists()


def stuck_without(user, folder) -> list:
    """What a bar of this person leaves undone in a folder, as sentences for those who ask for returns."""
    rows = AgencyReturn.objects.unscoped("counted for whoever barred the author")
    count = rows.filter(folder=folder, author=user, status__in=AgencyReturn.OWED).count()
    if not count:
        return []
    has = "1 request has" if count == 1 else f"{count} requests have"
    it = "it" if count == 1 else "them"
    return [
        f"{has} nobody now who can answer {it}. Withdraw {it} and ask somebody else: see ‘Returns that are not in’."
    ]


def whom_to_tell(row) -> str:
    """Whom the author of a return turns to: who asked, while they carry the case; else one who asks for returns now."""
    people = list(holders(row.folder, Perm.RETURN_REQUEST))
    if not people or row.asked_by in people:
        return row.asked_by.name
    return people[0].name


def not_possible(name) -> str:
    """Why is not told: a conflict of interest, a suspended account and belonging elsewhere are not told apart."""
    return f"{name} cannot be asked for this return. Choose somebody else."


def barred_words(name, review, *, by) -> str:
    """Who is barred is told to those alone who let people in to the case and bar them from it."""
    return BARRED if can(by, Perm.FOLDER_GRANT, review) else not_possible(name)


def must_be_askable(user, agency, review, *, by, field) -> None:
    """Raises ValidationError naming `field` for somebody who cannot be asked there today or is barred."""
    if not user.is_active or not Membership.objects.live().filter(user=user, agency=agency).exists():
        raise ValidationError({field: f"This person does not belong to {agency.name} today."})
    if user.shared_address:
        raise ValidationError({field: SHARED})
    if is_barred(user, review.folder):
        raise ValidationError({field: barred_words(user.name, review, by=by)})
    if not people_of(agency.pk).filter(pk=user.pk).exists():
        raise ValidationError({field: not_possible(user.name)})
