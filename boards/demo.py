"""Demo material of the wing: who of the demo's people sits on the published groups, and two challenges among them."""

from datetime import timedelta

from django.utils import timezone

from boards.challenges import services as challenges
from boards.groups import services
from boards.models import Challenge, Group, Seat
from partnership.people.models import Agency, Partnership
from partnership.trail.then import then

BEGAN = timedelta(days=180)
# (group, role, who, the post of the published seat that they take; none: a further seat of their own post)
DELEGATED = "delegated safeguarding partner"
SEATS = (
    ("exec", "chair", "dsp_council", DELEGATED),
    ("exec", "vice", "dsp_icb", DELEGATED),
    ("exec", "member", "dsp_police", DELEGATED),
    ("exec", "member", "board_member", ""),
    ("quality", "chair", "panel_council", "Representative"),
    ("quality", "vice", "panel_icb", "Representative"),
    ("quality", "member", "author_police", "Representative"),
    ("quality", "member", "lead_uhnm", ""),
    ("quality", "member", "lead_mpft", ""),
    ("education", "chair", "author_school", ""),
    ("education", "member", "dsl_other", ""),
    ("education", "member", "author_council", ""),
    ("learning", "chair", "lead_mpft", ""),
    ("learning", "member", "author_uhnm", ""),
    ("learning", "member", "author_police", ""),
    ("review", "chair", "deputy_police", ""),
    ("review", "vice", "panel_icb", ""),
    ("review", "member", "author_council", ""),
    ("review", "member", "lead_uhnm", ""),
    ("exploitation", "chair", "author_police", ""),
    ("exploitation", "member", "author_council", ""),
    ("exploitation", "member", "dsl_other", ""),
)


def fill_groups(people) -> None:
    """Seat the demo's people once: a group on which somebody sits stays as it is. people: the demo's users by key."""
    groups = {row.ref: row for row in Group.objects.exclude(ref="").select_related("folder")}
    taken = set(Seat.objects.exclude(user=None).values_list("group__ref", flat=True))
    with then(timezone.now() - BEGAN):
        for ref, role, key, post in SEATS:
            if ref in groups and ref not in taken:
                _seat(groups[ref], role, people[key], post, by=people["officer"])


def _seat(group, role, user, post, *, by):
    agency = Agency.objects.filter(memberships__user=user).first()
    today = timezone.localdate()
    vacancy = Seat.objects.filter(group=group, user=None, ends=None, agency=agency, post__icontains=post).first()
    if post and vacancy:
        row = services.give_seat(vacancy, by=by, user=user, starts=today)
        facts = {name: getattr(row, name) for name in services.SEAT_FIELDS}
        services.change_seat(row, by=by, version=row.version, **facts | {"role": role})
        return
    standing = {} if agency else {"standing": "observer", "voting": "no"}  # a Lead Member takes part without a vote
    services.add_seat(group, by=by, user=user, role=role, post=user.job_title, agency=agency, starts=today, **standing)


def fill_challenges(people) -> None:
    """Two challenges, once: one about a child that stands at stage 2, one about how organisations work that was
    resolved and closed with its learning."""
    if Challenge.objects.unscoped("is the demo filled?").exists():
        return
    today = timezone.now()
    with then(today - timedelta(days=14)):
        row = _raised(people, "lead_uhnm", "sotcc", AT_STAGE_2, about_child=True)
        challenges.name(row, "answerer", by=people["manager"], user=people["author_council"])
    with then(today):
        challenges.escalate(_fresh(row), by=people["lead_uhnm"], note=NOT_RESOLVED)
        challenges.name(_fresh(row), "answerer", by=people["manager"], user=people["author_council"])
    with then(today - timedelta(days=60)):
        row = _raised(people, "lead_mpft", "uhnm", RESOLVED, about_child=False)
        challenges.name(row, "answerer", by=people["manager"], user=people["lead_uhnm"])
    with then(today - timedelta(days=60) + timedelta(hours=4)):
        challenges.answer(_fresh(row), by=people["lead_uhnm"], post="Associate director of nursing", answer=ANSWER)
    with then(today - timedelta(days=59)):
        challenges.agree(_fresh(row), by=people["lead_mpft"], note=AGREED)
    with then(today - timedelta(days=40)):
        challenges.close(_fresh(row), by=people["manager"], learning=LEARNING)


def _raised(people, key, challenged, facts, *, about_child):
    user = people[key]
    row = challenges.raise_challenge(
        by=user,
        partnership=Partnership.objects.get(slug="sotscp"),
        agency=user.memberships.get().agency,
        challenged=Agency.objects.get(slug=challenged),
        about_child=about_child,
        post=user.job_title,
        urgency="standard",
        **facts,
    )
    return _fresh(row)


def _fresh(row):
    rows = Challenge.objects.unscoped("the demo carries its own challenge on")
    return rows.select_related("folder", "agency", "challenged").get(pk=row.pk)


AT_STAGE_2 = {
    "challenged_post": "Duty team manager, children’s front door",
    "subject": "A referral that was closed without a visit",
    "words": "We referred a baby of three weeks with a bruise that nobody could explain. The referral was closed on "
    "the word of the parents. The procedure on bruises in babies who do not move asks for a visit and a paediatric "
    "assessment.",
    "wanted": "A strategy discussion before the discharge, and a visit to the home.",
    "safety": "The front door was rung the same afternoon. The baby stays on the ward until the discharge is agreed.",
}
NOT_RESOLVED = "Nobody rang back by the end of the day, and the discharge is planned for tomorrow."
RESOLVED = {
    "challenged_post": "Ward manager",
    "subject": "Discharge letters that come after the first visit is due",
    "words": "In three of ten discharges this quarter the letter reached the health visitors a week later, so that "
    "nobody knew that a first visit was due.",
    "wanted": "A letter on the day of the discharge.",
    "safety": "",
}
ANSWER = "We found the same in our own records. The letters waited for a second signature that nothing asks for."
AGREED = "The ward sends its letter on the day of the discharge; we confirm by the next morning who visits."
LEARNING = (
    "A signature that no rule asks for had become a habit. Both organisations now look each quarter at what stands "
    "between a discharge and the first visit."
)
