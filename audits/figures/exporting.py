"""The grid and the figures as a spreadsheet or CSV: nothing in them can run as a formula, and a number stays one."""

from datetime import date
from decimal import Decimal

from django.utils.text import slugify

from audits.figures.counting import DAY, NA, Answered
from audits.figures.findings import NOT_SHOWN, said_in_words, titled
from audits.models import AuditReturn
from partnership.trail.services import record
from partnership.ui import sheets

ORGANISATION = ("Organisation", "Kind", "Phase", "Type of school", "Area", "District", "Academy trust", "Status")
PER_QUESTION = ("Section", "Number", "Question", "Asked", "Answered", "Does not apply", "Counted of", "In place",
                "Per cent", "Mean", "Median", "Change in points")  # fmt: skip
OTHER_SCALE = "Another scale"


def export_grid(user, round, found, title, *, kind):
    """(open file, its name, its content type) of a grid with every row that its filters leave; one event."""
    asked = [f"{column.wording.ref} {column.wording.question.label}" for column in found.columns]
    rows = _rows(found.answered, found.columns)
    widths = [40, 20, 14, 24, 20, 20, 30, 14] + [16] * len(asked)
    lines = [*_head(round, user, title), [], [*ORGANISATION, *asked]]
    count = len(found.answered.returns)
    record("audit_grid_exported", by=user, obj=round.folder, format=kind, count=count)
    return _file(lines, rows, widths, kind, f"answers-{slugify(round.title)[:60]}-{round.year}")


def _rows(answered: Answered, columns):
    for at, one in enumerate(answered.returns):
        status = AuditReturn.Status(one.status).label
        told = [one.name, one.kind, one.phase, one.establishment, one.area, one.district, one.trust, status]
        yield told + [_value(column, answered.columns[column.key][at]) for column in columns]


def _value(column, said):
    """A number as a number, a day as a day, everything else in words."""
    if said and column.answers(said) and said != NA:
        if column.numeric:
            number = Decimal(said[1:])
            return int(number) if number == int(number) else float(number)
        if said[0] == DAY:
            return date.fromisoformat(said[1:])
    return said_in_words(column, said)


def export_figures(user, found, *, kind):
    """The same of figures: a line a question, as its reader may have them."""
    round = found.round
    which = "Answers as they stand today" if found.as_they_stand else "Answers of submitted returns"
    head = [*PER_QUESTION, *(head for value in found.values for head in (value, f"{value}: counted of"))]
    rows = [[part.section.title, *_numbers(line, found)] for part in found.parts for line in part.lines]
    widths = [30, 10, 50] + [12] * (len(head) - 3)
    record("audit_figures_exported", by=user, obj=round.folder, format=kind)
    name = f"figures-{slugify(round.title)[:60]}-{round.year}"
    return _file([*_head(round, user, which), [], head], rows, widths, kind, name)


def _numbers(line, found) -> list:
    told = [line.wording.ref, line.label]
    apart = [cell for _, tally in line.by for cell in (_measure(tally), tally and tally.told_of)]
    tally = line.now
    if tally is None:
        return [*told, *[None] * (len(PER_QUESTION) - len(told) - 2), line.few, *apart]
    # How many were asked, and to how many it does not apply, are small numbers of their own.
    counts = [tally.asked, tally.answered, tally.does_not_apply] if found.named else [None] * 3
    counted = [tally.told_of, None if tally.numeric else tally.counted if tally.chosen else tally.answered]
    if tally.told_of is None:  # the share and how many count would tell it
        counted = [None, None]
    means = [None if value is None else float(value) for value in (tally.mean, tally.median)]
    points = OTHER_SCALE if line.other_scale else None if line.points is None else float(line.points)
    return [*told, *counts, *counted, tally.percent, *means, points, *apart]


def _measure(tally):
    if tally is None:
        return NOT_SHOWN
    return float(tally.mean) if tally.numeric and tally.numbers else tally.percent


def _head(round, user, which) -> list:
    return [[titled(round)], [which], [sheets.taken_out(user)]]


def _file(lines, rows, widths, kind, name):
    file, _ = sheets.made(kind, "Audit", lines, rows, widths)
    return file, f"{name}.{kind}", sheets.FORMATS[kind]
