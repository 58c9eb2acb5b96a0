"""Demo material: the round of 2018/19, last year's and this year's audit of schools, and this year's of agencies.

The organisations are real, the answers and those who signed are made up, and each round says so.
"""

import random
from datetime import timedelta

from django.utils import timezone

from audits import demo_answers
from audits.answering import services as answering
from audits.asking import asked_by
from audits.beside import more_time
from audits.beside import people as people_of
from audits.chasing import ladder, sweep, turns
from audits.demo_filling import Filling
from audits.leads import leads
from audits.models import Answer, AuditReturn, Round, Rung, SetVersion, Signature
from audits.past import loading
from audits.rounds import sending, services
from audits.signing import services as signing
from partnership.actions.planning.rules import words_of_year
from partnership.people.models import Agency, AgencyKind, DutyKind, NamedDuty, Partnership, User
from partnership.people.services import know_person
from partnership.trail.then import then
from partnership.ui.dates import midnight

A, Step = AuditReturn.Status, Signature.Step
WHY = "the demo fills what it made"
SOURCE = "Demonstration: the organisations are real, and every answer is made up."
SCHOOLS = {"kind": ["school"], "area": ["stoke-on-trent", "staffordshire"]}
AGENCIES = {"kind": ["statutory partner", "relevant agency", "provider"]}
OF_SCHOOLS, OF_AGENCIES = (Step.LEAD, Step.HEAD, Step.GOVERNORS), (Step.LEAD, Step.EXECUTIVE)
OPEN_FOR, LEFT = timedelta(days=28), timedelta(days=7)  # a round; what is left of this year's of schools
OVER = -timedelta(days=4)  # of agencies: the second reminder has left, whatever the weekday, and the third has not
MESSAGE = (
    "Please answer as it is today, not as it should be. ‘Partly met’ with a date by which it will be met is a good "
    "answer. What you said last year stands there already: say of each whether it still holds."
)
MESSAGE_OF_AGENCIES = (
    "Please answer for your whole organisation in the area of the partnership. Name what shows that it is so; no names "
    "of children."
)
# Of a hundred returns, how many stand so; the others are not begun.
NOW = ((66, A.SUBMITTED), (84, A.BEGUN))
LEAD = "Demonstration lead"  # and a number: nobody real
SIGNERS = {
    "head": {"name": "Beatrix Holloway", "post": "Headteacher", "email": "beatrix.holloway@portal.example"},
    "governors": {"name": "Leonard Fisk", "post": "Chair of governors", "email": "leonard.fisk@portal.example"},
}
PERSONAL = ("urn-124003", "urn-124020", "urn-138497", "uhnm", "mpft")  # the demo's people take these on themselves


def fill_audits(people) -> None:
    """Make the rounds that are missing. people: the demo's users by key."""
    loading.load()
    if Round.objects.filter(source=SOURCE).exists():
        return
    chance, now = random.Random(8), timezone.now()  # noqa: S311 (the same each time, and guards nothing)
    today = timezone.localdate(now)
    year = today.year - (today.month < 9)
    last = _last_year(people, year - 1, now - timedelta(days=365), chance)
    title = "Safeguarding in schools (section 175/157)"
    row = _sent(people, "section-175", _named(title, year), SCHOOLS, now, year=year, message=MESSAGE, before=last)
    before = {}
    for answer in Answer.objects.unscoped(WHY).filter(audit_return__round=last):
        before.setdefault(answer.agency_id, {})[answer.question_id] = answer
    _fill(Filling(row, OF_SCHOOLS, today, chance, before), now, NOW)
    _lead(row)
    title = "Section 11: how agencies safeguard children"
    of_agencies = _sent(
        people, "section-11", _named(title, year), AGENCIES, now, OVER, year=year, message=MESSAGE_OF_AGENCIES
    )
    _fill(Filling(of_agencies, OF_AGENCIES, today, chance), now, NOW)
    _lead(of_agencies)
    _reminded(of_agencies, now)
    _of_schools(row, people, now)
    _begin(_return_of(of_agencies, "mpft"), people["lead_mpft"], chance, many=12)


def _named(title, year):
    return f"{title} {words_of_year(year)}"


def _last_year(people, year, now, chance):
    """now: the moment of last year at which it stood as this year's stands today."""
    title = _named("Safeguarding in schools (section 175/157)", year)
    row = _sent(people, "section-175", title, SCHOOLS, now, year=year, message=MESSAGE)
    _fill(Filling(row, OF_SCHOOLS, timezone.localdate(now), chance), now, ((97, A.SUBMITTED),), spared=())
    with then(now + LEFT + timedelta(days=14)):
        return services.close(row, by=people["officer"])


def _sent(people, code, title, population, now, left=LEFT, **facts) -> Round:
    """A round that was sent out so long before `now` that so much of its time is left."""
    version = SetVersion.objects.get(question_set__code=code, status=SetVersion.Status.IN_USE)
    opened = now - (OPEN_FOR - left)
    opens_on = timezone.localdate(opened)
    with then(opened):
        row = services.plan(
            by=people["officer"], partnership=Partnership.objects.get(slug="sotscp"), set_version=version, title=title,
            population=population, opens_on=opens_on, closes_on=opens_on + OPEN_FOR,
            final_on=opens_on + OPEN_FOR + timedelta(days=21), **facts,
        )  # fmt: skip
        Round.objects.filter(pk=row.pk).update(source=SOURCE)
        ladder.lay_ladder(row, by=people["officer"])
        done = sending.keep(row, {}, by=people["officer"], progress=lambda percent, doing="": None)
    if done != row.pk:
        raise ValueError(f"the demo’s round cannot be sent out: {done}")
    return Round.objects.select_related("set_version__question_set", "folder").get(pk=row.pk)


