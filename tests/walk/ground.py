"""What the walk walks on: the world with more markers on it, and a signed-in client for every persona."""

import time
from dataclasses import dataclass, field
from datetime import timedelta

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from django.test import Client
from django.utils import timezone

from partnership.access import links
from partnership.access import services as access
from partnership.access.middleware import SEEN
from partnership.access.models import Conflict, Folder, FolderGrant, FolderKind
from partnership.deadlines import services as clocks
from partnership.deadlines.models import Deadline
from partnership.deadlines.rules import INCIDENT_NOTIFICATION, RAPID_REVIEW
from partnership.documents.models import Document, Version
from partnership.jobs.models import Job
from partnership.notify.kinds import NoticeKind, register
from partnership.notify.models import Notice, Outgoing
from partnership.notify.telling import Told, tell
from partnership.notify.watch import raise_alarm
from partnership.people.roles import Perm, Role
from partnership.trail.models import Event
from reviews import services
from reviews.models import AgencyReturn, Child, Review
from tests.walk import guests
from tests.walk.samples import SAMPLES
from tests.walk.tables import PERSONAS
from tests.world import World, answer, ask, canary, make_world, person, sign_in

# Accounts with a password; hashing thirty of them would take seconds.
PASSWORD = "pbkdf2_sha256$1$salt$it-matches-nothing"
UNSCOPED = "the walk lays its own ground"


class Walker(Client):
    """A client that keeps neither cookies nor rendered templates: each visit begins as the first did, and is quick."""

    def request(self, **request):
        return self.handler(self._base_environ(**request))


@dataclass
class Ground:
    """clients: persona -> signed-in client. asked, returned, new_child, notice: case name -> row."""

    world: World
    clients: dict = field(default_factory=dict)
    asked: dict = field(default_factory=dict)
    returned: dict = field(default_factory=dict)
    new_child: dict = field(default_factory=dict)
    grant: dict = field(default_factory=dict)
    bar: dict = field(default_factory=dict)
    notice: dict = field(default_factory=dict)
    letter: Outgoing = None
    duty_clock: Deadline = None
    tokens: tuple = ()
    last_event: int = 0

    @property
    def cases(self):
        return (self.world.ours, self.world.theirs)


def lay() -> Ground:
    world = make_world()
    ground = Ground(world)
    ours, theirs = world.ours, world.theirs
    writer = person("writer_of_asked", Role.AGENCY_STAFF, world.agencies["icb"], world.partnership)
    world.people["writer"] = writer
    theirs.returns["icb"] = ask(world, theirs, "writer", "icb", by=world.stranger)
    del world.people["writer"]
    # A draft that nobody but its author may read.
    answer(ours, ours.returns["uhnm"], by=world.author, submit=False)
    answer(theirs, theirs.returns["icb"], by=writer, submit=False)
    ground.asked = {"ours": _return(ours.returns["uhnm"]), "theirs": _return(theirs.returns["icb"])}
    ground.returned = {"ours": _return(ours.returns["school"]), "theirs": _return(theirs.returns["mpft"])}
    for case, by in ((ours, world.officer), (theirs, world.stranger)):
        _mark(ground, case, by)
    _tell(ground)
    ground.duty_clock = _duty_clock(world)
    ground.tokens = _links(world)
    for sample in SAMPLES.values():
        sample(ground)  # what it makes of its own is there from now on
    _sign_everybody_in(ground)
    ground.last_event = Event.objects.latest("pk").pk
    return ground


def _return(row):
    return AgencyReturn.objects.unscoped(UNSCOPED).select_related("agency").get(pk=row.pk)


