"""The partnership that the bench measures: every number and choice is seeded, so two runs measure the same rows.

20,000 folders: 10,000 sealed reviews and 10,000 open folders in trees (groups with meetings, audits and courses with
items). 400 people, 5,000 grants (one in twelve ended), bars, a directory of 2,000 organisations, a trail of 200,000.
"""

import random
import uuid
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice, permutations

from django.db import connection, transaction
from django.utils import timezone

from bench import acting, attending, clocks, crowd
from partnership.access.codewords import WORDS
from partnership.access.models import Conflict, Folder, FolderGrant
from partnership.access.services import permission_for
from partnership.deadlines.office import office_of
from partnership.documents.models import Document
from partnership.people.finding import refresh
from partnership.people.models import Agency, Area, Membership, Partnership, School, Site, User
from partnership.people.roles import AGENCY_ROLES, FOLDER_ROLES, Role
from reviews.models import Review

FOLDERS, REVIEWS, PEOPLE, GRANTS, AGENCIES, EVENTS = 20_000, 10_000, 400, 5_000, 2_000, 200_000
MANAGER, OFFICER, PANEL, NEWCOMER = 600, 50, 3, 1  # how many reviews each of the four may see
BARS = 300
DUTIES = 5_000
ENTRIES = 5_000
ACTIONS = 2_000
ROWS = (1, 50)
RETURNS = 12  # of a review as they are: eight agencies, two schools, two bodies from outside
AREA = "one-organisation"
_random = random.Random(20261122)


def new_id():
    return uuid.UUID(int=_random.getrandbits(128), version=4)


@dataclass
class BenchWorld:
    """people: the four named above. reviews, agencies: how many rows hang on it -> it. duties: clocks of no case.
    attended: (seats, meetings) -> the group."""

    people: dict
    reviews: dict
    agencies: dict
    duties: list
    attended: dict


def fill() -> BenchWorld:
    """Fill an empty, provisioned database through the web role; every constraint and trigger holds as it does live."""
    with transaction.atomic():
        partnership = Partnership.objects.get()
        agencies = _directory()
        people = _people(partnership, agencies)
        folders = _reviews_folders(partnership)
        reviews = crowd.reviews(folders, people, agencies, _random, new_id)
        tops = _open_folders(partnership, agencies)
        named = dict(zip(("manager", "officer", "panel", "newcomer"), people, strict=False))
        _let_in(named, people, folders)
        sizes = {ROWS[0]: reviews[0], RETURNS: reviews[3], ROWS[1]: reviews[1]}  # all three are decided, and not sent
        places = dict(zip(ROWS, _organisations(agencies), strict=False))
        for rows, row in sizes.items():
            crowd.enlarge_review(row, rows, people=people, agencies=agencies)
        crowd.chronology(sizes[ROWS[1]], ENTRIES, by=people[0], agencies=agencies)
        for rows, row in places.items():
            crowd.enlarge_agency(row, rows, people=people, partnership=partnership)
        duties = clocks.standing_alone(office_of(partnership), people[:2], DUTIES, new_id)
        groups = [top for top in tops if top.kind == "group"][: acting.GROUPS]
        owners = _owners(people)[: acting.OWNERS]
        acting.actions(groups, owners, ACTIONS, by=people[0], random=_random, identify=new_id)
        attended = attending.attendance(groups, agencies, random=_random, identify=new_id)
    _trail(people, reviews)
    return BenchWorld(named, sizes, places, duties, attended)


