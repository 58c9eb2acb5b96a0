"""What is told of a leaving: to whoever works on it, and to those who alone can hand something over."""

from datetime import date

from django.urls import reverse
from django.utils import timezone

from partnership.access.holding import holders_of
from partnership.access.models import Folder, FolderGrant
from partnership.directory.leads import answering_for, unit
from partnership.directory.leaving.ending import with_case_roles
from partnership.directory.models import Departure
from partnership.notify.kinds import NoticeKind, register
from partnership.notify.telling import Told, tell
from partnership.people.models import User
from partnership.people.roles import Perm
from partnership.ui.dates import plain

STARTED, STUCK, FINISHED = "leaving_started", "leaving_stuck", "leaving_finished"
CANCELLED, GRANTERS, STAYS, ENDED = (
    "leaving_given_up",
    "leaving_hand_over",
    "leaving_access_stays",
    "leaving_access_ended",
)


def tell_started(row) -> None:
    """Somebody said that they leave, or the portal found silence: whoever answers for the organisation is told."""
    if row.started_by_id in (None, row.user_id):
        people = answering_for(row.agency_id, but=row.user_id)
        # Silence ended access, or a lead may not finish it: it is on their list.
        if not row.started_by_id or with_case_roles([row.user_id]):
            people |= unit() - {row.user_id}
        data = {"day": row.last_day}
        tell(STARTED, [Told(f"{STARTED}:{row.pk}", person, row.pk, data=data) for person in people])


def tell_stuck(row, why) -> None:
    """It could not be finished on its day. why: a code. Whoever confirmed it is told, and whoever answers for it."""
    people = answering_for(row.agency_id, but=row.user_id) | ({row.confirmed_by_id} if row.confirmed_by_id else set())
    key = f"{STUCK}:{row.pk}:{timezone.localdate():%G-%V}"
    tell(
        STUCK, [Told(key, person, row.pk, data={"why": why, "day": row.last_day}) for person in people - {row.user_id}]
    )


def tell_finished(row) -> None:
    """By the portal itself, on the day: whoever confirmed it is told."""
    if row.confirmed_by_id:
        tell(FINISHED, [Told(f"{FINISHED}:{row.pk}", row.confirmed_by_id, row.pk)])


def tell_cancelled(row, *, by) -> None:
    """What was confirmed is given up: whoever confirmed it and whoever answers for the organisation is told."""
    people = answering_for(row.agency_id, but=row.user_id) | {row.confirmed_by_id}
    told = people - {row.user_id, by.pk, None}
    tell(CANCELLED, [Told(f"{CANCELLED}:{row.pk}", person, row.pk, data={"by": by.pk}) for person in told])


def _who_lets_in(folders) -> list:
    """(folder, the ids of those who let people in there) of each; as many queries for fifty folders as for one."""
    folders = list(folders)
    held = holders_of(folders, [Perm.FOLDER_GRANT]) if folders else {}
    return [(folder, held[folder.pk, Perm.FOLDER_GRANT]) for folder in folders]


def tell_granters(row, items) -> None:
    """Those who alone can let somebody else into a folder are told by when; the case stands on their own page only."""
    folders = {item.held.folder_id for item in items if item.missing and not item.mine_to_give and item.held.folder_id}
    rows = Folder.objects.unscoped("those who let people in there are told").filter(pk__in=folders)
    told = []
    for folder, people in _who_lets_in(rows):
        told += [
            Told(
                f"{GRANTERS}:{row.pk}:{folder.pk}:{row.last_day}",
                person,
                folder.pk,
                folder.pk,
                {"user": row.user_id, "day": row.last_day},
            )
            for person in (people - {row.user_id}) or people
        ]
    tell(GRANTERS, told)


def tell_of_access_that_stays(row) -> None:
    """They left one organisation and belong to another: access to cases is by name and goes on. Is that still right?"""
    grants = FolderGrant.objects.live().filter(user=row.user_id).select_related("content_object")
    told = [
        Told(f"{STAYS}:{row.pk}:{folder.pk}", person, folder.pk, folder.pk, {"user": row.user_id})
        for folder, people in _who_lets_in({grant.content_object for grant in grants})
        for person in people - {row.user_id}
    ]
    tell(STAYS, told)


def folders_of(user) -> set:
    """The ids of the folders that `user` is let into by name."""
    return set(FolderGrant.objects.live().filter(user=user).values_list("content_object_id", flat=True))


