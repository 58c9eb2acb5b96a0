"""Demo material of planning: a plan that carries the published priorities on, days for duties, three workplans.

The priorities and the duties themselves are the partnership's own (data/*.toml); everything here is invented.
"""

from datetime import timedelta

from django.utils import timezone

from partnership.access.models import Folder, FolderKind
from partnership.access.over import going_on
from partnership.actions.models import Duty, Plan, Priority, WorkItem
from partnership.actions.planning import services, work
from partnership.actions.planning.loading import FIRST_VERSION, load
from partnership.actions.planning.rules import first_day, quarter_of, year_of
from partnership.trail.then import then

PUBLISHED, CARRIED_ON = "stoke-about-us", "demonstration"
BEFORE_YEAR = timedelta(days=14)  # the groups agreed their workplans so long before today's quarter began
SPONSORS = {
    "Child Exploitation": "Detective Chief Superintendent",
    "Neglect (Graded Care Profile 2)": "Director of Children’s Services",
    "Safeguarding young children aged 0-2": "Chief Nursing and Therapies Officer",
    "Develop and implement a Quality Assurance and Scrutiny Framework": "Business manager",
}
MEASURES = {
    "Child Exploitation": [
        {"words": "More children are screened at the first sign of exploitation", "seen_by": "Dip sample each quarter",
         "baseline": "6 of 10 in the sample of spring", "target": "9 of 10"},
        {"words": "Children say that one person stayed with them", "seen_by": "Conversations with ten families"},
    ],
    "Neglect (Graded Care Profile 2)": [
        {"words": "The tool is used where neglect is a worry", "seen_by": "Count of assessments by agency",
         "baseline": "41 in the year before", "target": "100"},
    ],
    "Safeguarding young children aged 0-2": [
        {"words": "Every parent hears about safe sleep before and after birth", "seen_by": "Records of midwives and "
         "health visitors", "target": "All"},
    ],
}  # fmt: skip
# ref of a duty -> (months before today that it was due last, so that it returns in the year)
LAST_DUE = {"D27": 4, "D33": 7, "D25": 5, "D26": 9, "D32": 1}
# What a group's title begins with -> (quarter, what, what it serves: a priority's title or a duty's ref, owner's post)
ITEMS = {
    "Quality Assurance": (
        (1, "Agree the questions of this year’s section 11 audit", "D25", "Business manager"),
        (1, "Agree the yearly set of figures with each agency", "Develop and implement a Quality Assurance and "
            "Scrutiny Framework", "Business unit officer"),
        (2, "Deep dive: decisions of strategy discussions", "D28", "Chair of the group"),
        (2, "Dip sample of Graded Care Profile assessments", "Neglect (Graded Care Profile 2)", "Head of service"),
        (3, "Hold the section 11 challenge meetings", "D25", "Chair of the group"),
        (3, "Deep dive: children missing from care", "Missing Children", "Designated nurse"),
        (4, "Deep dive: serious youth violence", "Serious Youth Violence", "Detective Superintendent"),
        (4, "Report what changed since last year’s audits", "D20", "Business manager"),
    ),
    "Education": (
        (1, "Agree the round of section 175/157 self-assessments", "D26", "Chair of the group"),
        (2, "Help schools that did not answer last year", "D26", "Business unit officer"),
        (2, "Learning for designated safeguarding leads on exploitation", "Child Exploitation", "Education lead"),
        (3, "Read the self-assessments and say what they show", "D26", "Chair of the group"),
        (3, "Look at absence and children’s mental health together", "Child Mental Health", "Education lead"),
        (4, "Report to the Executive on education’s part", "D20", "Chair of the group"),
    ),
    "Child Exploitation": (
        (1, "Bring the screening tool of all agencies together", "Child Exploitation", "Detective inspector"),
        (1, "Agree who offers the talk after a child was missing", "Missing Children", "Head of service"),
        (2, "Map places of harm with schools and the council", "Child Exploitation", "Detective inspector"),
        (3, "Learn from children who were found a safe place", "Child Exploitation", "Chair of the group"),
        (3, "Compare figures of missing episodes by agency", "Missing Children", "Business unit officer"),
        (4, "Plan the week of awareness with youth workers", "Serious Youth Violence", "Chair of the group"),
        (4, "Review the pathway for children at risk of violence", "Serious Youth Violence", "Chair of the group"),
    ),
}  # fmt: skip


def fill_planning(people) -> None:
    """Make what is missing; what somebody changed since stays. people: the demo's users by key."""
    load()
    today = timezone.localdate()
    with then(timezone.now() - (today - first_day(year_of(today))) - BEFORE_YEAR):
        _plan(people["manager"], today)
    _duties(people["manager"], today)
    groups = going_on(Folder.objects.unscoped("the demo's groups").filter(kind=FolderKind.GROUP, sealed=False))
    for beginning, items in ITEMS.items():
        if group := groups.filter(title__startswith=beginning).order_by("title").first():
            _workplan(group, items, people["manager"], today)


def _plan(by, today):
    """Where the published plan has ended: one that carries its priorities on, and says that it is a demonstration."""
    old = Plan.objects.filter(ref=PUBLISHED, ends__lte=today).first()
    if old is None or Plan.objects.filter(ref=CARRIED_ON).exists():
        return
    new = services.carry_on(
        old,
        by=by,
        priorities=old.priorities.filter(ended_on=None),
        ref=CARRIED_ON,
        title=f"Demonstration: plan from {old.ends.year}, carrying the priorities on",
        starts=old.ends,
        ends=first_day(old.ends.year + 3),
        agreed_on=old.ends,
        review_words="Reviewed annually",
        source="Invented for the demonstration: no such plan has been published",
    )
    for row in new.priorities.filter(title__in=[*SPONSORS, *MEASURES]):
        services.change_priority(
            row, by=by, version=row.version, measures=MEASURES.get(row.title, []),
            sponsor_post=SPONSORS.get(row.title, ""),
        )  # fmt: skip


def _duties(by, today):
    for row in Duty.objects.filter(ref__in=LAST_DUE, version=FIRST_VERSION, anchor=None):
        anchor = today - timedelta(days=30 * LAST_DUE[row.ref])
        services.change_duty(row, by=by, version=row.version, anchor=anchor)


def _workplan(group, items, by, today):
    """The group's workplan of today's year; one that has items stays as it is."""
    plan = work.start_workplan(group, by=by, year=year_of(today))
    if WorkItem.objects.unscoped("the demo's own").filter(workplan=plan).exists():
        return
    work.agree(plan, by=by, agreed_on=plan.starts)
    standing = Priority.objects.filter(ended_on=None).order_by("plan__starts")
    priorities = {row.title: row for row in standing}  # the newest plan's counts
    duties = {row.ref: row for row in Duty.objects.exclude(ref="")}
    for number, (quarter, title, serves, post) in enumerate(items):
        row = work.add_item(
            plan, by=by, title=title, quarter=quarter, owner_post=post,
            priority=priorities.get(serves), duty=duties.get(serves),
        )  # fmt: skip
        now = quarter_of(today)
        if quarter < now and number:
            work.step(row, "finish", by=by)
        elif quarter <= now:
            work.step(row, "begin", by=by)
