"""Who can open a folder today, who is barred from it, and where people belong."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from partnership.access.interests import interests_of
from partnership.access.models import Conflict, Folder, FolderGrant
from partnership.access.rows import holders
from partnership.access.work import Work
from partnership.people.models import Membership
from partnership.people.roles import Perm

WHOLE_PARTNERSHIP = "The partnership as a whole"
DECLARED_FOR_DAYS = (
    14  # how long home names a declared conflict to those who let people in; the People page always does
)


@dataclass
class PeopleOfFolder:
    """What 'People with access' lists; each grant and bar carries `where`, the names of its person's organisations.

    live: grants of those who can open the folder today. The rest is for those who let people in: resting (grants in
    force of people who cannot open it, because their account is switched off or they belong nowhere today), barred
    (Conflict rows, each with `grants` and `roles`, which would hold again if the bar were lifted), lifted (Conflict
    rows that somebody ended, newest first), ended (grants, newest first).
    """

    live: list
    resting: list = field(default_factory=list)
    barred: list = field(default_factory=list)
    lifted: list = field(default_factory=list)
    ended: list = field(default_factory=list)


def people_of(folder, *, granter) -> PeopleOfFolder:
    """The people of a folder; `granter` says whether the reader lets people in. As many queries for fifty as for one.

    A granter's rows carry `said`: what speaks for thinking twice about this person here, in whole sentences.
    """
    grants = _grants(folder)
    in_force = list(grants.live().order_by("user__name"))
    inside = set(holders(folder, Perm.FOLDER_VIEW).values_list("pk", flat=True))
    people = PeopleOfFolder(live=[row for row in in_force if row.user_id in inside])
    if granter:
        people.barred = list(_bars().filter(folder_id__in=folder.path).order_by("user__name"))
        lifted = Conflict.objects.filter(folder_id__in=folder.path, ends__lte=timezone.now())
        people.lifted = list(lifted.select_related("user", "lifted_by").order_by("-ends"))
        barred = {row.user_id for row in people.barred}
        people.resting = [row for row in in_force if row.user_id not in inside | barred]
        people.ended = list(grants.exclude(pk__in=[row.pk for row in in_force]).order_by("-ends"))
        for bar in people.barred:
            bar.grants = [row for row in in_force if row.user_id == bar.user_id]
        _place_roles(people.barred, folder)
        said = interests_of(folder, {row.user for row in in_force})
        for row in in_force:
            row.said = [each.words for each in said.get(row.user_id, ()) if row.role in each.roles]
    _place((*people.live, *people.resting, *people.barred))
    return people


def bar_of(folder, pk) -> Conflict | None:
    """The bar of this folder itself that holds now, with its `grants`, `roles` and `where`; None if there is none."""
    bar = _bars().filter(folder=folder, pk=pk).first()
    if bar is not None:
        bar.grants = list(_grants(folder).live().filter(user=bar.user_id))
        _place_roles([bar], folder)
        _place([bar])
    return bar


def is_barred(user, folder) -> bool:
    """Whether a conflict of interest keeps `user` out of this folder today; it beats every path."""
    return Conflict.objects.live().filter(user=user, folder_id__in=folder.path).exists()


def _bars():
    return Conflict.objects.live().select_related("user", "declared_by")


def _grants(folder):
    """The grants that open this folder, those that have ended too."""
    grants = FolderGrant.objects.filter(content_object_id__in=folder.path)
    if folder.sealed:
        grants = grants.filter(content_object__sealed=True)  # what opens a folder above opens no sealed one below
    return grants.select_related("user", "permission", "granted_by")


def _place_roles(bars, folder):
    """Give each bar `roles`: the names of its person's own roles, which count here again where the folder is not
    sealed. One query."""
    found = defaultdict(list)
    if bars and not folder.sealed:
        rows = Membership.objects.live().filter(
            user__in={bar.user_id for bar in bars}, partnership=folder.partnership_id
        )
        for row in rows.select_related("agency").order_by("role", "agency__name"):
            found[row.user_id].append(f"{row.label}, {row.agency.name}" if row.agency_id else row.label)
    for bar in bars:
        bar.roles = found[bar.user_id]


def _place(rows):
    where = organisations_of({row.user_id for row in rows})
    for row in rows:
        row.where = [name for name in where.get(row.user_id, ()) if name != WHOLE_PARTNERSHIP]


def organisations_of(users) -> dict:
    """user id -> the names of the organisations that he belongs to today, the whole partnership first; one query."""
    found = {}
    rows = Membership.objects.live().filter(user__in=users).order_by(F("agency__name").asc(nulls_first=True))
    for user, name in rows.values_list("user_id", "agency__name"):
        names = found.setdefault(user, [])
        if (name or WHOLE_PARTNERSHIP) not in names:
            names.append(name or WHOLE_PARTNERSHIP)
    return found


def declared_conflicts(user):
    """For home: who declared a conflict of interest of their own lately, told to those who let people in there."""
    rows = Conflict.objects.live().filter(
        folder__in=Folder.objects.allowing(user, Perm.FOLDER_GRANT),
        declared_by=F("user"),
        starts__gt=timezone.now() - timedelta(days=DECLARED_FOR_DAYS),
    )
    for row in rows.select_related("user", "folder"):
        yield Work(
            what=f"{row.user.name} has declared a conflict of interest and is barred",
            url=reverse("access:people", args=[row.folder_id]),
            case=row.folder.reference,
            owed=False,
            folder_id=row.folder_id,
            perm=Perm.FOLDER_GRANT,
        )
