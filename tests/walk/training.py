"""What the walk needs of training: a course, its events, and bookings of people of the school of two personas ('ours':
author_other and school_outside lead there) and of one where none of them is ('theirs')."""

from datetime import timedelta

from django.utils import timezone

from partnership.people.models import Agency, Membership
from partnership.people.roles import Role
from tests.training import making
from tests.world import canary, person
from training.booking import services
from training.models import Booking

COURSES = ("training_course", "training_approved_course")
# training_event: to come, with places; training_full: to come, without; training_asking: its course asks for the
# manager's word, and one more of it that nobody has booked; training_over: began yesterday.
EVENTS = ("training_event", "training_full", "training_asking", "training_asking_later", "training_over")
BOOKINGS = (
    *("training_booking", "training_waiting", "training_offered", "training_asked"),
    *("training_refused", "training_attended"),
)
NAMES = (*COURSES, *EVENTS, *BOOKINGS, "training_learner")
CASES = ("ours", "theirs")


def laid(ground) -> dict:
    """sample -> the row of a course or an event; {case name: row} of bookings and people. Made once a ground."""
    if "training" not in ground.__dict__:
        ground.training = {name: {} for name in (*BOOKINGS, "training_learner")}
        _lay(ground)
    return ground.training


def sample(name):
    def of(ground):
        found = laid(ground)[name]
        return [[found[case.name].pk] for case in ground.cases] if isinstance(found, dict) else [[found.pk]]

    return of


def schools_of(ground) -> dict:
    """case name -> the school."""
    theirs = Agency.objects.filter(kind="school").order_by("name")[9]
    return {"ours": ground.world.agencies["school"], "theirs": theirs}


def lead_of(ground, case):
    """Who leads at the school of a case, and so keeps its people's training."""
    if case == "ours":
        return ground.world.author_other
    school = schools_of(ground)[case]
    found = Membership.objects.live().filter(agency=school, role=Role.SCHOOL_LEAD).select_related("user").first()
    return found.user if found else person("lead_of_their_school", Role.SCHOOL_LEAD, school, ground.world.partnership)


def _lay(ground):
    world, found = ground.world, ground.training
    found["training_course"] = course = making.course(world, "A course of the walk")
    found["training_approved_course"] = asking = making.course(world, "A course with approval", approval=True)
    found["training_event"] = making.event(world, course, places=20)
    found["training_full"] = making.event(world, course, places=2, days=40)
    found["training_asking"] = making.event(world, asking, places=20, days=35)
    found["training_asking_later"] = making.event(world, asking, places=20, days=70)
    found["training_over"] = over = making.event(world, course, places=20, days=3)
    held = [_with_a_place(ground, case) for case in CASES]
    for name in (
        "training_offered",
        "training_waiting",
    ):  # so that one of each school is offered a place
        for case in CASES:
            who = making.learner(world, schools_of(ground)[case], canary(case, f"tr_{name}"))
            found[name][case] = services.book(found["training_full"], who, by=lead_of(ground, case))
    for row in held:
        services.give_up(row, by=world.officer)
    for case in CASES:
        _with_approval(ground, case)
    begun = timezone.now() - timedelta(days=1)
    type(over).objects.filter(pk=over.pk).update(starts_at=begun, ends_at=begun + timedelta(hours=6))


def _with_a_place(ground, case) -> Booking:
    """Somebody with a place at three events; the one at the event that is full thereby."""
    world, found, lead = ground.world, ground.training, lead_of(ground, case)
    mark = lambda what: canary(case, f"tr_{what}")  # noqa: E731
    one = making.learner(
        world, schools_of(ground)[case], mark("name"), email=f"{mark('email')}@school.example", post=mark("post")
    )  # fmt: skip
    found["training_learner"][case] = one
    found["training_booking"][case] = services.book(found["training_event"], one, by=lead, needs=mark("needs"))
    found["training_attended"][case] = services.book(found["training_over"], one, by=lead)
    return services.book(found["training_full"], one, by=lead)


def _with_approval(ground, case):
    found, lead = ground.training, lead_of(ground, case)
    mark = lambda what: canary(case, f"tr_{what}")  # noqa: E731
    own = making.learner(
        ground.world, schools_of(ground)[case], mark("own_name"), user=lead, manager_name=mark("manager"),
        manager_email=f"{mark('manager_email')}@school.example",
    )  # fmt: skip
    manager = {"name": mark("approver"), "email": f"{mark('approver_email')}@school.example"}
    asked = services.book(found["training_asking"], own, by=lead, approver=manager)
    found["training_refused"][case] = services.refuse(asked, by=lead, note=mark("refused"))
    found["training_asked"][case] = services.book(found["training_asking"], own, by=lead, approver=manager)


def fresh(ground, name, case) -> Booking:
    return (
        Booking.objects.unscoped("the walk looks").select_related("event__course").get(pk=laid(ground)[name][case].pk)
    )
