"""The grid and the figures as a spreadsheet or CSV: nothing in them can run as a formula, and a number stays one."""

from django.utils.text import slugify

from audits.figures.counting import Answered
from audits.figures.findings import NOT_SHOWN, said_in_words, titled
from audits.models import AuditReturn
from partnership.trail.services import record
from partnership.ui import sheets

ORGANISATION = ("Organisation", "Phase", "Type", "Area", "District", "Academy trust", "Status")
PER_QUESTION = ("Section", "Number", "Question", "Asked", "Answered", "Does not apply", "Counted of", "In place",
                "Per cent", "Mean", "Median", "Change in points")  # fmt: skip


def export_grid(user, round, found, title, *, kind):
    """(open file, its name, its content type) of a grid with every row that its filters leave; one event."""
    asked = [f"{column.wording.ref} {column.wording.question.label}" for column in found.columns]
    rows = _rows(found.answered, found.columns)
    widths = [40, 14, 24, 20, 20, 30, 14] + [16] * len(asked)
    lines = [*_head(round, user, title), [], [*ORGANISATION, *asked]]
    count = len(found.answered.returns)
    record("audit_grid_exported", by=user, obj=round.folder, format=kind, count=count)
    return _file(lines, rows, widths, kind, f"answers-{slugify(round.title)[:60]}-{round.year}")


def _rows(answered: Answered, columns):
    for at, one in enumerate(answered.returns):
        status = AuditReturn.Status(one.status).label
        told = [one.name, one.phase, one.establishment, one.area, one.district, one.trust, status]
        yield told + [_value(column, answered.columns[column.key][at]) for column in columns]


def _value(column, said):
    """A number as a number, everything else in words."""
    if said and column.numeric and column.answers(said) and said[1:]:
        return float(said[1:])
    return said_in_words(column, said)


def export_figures(user, found, *, kind):
    """The same of figures: a line a question, as its reader may have them."""
    round = found.round
    which = "Answers as they stand today" if found.as_they_stand else "Answers of submitted returns"
    more = [value for value in found.values]
    head = [*PER_QUESTION, *more]
    rows = [[part.section.title, *_numbers(line, found)] for part in found.parts for line in part.lines]
    widths = [30, 10, 50] + [12] * (len(head) - 3)
    record("audit_figures_exported", by=user, obj=round.folder, format=kind)
    name = f"figures-{slugify(round.title)[:60]}-{round.year}"
    return _file([*_head(round, user, which), [], head], rows, widths, kind, name)


def _numbers(line, found) -> list:
    told = [line.wording.ref, line.label]
    apart = [_measure(tally) for _, tally in line.by]
    tally = line.now
    if tally is None:
        return [*told, *[None] * (len(PER_QUESTION) - len(told) - 2), line.few, *apart]
    # How many were asked, and to how many it does not apply, are small numbers of their own.
    counts = [tally.asked, tally.answered, tally.does_not_apply] if found.named else [None] * 3
    counted = [tally.of, tally.counted if tally.chosen else tally.answered] if not tally.numeric else [tally.of, None]
    numbers = [None if value is None else float(value) for value in (tally.mean, tally.median, line.points)]
    return [*told, *counts, *counted, tally.percent, *numbers, *apart]


def _measure(tally):
    if tally is None:
        return NOT_SHOWN
    return float(tally.mean) if tally.numeric and tally.numbers else tally.percent


def _head(round, user, which) -> list:
    return [[titled(round)], [which], [sheets.taken_out(user)]]


def _file(lines, rows, widths, kind, name):
    file, _ = sheets.made(kind, "Audit", lines, rows, widths)
    return file, f"{name}.{kind}", sheets.FORMATS[kind]
