"""Who is told of emergency access: those who let people into the case, and the data protection officer (house.md 2.9).

No letter may be switched off. The officer is told who and when, and not which case: that is asked of the person.
"""

from django.urls import reverse
from django.utils import timezone

from partnership.access.emergency import data_protection_officer
from partnership.access.models import Folder
from partnership.notify.kinds import NoticeKind, register
from partnership.notify.telling import Told, tell
from partnership.people.models import User
from partnership.people.roles import Perm
from partnership.ui.dates import plain

OPENED, BARRED, OFFICER = "emergency_opened", "emergency_barred", "emergency_officer"


def tell_of_emergency(event, folder, people) -> None:
    """Tell what the event says, once each. A word that opened nothing tells nobody."""
    who = {"who": str(event.actor_id)}
    if event.verb in (OPENED, BARRED):
        tell(event.verb, [Told(f"{event.verb}:{event.pk}", pk, folder.pk, folder.pk, who) for pk in people])
    if event.verb == OPENED and (officer := data_protection_officer()):
        tell(OFFICER, [Told(f"{OFFICER}:{event.pk}", officer.pk, event.actor_id)])


def _of_a_folder(sentence):
    def describe(notices, user):
        rows = Folder.objects.allowing(user, Perm.FOLDER_GRANT).filter(pk__in={each.subject_id for each in notices})
        words = dict(rows.values_list("pk", "reference"))
        names = _names({each.data.get("who") for each in notices})
        return {
            each.pk: sentence.format(who=names.get(each.data.get("who"), "Somebody"), case=words[each.subject_id])
            for each in notices
            if each.subject_id in words
        }

    return describe


def _describe_to_officer(notices, user):
    names = _names({each.subject_id for each in notices})
    return {
        each.pk: f"{names.get(str(each.subject_id), 'Somebody')} opened a sealed case in an emergency on "
        f"{plain(timezone.localtime(each.created_at))}. Ask them why; those who let people into the case are told too."
        for each in notices
    }


def _names(ids) -> dict:
    return {str(pk): name for pk, name in User.objects.filter(pk__in=ids - {None}).values_list("pk", "name")}


def _at_people(notice):
    return reverse("access:people", args=[notice.folder_id])


def _at_notices(notice):
    return reverse("notify:notices")


def register_kinds():
    about = {"model": Folder, "perm": Perm.FOLDER_GRANT, "url": _at_people, "statutory": True, "apart": True}
    opened = "{who} opened {case} in an emergency, to read it for 24 hours. The reason stands on ‘People with access’."
    barred = "{who}, who is barred from {case} by a conflict of interest, tried to open it in an emergency."
    register(NoticeKind(OPENED, "A case was opened in an emergency", describe=_of_a_folder(opened), **about))
    register(NoticeKind(BARRED, "Somebody barred tried to open a case", describe=_of_a_folder(barred), **about))
    register(
        NoticeKind(
            OFFICER, "Emergency access was used", model=User, perm=Perm.DIRECTORY_VIEW,
            describe=_describe_to_officer, url=_at_notices, statutory=True, apart=True,
        )
    )  # fmt: skip
