"""Emergency access (house.md 2.9): a sealed case opened by its code word, with a reason, for a day, and told at once.

Whoever types a word that opens nothing and whoever is barred get the same answer, after the same work and not before
the same moment: it would say that a case exists.
"""

import time
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from partnership.access.models import Conflict, Folder, FolderGrant
from partnership.access.reach import reach_of
from partnership.access.rows import can, holders
from partnership.access.services import let_in_for_emergency
from partnership.people.models import Membership, User
from partnership.people.roles import Perm
from partnership.people.services import SHARED
from partnership.trail.models import Event
from partnership.trail.services import record

HOURS = 24
TRIES = 5  # an hour, of one person, whatever came of them: the code words are twenty thousand
VERBS = ("emergency_opened", "emergency_barred", "emergency_missed")
NOT_BEFORE = 0.4  # seconds: longer than telling people takes
TOO_MANY = f"You can try {TRIES} times an hour. Ring somebody who is on the case, or try again later."
MISSED = "This did not open a case. Check the code word, or ring the business unit."

_told: list[Callable] = []


def register_emergency(hook: Callable) -> None:
    """hook(event, folder, people): tells what the event says. people: ids of those who let people into the folder."""
    if hook not in _told:
        _told.append(hook)


def here_for_a_day(folder) -> set:
    """Ids of those who are let into this folder by emergency access alone: they read it, and take no part in it."""
    rows = FolderGrant.objects.live().filter(content_object_id__in=folder.path)
    lasting = rows.filter(emergency=False).values("user_id")
    return set(rows.filter(emergency=True).exclude(user_id__in=lasting).values_list("user_id", flat=True))


def read_until(user, folder_id) -> datetime | None:
    """Until when this person reads the folder by emergency access alone; None for everybody else, without a query for
    whoever has none."""
    if folder_id is None or folder_id not in reach_of(user).emergencies:
        return None
    rows = FolderGrant.objects.live().filter(user=user, content_object=folder_id)
    ends = dict(rows.order_by("ends").values_list("emergency", "ends"))
    return None if False in ends else ends.get(True)


def data_protection_officer() -> User | None:
    """Who is told of every emergency access: the account of the setting, while it is somebody's who is here."""
    address = settings.DATA_PROTECTION_OFFICER
    if not address:
        return None
    here = Membership.objects.live().values("user_id")
    return User.objects.filter(email__iexact=address, is_active=True, pk__in=here).first()


@transaction.atomic
def open_in_emergency(word, *, by, reason) -> tuple[Folder | None, bool]:
    """(folder, whether it was opened now): let `by` read the sealed folder of this code word for HOURS.

    (folder, False) for somebody who is on it already; (None, False) for a word that opens nothing and for whoever is
    barred, whose try its granters are told of. Raises ValidationError after TRIES in an hour, and for an office's
    address. The page has asked for EMERGENCY.
    """
    began = time.monotonic()
    person = User.objects.select_for_update(of=("self",), no_key=True).get(pk=by.pk)
    if person.shared_address:
        raise ValidationError(SHARED)
    if _tries(by) >= TRIES:
        raise ValidationError(TOO_MANY)
    found = _folder(word, by)
    folder = found or Folder(id=uuid.uuid4(), path=[uuid.uuid4()], sealed=True)
    barred = Conflict.objects.live().filter(user=by, folder_id__in=folder.path).exists()
    inside = can(by, Perm.FOLDER_VIEW, folder)
    granters = set(holders(folder, Perm.FOLDER_GRANT).values_list("pk", flat=True)) - {by.pk}
    if inside:
        return found, False
    if found is None or barred:
        event = record("emergency_barred", by=by, obj=found) if found else record("emergency_missed", by=by)
        _tell(event, folder, granters)
        time.sleep(max(0, NOT_BEFORE - (time.monotonic() - began)))
        return None, False
    let_in_for_emergency(folder, by, reason=reason, ends=timezone.now() + timedelta(hours=HOURS))
    event = Event.objects.filter(actor_id=by.pk, verb="emergency_opened", object_id=folder.pk).first()
    _tell(event, folder, granters)
    return folder, True


def _tries(by) -> int:
    since = timezone.now() - timedelta(hours=1)
    return Event.objects.filter(actor_id=by.pk, verb__in=VERBS, recorded_at__gt=since).count()


def _folder(word, by) -> Folder | None:
    """The sealed folder of this word in a partnership where `by` may do this; locked, as a bar locks it."""
    places = reach_of(by).places(Perm.EMERGENCY)
    rows = Folder.objects.unscoped("typed by heart: somebody who may open it in an emergency names it")
    rows = rows.filter(reference__iexact=" ".join(word.split()), sealed=True, partnership_id__in=places)
    return rows.select_for_update(of=("self",)).first()


def _tell(event, folder, people):
    for hook in _told:
        hook(event, folder, people)