def _directory():
    """The real directory of the template database, and invented bodies up to AGENCIES."""
    areas = list(Area.objects.all())
    missing = AGENCIES - Agency.objects.count()
    bodies = [
        Agency(id=new_id(), slug=f"bench-{n}", name=f"{_words(n)} {'School' if n % 3 else 'Trust'} {n}",
               kind="school" if n % 3 else "provider")
        for n in range(missing)
    ]  # fmt: skip
    Agency.objects.bulk_create(bodies, batch_size=1000)
    where = Agency.areas.through
    where.objects.bulk_create([where(agency=body, area=_random.choice(areas)) for body in bodies], batch_size=1000)
    Site.objects.bulk_create(
        [Site(agency=body, name="Main site", town=_words(n).split()[0], postcode="ST1 1AA")
         for n, body in enumerate(bodies)], batch_size=1000,
    )  # fmt: skip
    School.objects.bulk_create(
        [School(agency=body, urn=900_000 + n, local_authority_code="861", establishment_type="Academy")
         for n, body in enumerate(bodies) if body.kind == "school"], batch_size=1000,
    )  # fmt: skip
    alone = Area.objects.create(slug=AREA, name="One organisation")
    where.objects.create(agency=bodies[0], area=alone)
    return list(Agency.objects.live().order_by("name"))


def _words(n):
    return f"{WORDS[n % len(WORDS)]} {WORDS[(n * 7 + 3) % len(WORDS)]}".title()


def _organisations(agencies):
    return [agency for agency in agencies if agency.slug.startswith("bench-")][:2]


def _people(partnership, agencies):
    people = [
        User(id=new_id(), email=f"bench-{n}@portal.example", name=f"Bench {n:03d}", job_title="Officer", password="!")
        for n in range(PEOPLE)
    ]
    User.objects.bulk_create(people)
    wide = {0: Role.BUSINESS_MANAGER, 1: Role.BUSINESS_UNIT, 3: Role.BUSINESS_UNIT}
    Membership.objects.bulk_create(
        Membership(user=user, partnership=partnership, role=wide[n]) if n in wide
        else Membership(user=user, partnership=partnership, role=AGENCY_ROLES[n % 4], agency=_random.choice(agencies))
        for n, user in enumerate(people)
    )  # fmt: skip
    return people


def _reviews_folders(partnership):
    pairs = [f"{one} {two}".title() for one, two in permutations(WORDS, 2)]
    references = _random.sample(pairs, REVIEWS)
    folders = [_folder(partnership, "review", reference, sealed=True) for reference in references]
    Folder.objects.bulk_create(folders, batch_size=1000)
    return folders


def _folder(partnership, kind, reference, parent=None, sealed=False):
    pk = new_id()
    path = [*(parent.path if parent else []), pk]
    return Folder(
        id=pk, kind=kind, reference=reference, title=reference, partnership=partnership, parent=parent, path=path,
        sealed=sealed,
    )  # fmt: skip


