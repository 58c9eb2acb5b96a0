"""Coverage as its pages and files show it: lines of one organisation, of all, and who falls due by name."""

from dataclasses import dataclass
from datetime import date

from partnership.people.models import Agency
from training.coverage.counting import Cell, Counted, count, current, together
from training.coverage.standing import OVERDUE, Standing, measures
from training.models import Learner, Requirement, WorkforceRole
from training.people.reads import standings


@dataclass(frozen=True)
class Line:
    """A requirement with its numbers."""

    requirement: Requirement
    cell: Cell


@dataclass(frozen=True)
class Due:
    """Somebody who has to take a course."""

    row: Learner
    standing: Standing


@dataclass(frozen=True)
class OfOne:
    """lines: by role and course. headcounts: (role, how many or None, of which day, how many are known). unsaid: how
    many people are known whose role nobody has said."""

    lines: list
    headcounts: list
    unsaid: int


def of_one(user, agency, asked=None) -> OfOne:
    asked = measures() if asked is None else asked
    found = count(user, asked, agency=agency)
    lines = [
        Line(each.requirement, found.cells[agency.pk, each.requirement.pk])
        for several in asked.values()
        for each in several
        if (agency.pk, each.requirement.pk) in found.cells
    ]
    roles = [
        (role, *found.headcounts.get((agency.pk, role.pk), (None, None)), found.known.get((agency.pk, role.pk), 0))
        for role in WorkforceRole.objects.all()
    ]
    return OfOne(lines, roles, found.unsaid.get(agency.pk, 0))


def who_is_due(user, agency, asked=None, *, role="", course="", state="") -> list[Due]:
    """Who is overdue or falls due soon at one organisation, the longest overdue first. state: 'overdue' or 'soon'."""
    asked = measures() if asked is None else asked
    rows = Learner.objects.visible_to(user).filter(current(), agency=agency, invented=False).exclude(role=None)
    rows = list(rows.filter(role=role) if role else rows.filter(role__in=asked))
    found = standings(user, rows, asked)
    due = [
        Due(row, each)
        for row in rows
        for each in found[row.pk]
        if (not course or str(each.requirement.course_id) == course) and _wanted(each, state)
    ]
    return sorted(due, key=lambda each: (each.standing.due_on or FIRST, each.row.name, str(each.row.pk)))


FIRST = date.min


def _wanted(each, state) -> bool:
    if state == OVERDUE:
        return each.state == OVERDUE
    return each.soon if state == "soon" else each.soon or each.state == OVERDUE


@dataclass(frozen=True)
class OrganisationLine:
    """people: how many it says that it has in the roles of the requirements shown, None where it has not said; known:
    of whom there is a record; unknown: of whom there is none; cell: all its requirements together."""

    agency: Agency
    people: int | None
    known: int
    unknown: int | None
    cell: Cell


@dataclass(frozen=True)
class OfAll:
    """lines: by role and course, of all organisations; organisations: by name; unsaid: people without a role."""

    lines: list
    organisations: list
    unsaid: int
    cells: dict


def of_all(user, matrix, *, role="", course="", kind="") -> OfAll:
    """Every organisation of which people or numbers are known. matrix: of `measures`. kind: of organisations."""
    asked = {code: _of_course(several, course) for code, several in matrix.items() if role in ("", code)}
    asked = {code: several for code, several in asked.items() if several}
    found = count(user, asked)
    ids = {of for of, _ in found.cells} | ({*found.unsaid} if not (role or course) else set())
    rows = Agency.objects.filter(pk__in=ids).order_by("name")
    agencies = {row.pk: row for row in (rows.filter(kind=kind) if kind else rows)}
    cells = {at: cell for at, cell in found.cells.items() if at[0] in agencies}
    lines, of_agency = [], {}
    for several in asked.values():
        for each in several:
            pk = each.requirement.pk
            lines.append(Line(each.requirement, together(cells[of, pk] for of in agencies if (of, pk) in cells)))
            for of in agencies:
                if (of, pk) in cells:
                    of_agency.setdefault(of, []).append(cells[of, pk])
    organisations = [_line(row, found, asked, of_agency.get(row.pk, [])) for row in agencies.values()]
    return OfAll(lines, organisations, sum(many for of, many in found.unsaid.items() if of in agencies), cells)


def _of_course(several, course) -> list:
    return [each for each in several if not course or str(each.requirement.course_id) == course]


def _line(agency, found: Counted, asked, cells) -> OrganisationLine:
    said = [found.headcounts[agency.pk, role][0] for role in asked if (agency.pk, role) in found.headcounts]
    known = {role: found.known.get((agency.pk, role), 0) for role in asked}
    unknown = sum(max(0, found.headcounts.get((agency.pk, role), (0,))[0] - many) for role, many in known.items())
    return OrganisationLine(
        agency, sum(said) if said else None, sum(known.values()), unknown if said else None, together(cells)
    )


def choices(matrix) -> tuple[list, list]:
    """(code, name) of the roles and (id, title) of the courses of which something is asked."""
    roles, courses = {}, {}
    for several in matrix.values():
        for each in several:
            roles[each.requirement.role_id] = each.requirement.role.name
            courses[str(each.requirement.course_id)] = each.requirement.course.title
    return list(roles.items()), sorted(courses.items(), key=lambda each: each[1])