def _mark(ground, case, by):
    """Markers in what the story itself leaves without words, and the rows that posts are made about."""
    world, name = ground.world, case.name
    services.record_silence(
        case.decision, by=by, seat="la", agency=world.agencies["council"], reason=canary(name, "silence")
    )
    ground.new_child[name] = services.add_child(case.review, by=by, age_band="5-9", legal_status="none")
    outsider = person(f"outsider_{name}", Role.BUSINESS_UNIT, None, world.partnership)
    ground.grant[name] = access.grant(
        case.folder, outsider, Role.CASE_OFFICER, by=by, reason=canary(name, "reason"), ends=None
    )
    barred = world.barred if name == "ours" else person("barred_there", Role.BUSINESS_UNIT, None, world.partnership)
    ground.bar[name] = (
        Conflict.objects.get(user=barred, folder=case.folder)
        if name == "ours"
        else access.bar(case.folder, barred, by=by, reason="personal")
    )
    clock = clocks.running(case.review, RAPID_REVIEW)
    clocks.move(clock, by=by, reason=canary(name, "moved"), trigger=clock.trigger_at - timedelta(minutes=5))
    mine = {"folder": case.folder}
    Deadline.objects.filter(rule=INCIDENT_NOTIFICATION, **mine).update(late_reason=canary(name, "late"))
    Folder.objects.filter(pk=case.folder.pk).update(title=canary(name, "title"))
    Document.objects.filter(**mine).update(marking="sensitive")
    Version.objects.filter(**mine).update(name=canary(name, "version") + ".pdf")
    Job.objects.filter(**mine).update(
        status=Job.Status.FAILED, problem=canary(name, "problem"), finished_at=timezone.now()
    )
    label = f"{name}-{ground.returned[name].agency.slug}"
    AgencyReturn.objects.filter(pk=ground.returned[name].pk).update(
        note=canary(label, "note"), agreement=None, letter_sent_on=timezone.localdate(),
        letter_from=canary(label, "letter_from"), letter_purpose=canary(label, "letter_purpose"),
    )  # fmt: skip
    FolderGrant.objects.filter(content_object=case.folder).update(reason=canary(name, "reason"))
    Conflict.objects.filter(folder=case.folder).update(note=canary(name, "conflict"))
    case.review = Review.objects.select_related("folder", "notification").get(pk=case.review.pk)
    case.child = Child.objects.get(pk=case.child.pk)


# Its sentence holds the case's code word: whoever may not know it must not be shown the notice.
KIND = NoticeKind(
    code="walk",
    title="Something about a review",
    model=Review,
    perm=Perm.REVIEW_VIEW,
    describe=lambda notices, user: {notice.pk: _word_of(notice) for notice in notices},
    url=lambda notice: f"/reviews/{notice.subject_id}",
    apart=True,
)


def _word_of(notice):
    return Folder.objects.unscoped(UNSCOPED).get(pk=notice.folder_id).reference


def _tell(ground):
    """Everybody was told about both cases, as though each had been on them once; one email could not be sent."""
    world = ground.world
    register(KIND)
    for case, reader in ((world.ours, world.officer), (world.theirs, world.stranger)):
        tell("walk", [Told(case.name, user.pk, case.review.pk, case.folder.pk) for user in world.people.values()])
        ground.notice[case.name] = Notice.objects.unscoped(UNSCOPED).get(key=case.name, recipient=reader)
    ground.letter = Outgoing.objects.get(recipient=world.panel)
    ground.letter.state = Outgoing.State.DEAD
    ground.letter.save(update_fields=["state"])
    raise_alarm(f"dead:{ground.letter.pk}", "letter_dead", outgoing=ground.letter.pk)


def _duty_clock(world):
    """A clock of the partnership's own in a folder that no agency opens: the unit sees it, and nobody else."""
    folder = access.open_folder(
        kind=FolderKind.GROUP, title="A sub-group", partnership=world.partnership, by=world.officer
    )
    return clocks.start(
        "subject_access", by=world.officer, folder=folder, trigger=timezone.now(), what="A request of the walk"
    )


def _links(world):
    """(a link that is good, one that was used up) of the same purpose."""
    good = links.make("first_sign_in", acts_as=person("invited"))
    used = links.make("first_sign_in", acts_as=person("invited_and_came"))
    links.use_up(links.live("first_sign_in").latest("created_at"))
    return good, used


def _sign_everybody_in(ground):
    people = dict(ground.world.people)
    people["half"] = ground.world.officer
    people["guest"] = guests.laid(ground)["joined"]["ours"].user
    people["inactive"] = person("inactive", Role.BUSINESS_MANAGER, None, ground.world.partnership)
    handler = Walker(raise_request_exception=False).handler  # one for all: each would load the middleware again
    for persona in PERSONAS:
        client = Walker(raise_request_exception=False)
        client.handler = handler
        if persona in people:
            people[persona].password = PASSWORD
            people[persona].save(update_fields=["password"])
            sign_in(client, people[persona], second_factor=persona != "half")
            session = client.session
            for each in session.get(AUTHENTICATION_METHODS_SESSION_KEY, ()):
                each["at"] += 3600  # nobody is asked again who they are, however long the walk is
            # An hour ahead: a visit notes anew once a minute that its session is in use, and here all of it is undone.
            session[SEEN] = int(time.time()) + 3600
            session.save()
        ground.clients[persona] = client
    people["inactive"].is_active = False
    people["inactive"].save(update_fields=["is_active"])


def words_of(case) -> str:
    return case.folder.reference
