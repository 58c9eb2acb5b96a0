"""Coverage as numbers: of the people of each role at each organisation, how many stand how to each requirement.

Three questions of the database count people and completions, whatever their number: a period becomes spans of days
first. `standing.Measure` says the same of one person, and a test holds the two against each other.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.db import connection
from django.db.models import Count, F, Max, Q
from django.utils import timezone

from training.models import Completion, Headcount, Learner

AHEAD = timedelta(days=366 * 3)  # who begins in post later than this is asked for nothing yet either
# A completion is joined to the spans of its course and role, so that no requirement adds a pass over the rows.
TRAINED = """
SELECT d.of, s.requirement, count(*), count(*) FILTER (WHERE s.soon), count(n.requirement),
       count(n.requirement) FILTER (WHERE n.soon)
FROM ({done}) AS d
JOIN unnest(%s::uuid[], %s::text[], %s::uuid[], %s::date[], %s::date[], %s::bool[])
  AS s (requirement, role, course, first, last, soon)
  ON s.course = d.course_id AND s.role = d.role AND d.last BETWEEN s.first AND s.last
LEFT JOIN unnest(%s::uuid[], %s::text[], %s::date[], %s::date[], %s::bool[])
  AS n (requirement, role, first, last, soon)
  ON n.requirement = s.requirement AND d.began BETWEEN n.first AND n.last
GROUP BY d.of, s.requirement
"""
NEW = """
SELECT l.agency_id, n.requirement, count(*), count(*) FILTER (WHERE n.soon)
FROM ({people}) AS l
JOIN unnest(%s::uuid[], %s::text[], %s::date[], %s::date[], %s::bool[]) AS n (requirement, role, first, last, soon)
  ON n.role = l.role_id AND l.began_on BETWEEN n.first AND n.last