def _open_folders(partnership, agencies):
    """Their tops. Trees of 50: a group with its meetings, an audit or a course with its items, each with a document."""
    tops, below = [], []
    for n in range((FOLDERS - REVIEWS) // 50):
        kind = ("group", "group", "group", "audit", "course")[n % 5]
        tops.append(top := _folder(partnership, kind, f"{kind}-{n}"))
        inner = "meeting" if kind == "group" else "item"
        below += [_folder(partnership, inner, f"{kind}-{n}-{number}", parent=top) for number in range(1, 50)]
    Folder.objects.bulk_create(tops)
    Folder.objects.bulk_create(below, batch_size=1000)
    through = Folder.agencies.through
    through.objects.bulk_create(
        through(folder=top, agency=agency)
        for top in tops if top.kind in ("audit", "course") for agency in _random.sample(agencies, 20)
    )  # fmt: skip
    now = timezone.now()
    Document.objects.bulk_create(
        [Document(id=new_id(), folder=folder, title="Papers", marking="official",
                  created_at=now - timedelta(minutes=_random.randrange(2_000_000)))
         for folder in (*tops, *below)], batch_size=1000,
    )  # fmt: skip
    return tops


def _owners(people):
    """(user, organisation), one of each organisation."""
    members = Membership.objects.filter(user__in=people, agency__isnull=False).select_related("user", "agency")
    return list({each.agency_id: (each.user, each.agency) for each in members.order_by("pk")}.values())


def _let_in(named, people, folders):
    """The four named people see exactly their numbers; the manager is also barred from five that she was let into."""
    now = timezone.now()
    permissions = {role: permission_for(role) for role in FOLDER_ROLES}
    grants, bars = {}, {}

    def let_in(user, folder, role, ended=False):
        grants[(user.pk, folder.pk, role)] = FolderGrant(
            user=user, content_object=folder, permission=permissions[role], reason="Works on this case",
            starts=now - timedelta(days=40), ends=now - timedelta(days=1) if ended else None,
        )  # fmt: skip

    def bar(user, folder):
        bars[(user.pk, folder.pk)] = Conflict(user=user, folder=folder, reason="personal", starts=now)

    reach = {"manager": (MANAGER + 5, Role.CASE_LEAD), "officer": (OFFICER, Role.CASE_OFFICER),
             "panel": (PANEL, Role.PANEL_MEMBER), "newcomer": (NEWCOMER, Role.CASE_OFFICER)}  # fmt: skip
    for name, (number, role) in reach.items():
        for folder in folders[:number]:
            let_in(named[name], folder, role)
    for folder in folders[MANAGER : MANAGER + 5]:
        bar(named["manager"], folder)
    others = people[len(reach) :]
    while len(grants) < GRANTS:
        n = len(grants)
        let_in(_random.choice(others), _random.choice(folders), FOLDER_ROLES[n % 4], ended=n % 12 == 0)
    while len(bars) < BARS:
        bar(_random.choice(others), _random.choice(folders))
    FolderGrant.objects.bulk_create(grants.values(), batch_size=1000)
    Conflict.objects.bulk_create(bars.values(), batch_size=1000)


def _trail(people, reviews):
    """Readings of the past years, most of them by the business manager: what the reading's own look-up walks over."""
    readers = [people[0].pk] * 20 + [user.pk for user in islice(people, 1, 60)]
    shown = [(review.pk, review.folder_id) for review in reviews[:1000]]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO trail_event (verb, actor_id, folder_id, object_kind, object_id, data, happened_at, recorded_at)
            SELECT CASE WHEN n %% 3 = 0 THEN 'listed' ELSE 'read' END, (%s::uuid[])[1 + n %% %s],
                   CASE WHEN n %% 3 = 0 THEN NULL ELSE (%s::uuid[])[1 + n %% 1000] END, 'reviews.review',
                   CASE WHEN n %% 3 = 0 THEN NULL ELSE (%s::uuid[])[1 + n %% 1000] END,
                   jsonb_build_object('ids', jsonb_build_array(n::text)), at, at
            FROM generate_series(1, %s) n, LATERAL (SELECT now() - make_interval(mins => 20 + n * 5) AS at) moment
            """,
            [readers, len(readers), [f for _, f in shown], [pk for pk, _ in shown], EVENTS],
        )


def grow_directory(total):
    """More schools, up to `total` organisations, each with a site and the words of the search."""
    missing = total - Agency.objects.count()
    bodies = [
        Agency(id=new_id(), slug=f"grown-{n}", name=f"{_words(n)} Primary School", kind="school")
        for n in range(missing)
    ]
    sites = [
        Site(agency=body, name="Main site", town=_words(n).split()[0], postcode=f"ST{n % 9 + 1} {n % 10}AB")
        for n, body in enumerate(bodies)
    ]
    schools = [
        School(agency=body, urn=700_000 + n, local_authority_code="861", establishment_type="Academy", phase="Primary")
        for n, body in enumerate(bodies)
    ]
    with transaction.atomic():
        Agency.objects.bulk_create(bodies, batch_size=5000)
        Site.objects.bulk_create(sites, batch_size=5000)
        School.objects.bulk_create(schools, batch_size=5000)
        area, where = Area.objects.get(slug="stoke-on-trent"), Agency.areas.through
        where.objects.bulk_create([where(agency=body, area=area) for body in bodies], batch_size=5000)
        refresh(Agency.objects.filter(words="").values_list("pk", flat=True))


def visible_reviews(user):
    """How many reviews the row rule lets this person see: the bench checks its own world by it."""
    return Review.objects.visible_to(user).count()
