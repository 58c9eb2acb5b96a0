"""More of groups, meetings and challenges."""

from datetime import timedelta

from django.utils import timezone

from boards.calling import services as calling
from boards.challenges import services as challenges
from boards.groups import governance
from boards.groups import services as groups
from boards.meetings import services as meetings
from boards.meetings import standing
from boards.models import Attendance, Decision, Edition, Group, Meeting, Publication, Seat, SentUp
from partnership.people.roles import Role
from tests.boards import making
from tests.boards.making import meeting as make_meeting
from tests.world import person


def more_on_groups(world, n):
    """One more group of today below the quality group, and one more seat of that with its deputy."""
    facts = {"purpose": "", "meets": "", "chair_rule": "", "source": "", "starts": None}
    quality = Group.objects.select_related("folder").get(ref="quality")
    groups.add_group(by=world.manager, partnership=world.partnership, name=f"Task {n}", parent=quality, **facts)
    seat = {"role": "chair", "post": f"Post {n}", "agency": world.agencies["uhnm"]}
    held = groups.add_seat(
        quality, by=world.manager, user=person(f"sitting{n}", Role.AGENCY_STAFF, world.agencies["uhnm"]), **seat
    )
    deputy = person(f"deputy{n}", Role.AGENCY_STAFF, world.agencies["uhnm"])
    groups.add_seat(quality, by=world.manager, user=deputy, deputy_for=held, **seat)
    groups.add_seat(quality, by=world.manager, role="member", post=f"Vacant {n}", agency=world.agencies["uhnm"])
    began, by = timezone.localdate() - timedelta(days=9 - n), world.manager
    governance.add_terms(quality, by=by, words=f"Version {n}", in_force_from=began, review_on=timezone.localdate())
    governance.add_other(quality, by=by, name=f"Board {n}")
    task = groups.add_group(by=by, partnership=world.partnership, name=f"Turn {n}", parent=quality, **facts)
    order = [world.agencies["uhnm"], world.agencies["mpft"]]
    governance.set_rotation(task, by=by, version=0, starts=began, order=order, every_months=6)


def more_decisions(world, n):
    """One more meeting of the quality group that decided something, sent up and answered; its minutes published."""
    quality = Group.objects.select_related("folder").get(ref="quality")
    held = make_meeting(quality, days=-10 - n, status="held", minutes_status="published")
    row = making.item(held, f"Item {n}")
    shared = {"folder": quality.folder, "decision": Decision.objects.create(
        folder=quality.folder, meeting=held, item=row, number=1, text=f"Decision {n}"
    )}  # fmt: skip
    exec_ = Group.objects.select_related("folder").get(ref="exec")
    for to, of in ((exec_, quality), (quality, exec_)):
        SentUp.objects.create(
            to_group=to, from_group=of, words=f"Asked {n}", due_on=timezone.localdate() - timedelta(days=1),
            **shared | {"folder": to.folder},
        )  # fmt: skip
    edition = Edition.objects.create(folder=quality.folder, meeting=held, number=1, kind="agreed", sha256="0" * 64)
    Publication.objects.create(folder=quality.folder, edition=edition)


def more_challenges(world, n):
    """One more that the hospital trust's lead raised and the other's answers, and one that was answered."""
    for number in range(2):
        row = challenges.raise_challenge(
            by=world.lead_same, partnership=world.partnership, agency=world.agencies["uhnm"],
            challenged=world.agencies["mpft"], about_child=False, urgency="standard", subject=f"A referral {n}",
            post="Nurse", challenged_post="Manager", words="It was closed.",
        )  # fmt: skip
        if number:
            challenges.answer(row, by=world.manager, answer="We visit.", post="Head")


def more_meetings(world, n):
    group = Group.objects.select_related("folder").get(ref="quality")
    facts = {"purpose": "note", "months": [], "minutes_allowed": None, "presenter": "", "priority": None, "duty": None}
    standing.add(group, by=world.officer, title=f"Standing {n}", **facts)
    at = timezone.now() + timedelta(days=10 + n)
    row = meetings.plan(group.folder, by=world.officer, title=f"Meeting {n}", starts_at=at)
    calling.invite(row, by=world.officer, user=world.officer)
    meetings.plan(group.folder, by=world.officer, title=f"Earlier {n}", starts_at=at - timedelta(days=60))
    making.restricted_item(row, f"Item {n}", by=world.officer)


def a_meeting(world):
    """One with a standing item for each of the others; made when it is first asked for."""
    rows = Meeting.objects.filter(group__ref="quality").order_by("-starts_at")
    if not rows.exists():
        more_meetings(world, 30)
    return rows.first()


def more_attendance(world, n):
    """One more meeting of the group, one more seat, its marks."""
    group = Group.objects.select_related("folder").get(ref="quality")
    groups.add_seat(group, by=world.manager, role="member", post=f"Post {n}", organisation=f"Body {n}")
    meeting = make_meeting(group, days=-20 - n, status="held")
    for seat in Seat.objects.filter(group=group):
        Attendance.objects.create(
            folder=group.folder, meeting=meeting, seat=seat, place=seat.place, post=seat.post, mark="absent"
        )


PAGES = [
    ("officer", "boards:groups", more_on_groups),
    ("officer", "boards:group", more_on_groups),
    ("officer", "boards:decisions", more_decisions),
    ("author", "boards:published", more_decisions),
    ("officer", "boards:received", more_decisions),
    ("officer", "reporting:home", more_decisions),
    ("officer", "boards:vacant_seats", more_on_groups),
    ("officer", "boards:on_day", more_on_groups),
    ("officer", "boards:terms", more_on_groups),
    ("officer", "boards:matrix", more_attendance),
    ("officer", "boards:attendance", more_attendance),
    ("manager", "reporting:home", more_attendance),
    ("officer", "boards:challenges", more_challenges),
    ("lead_same", "boards:challenges", more_challenges),
    ("officer", "boards:meetings", more_meetings),
    ("officer", "boards:meetings_of", more_meetings),
    ("officer", "boards:standing_items", more_meetings),
    ("officer", "boards:meeting", more_meetings),
    ("officer", "actions:forward_plan", more_meetings),
    ("officer", "reporting:home", more_meetings),
]