GROUP BY l.agency_id, n.requirement
"""


@dataclass(frozen=True)
class Cell:
    """One requirement at one organisation, or of several together.

    headcount: how many people it says that it has in the role, None where it has not said. known: those of whom
    there is a record. trained, new, overdue: they come to `known`. soon: of those trained and new, due within the days
    of D120. unknown: people of the headcount of whom there is no record; None without a headcount. surplus: known
    beyond the headcount. of: how many people it is measured against, the headcount or those known, whichever is more.
    """

    headcount: int | None = None
    known: int = 0
    trained: int = 0
    new: int = 0
    soon: int = 0
    unknown: int | None = None
    surplus: int = 0
    of: int = 0

    @property
    def overdue(self) -> int:
        return self.known - self.trained - self.new

    @property
    def percent(self) -> int | None:
        """Trained and in date, of a hundred people in the role, rounded down; None where there is nobody."""
        return 100 * self.trained // self.of if self.of else None


def together(cells) -> Cell:
    """Several as one; what nobody has said is left out of the sums of what was said."""
    cells = list(cells)
    names = ("known", "trained", "new", "soon", "surplus", "of")
    sums = {name: sum(getattr(cell, name) for cell in cells) for name in names}
    said = [cell for cell in cells if cell.headcount is not None]
    if said:
        sums |= {name: sum(getattr(cell, name) for cell in said) for name in ("headcount", "unknown")}
    return Cell(**sums)


@dataclass(frozen=True)
class Counted:
    """cells: (organisation's id, requirement's id) -> Cell. headcounts: (organisation's id, role's code) -> (how many,
    the day of which it was said). known: the same -> how many people are known. unsaid: organisation's id -> how many
    people are known whose role nobody has said."""

    cells: dict
    headcounts: dict
    known: dict
    unsaid: dict


def current(today=None) -> Q:
    """Of people: who works there today."""
    return Q(left_on=None) | Q(left_on__gt=today or timezone.localdate())


def count(user, measures, *, agency=None, today=None) -> Counted:
    """measures: of `standing.measures`. agency: one organisation alone; without it every one that this person sees."""
    today = today or timezone.localdate()
    every = [each for several in measures.values() for each in several]
    people = Learner.objects.visible_to(user).filter(current(today)).order_by()
    people = people.filter(agency=agency) if agency else people
    known = {(a, role): many for a, role, many in people.values_list("agency", "role").annotate(many=Count("pk"))}
    unsaid = {a: known.pop((a, None)) for a, role in list(known) if role is None}
    new = _new(people, every, today) if every else {}
    trained = _trained(user, every, agency, today) if every else {}
    headcounts = headcounts_of(user, agency=agency, today=today)
    cells = {}
    for of, role in known.keys() | headcounts.keys():
        for each in measures.get(role, ()):
            at = (of, each.requirement.pk)
            (done, done_soon, begun, begun_soon), (fresh, fresh_soon) = trained.get(at, (0,) * 4), new.get(at, (0,) * 2)
            soon = done_soon + fresh_soon - begun_soon
            many, said = known.get((of, role), 0), headcounts.get((of, role))
            cells[at] = _cell(many, done, fresh - begun, soon, said[0] if said else None)
    return Counted(cells, headcounts, known, unsaid)


def _cell(known, trained, new, soon, said) -> Cell:
    if said is None:
        return Cell(None, known, trained, new, soon, of=known)
    beyond = known - said
    return Cell(said, known, trained, new, soon, max(0, -beyond), max(0, beyond), max(said, known))


def headcounts_of(user, *, agency=None, today=None) -> dict:
    """(organisation's id, role's code) -> (how many, the day), the last that was said up to today."""
    rows = Headcount.objects.visible_to(user).filter(counted_on__lte=today or timezone.localdate())
    rows = rows.filter(agency=agency) if agency else rows
    rows = rows.order_by("agency_id", "role_id", "-counted_on").distinct("agency_id", "role_id")
    return {(of, role): (many, on) for of, role, many, on in rows.values_list("agency", "role", "people", "counted_on")}


def _segments(period, measure, last) -> list:
    """(first, last, soon) of the days from which a period reaches today: those from which it ends within the days of
    D120, and the others."""
    later = {end: first for first, end in period.reaching(measure.soon + timedelta(days=1), last)}
    found = []
    for first, end in period.reaching(measure.today, last):
        split = later.get(end)
        if split is None:
            found.append((first, end, True))
            continue
        if first < split:
            found.append((first, split - timedelta(days=1), True))
        found.append((split, end, False))
    return found


def _spans(every, today, name, *, course) -> list:
    """The columns of the spans of every requirement, as parameters."""
    last = today if course else today + AHEAD
    rows = [
        (each.requirement.pk, each.requirement.role_id, *([each.requirement.course_id] if course else ()), *segment)
        for each in every
        for segment in _segments(getattr(each, name), each, last)
    ]
    width = 6 if course else 5
    return [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in range(width)]


def _new(people, every, today) -> dict:
    """(organisation's id, requirement's id) -> (how many are new in post, how many of them fall due soon)."""
    begun = people.filter(began_on__isnull=False).values("agency_id", "role_id", "began_on")
    sql, params = begun.query.sql_with_params()
    return _asked(NEW.format(people=sql), [*params, *_spans(every, today, "first", course=False)])


def _trained(user, every, agency, today) -> dict:
    """The same -> (how many hold the training, of them due soon, of them new in post, of these due soon if they did
    not hold it). The last completion counts."""
    rows = Completion.objects.visible_to(user).filter(
        Q(learner__left_on=None) | Q(learner__left_on__gt=today), completed_on__lte=today,
        course__in={each.requirement.course_id for each in every},
    )  # fmt: skip
    rows = rows.filter(learner__agency=agency) if agency else rows
    whose = {"of": F("learner__agency_id"), "role": F("learner__role_id"), "began": F("learner__began_on")}
    done = rows.order_by().values("learner_id", "course_id", **whose).annotate(last=Max("completed_on"))
    sql, params = done.query.sql_with_params()
    spans = [*_spans(every, today, "renewal", course=True), *_spans(every, today, "first", course=False)]
    return _asked(TRAINED.format(done=sql), [*params, *spans])


def _asked(sql, params) -> dict:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return {(row[0], row[1]): tuple(row[2:]) for row in cursor.fetchall()}