def _fill(filling, now, parts, spared=PERSONAL):
    rows = AuditReturn.objects.unscoped(WHY).filter(round=filling.round).exclude(agency__slug__in=spared)
    rows = list(rows.select_related("agency").order_by("agency__slug"))
    for row in rows:
        row.round = filling.round
    filling.random.shuffle(rows)
    for n, row in enumerate(rows):
        status = next((status for part, status in parts if 100 * n < part * len(rows)), A.ASKED)
        filling.fill(row, status, now - timedelta(minutes=filling.random.randrange(60, 24 * 60 * 15)))
    filling.write()


def _lead(round):
    """Whoever has begun has a lead with an address, and so have two of three of the others: nobody real."""
    rows = list(AuditReturn.objects.unscoped(WHY).filter(round=round, status__in=AuditReturn.OWES).order_by("pk"))
    named, without = leads([row.agency_id for row in rows]), 0
    for row in rows:
        if named[row.agency_id]:
            continue
        without += row.status == A.ASKED
        if row.status != A.ASKED or without % 3:
            number = User.objects.filter(name__startswith=LEAD).count() + 1
            holder = know_person(name=f"{LEAD} {number}", email=f"lead-{number}@portal.example")
            kind = DutyKind.DSL if row.facts["kind"] == AgencyKind.SCHOOL else DutyKind.SECTION_11_LEAD
            NamedDuty.objects.create(agency_id=row.agency_id, kind=kind, holder=holder, starts=round.opens_on)


def _reminded(first, now):
    """The reminders of every open round leave by the portal's own sweep, at nine in the morning of each day until now.
    first: the round whose first day of a reminder is the earliest."""
    rung = Rung.objects.filter(round=first).order_by("position").first()
    day = turns.day_of(rung, first.windows.get().closes_at)
    while (at := midnight(day) + timedelta(hours=9)) < now:
        with then(at):
            sweep.sweep(now=at)
        day += timedelta(days=1)


def _return_of(round, slug):
    rows = AuditReturn.objects.unscoped(WHY).select_related("round__set_version", "agency", "folder")
    return rows.get(round=round, agency=Agency.objects.get(slug=slug))


def _of_schools(round, people, now):
    """One lead has begun and asks for more time; the other's return waits for the headteacher."""
    with then(now - timedelta(days=2)):
        _asked_to_sign(_return_of(round, "urn-124020"), people["dsl_other"])
    ours = _return_of(round, "urn-124003")
    _begin(ours, people["author_school"], random.Random(1), many=6)  # noqa: S311 (as above)
    with then(now - timedelta(hours=20)):
        more_time.ask(
            ours, by=people["author_school"], wanted_on=timezone.localdate(ours.closes_at) + timedelta(days=14),
            reason="The deputy who keeps the single central record is away until the end of the month.",
        )  # fmt: skip


def _asked_to_sign(row, by):
    """All is answered and confirmed, the lead has signed, and the headteacher is asked by a link."""
    answering.begin(row, by=by)
    _confirm(row, by, [each.pk for each in asked_by(row.round.set_version).wordings])
    _answer(row, by, random.Random(2), None)  # noqa: S311 (as above)
    lines = people_of.lines_of(row.agency)
    says = {line.key: {"says": people_of.KEEP if line.duty else people_of.NOBODY} for line in lines}
    people_of.confirm(row, by=by, read=people_of.mark_of(lines), says=says)
    row = _return_of(row.round, row.agency.slug)
    signing.sign_as_lead(row, by=by, post="Designated safeguarding lead", signers=SIGNERS)


def _begin(row, by, chance, *, many):
    """Begin a return as its lead does: confirm what stood already in the first section, and answer `many` more."""
    answering.begin(row, by=by)
    asking = asked_by(row.round.set_version)
    first = {each.pk for each in asking.of_section[asking.sections[0].pk]}
    _confirm(row, by, first)
    _answer(row, by, chance, many)


def _confirm(row, by, wordings):
    waits = Answer.objects.unscoped(WHY).filter(audit_return=row, to_confirm=True, wording__in=wordings)
    answering.confirm(row, list(waits.values_list("wording", flat=True)), by=by)


def _answer(row, by, chance, many):
    """Answer the first `many` of the questions that have no answer yet."""
    asking = asked_by(row.round.set_version)
    there = set(Answer.objects.unscoped(WHY).filter(audit_return=row).values_list("question", flat=True))
    given = demo_answers.answers(asking, row.facts, chance, share=0.9, today=timezone.localdate())
    typed = [
        answering.Typed(wording, values, 0) for wording, values in given.items() if wording.question_id not in there
    ]
    answering.save_each(row, typed[:many], by=by)