def tell_of_access_that_ended(user, folders, *, by, about) -> None:
    """Somebody was let in there and is not any more: those who let people in know it at once.

    about: the id of the leaving, or of the role, with which it ended.
    """
    rows = Folder.objects.unscoped("those who let people in there are told").filter(pk__in=folders)
    told = [
        Told(f"{ENDED}:{about}:{folder.pk}", person, folder.pk, folder.pk, {"user": user.pk})
        for folder, people in _who_lets_in(rows)
        for person in people - {user.pk, by.pk if by else None}
    ]
    tell(ENDED, told)


def _departures(notices, user):
    rows = Departure.objects.visible_to(user).filter(pk__in={each.subject_id for each in notices})
    return {row.pk: row for row in rows.select_related("user", "agency")}


def _words(row, data):
    """Who leaves what, and the last day as it was when it was told: it may be another one since."""
    place = row.agency.name if row.agency else "the partnership"
    day = date.fromisoformat(data["day"]) if data.get("day") else row.last_day
    return f"{row.user.name} leaves {place}", plain(day)


def _of_departures(sentence):
    """sentence(who, day) of each notice whose departure this person may see."""

    def describe(notices, user):
        rows = _departures(notices, user)
        return {
            each.pk: sentence(*_words(rows[each.subject_id], each.data)) for each in notices if each.subject_id in rows
        }

    return describe


def _describe_cancelled(notices, user):
    rows, said = _departures(notices, user), {}
    names = _names(each.data["by"] for each in notices)
    for each in notices:
        if row := rows.get(each.subject_id):
            who = names.get(each.data["by"], "Somebody")
            said[each.pk] = f"{row.user.name} stays after all: {who} has given the leaving up."
    return said


def _names(ids) -> dict:
    return {str(pk): name for pk, name in User.objects.filter(pk__in=set(ids)).values_list("pk", "name")}


def _of_folders(sentence):
    """sentence(name, folder, data) of each notice about a folder into which this person lets people."""

    def describe(notices, user):
        ids = {each.subject_id for each in notices}
        folders = Folder.objects.allowing(user, Perm.FOLDER_GRANT).filter(pk__in=ids)
        words = dict(folders.values_list("pk", "reference"))
        names = _names(each.data["user"] for each in notices)
        return {
            each.pk: sentence(names.get(each.data["user"], "Somebody"), words[each.subject_id], each.data)
            for each in notices
            if each.subject_id in words
        }

    return describe


def _started(who, day):
    return f"{who}. The last day is {day}. Say who takes over what they hold."


def _stuck(who, day):
    return f"{who}: the last day was {day}, and something still has nobody to take it."


def _finished(who, _):
    return f"{who}: it is finished."


def _to_hand_over(name, folder, data):
    day = plain(date.fromisoformat(data["day"]))
    return f"{name} leaves, and something on {folder} needs somebody else: let them in before {day}."


def _stays(name, folder, _):
    return f"{name} has left an organisation and still has access to {folder}. End it if that is no longer right."


def _ended(name, folder, _):
    return (
        f"{name} has left, and with it their access to {folder} has ended. "
        "Let somebody else in if they are needed there."
    )


def _still_open(notices) -> set:
    rows = Departure.objects.unscoped("the relay asks whether it is still open").filter(status__in=Departure.OPEN)
    ids = set(rows.filter(pk__in={each.subject_id for each in notices}).values_list("pk", flat=True))
    return {each.pk for each in notices if each.subject_id in ids}


def _at_departure(notice):
    return reverse("directory:departure", args=[notice.subject_id])


def _at_people(notice):
    return reverse("access:people", args=[notice.subject_id])


def register_notices():
    departures = {"model": Departure, "perm": Perm.COLLEAGUES, "url": _at_departure}
    folders = {"model": Folder, "perm": Perm.FOLDER_GRANT, "url": _at_people}
    for code, title, describe, more in (
        (STARTED, "Somebody is leaving", _of_departures(_started), departures | {"still_wanted": _still_open}),
        (
            STUCK,
            "A leaving could not be finished",
            _of_departures(_stuck),
            departures | {"still_wanted": _still_open, "apart": True},
        ),
        (FINISHED, "A leaving is finished", _of_departures(_finished), departures),
        (CANCELLED, "A leaving was given up", _describe_cancelled, departures),
        (
            GRANTERS,
            "Somebody is leaving: hand over what they hold",
            _of_folders(_to_hand_over),
            folders | {"apart": True},
        ),
        (STAYS, "Somebody left an organisation and still has access", _of_folders(_stays), folders),
        (ENDED, "Somebody left, and their access to a case ended", _of_folders(_ended), folders | {"apart": True}),
    ):
        register(NoticeKind(code, title, describe=describe, **more))
