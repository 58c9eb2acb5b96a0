"""The figures as a spreadsheet or CSV: a line a number, in every cut that its reader may have."""

from partnership.actions.planning.rules import words_of_year
from partnership.trail.services import record
from partnership.ui import sheets
from training.figures import findings, reads
from training.figures.shapes import CUTS, NO_RECORDS, NOT_SHOWN, Line

WIDTHS = [34, 24, 60, 14, 14, 12, 12, 12]


def export(user, year, *, named, folder, kind):
    """(open file, its name, its content type) of a year; one event."""
    rows, sources = _rows(user, year, named)
    told, before = words_of_year(year), words_of_year(year - 1)
    head = ["Figure", "Told apart by", "Of", told, before, "Change", "Asked", "Answered"]
    lines = [[f"Training, {told}"], *([source] for source in sources), [sheets.taken_out(user)], [], head]
    record("training_figures_exported", by=user, obj=folder, format=kind, year=year)
    file, _ = sheets.made(kind, "Training", lines, rows, WIDTHS)
    return file, f"training-{told.replace('/', '-')}.{kind}", sheets.FORMATS[kind]


def _rows(user, year, named) -> tuple[list, list]:
    rows, first, read = [], None, findings.both(user, year, named=named)
    for by in findings.offered(named):
        found = findings.figures_of(read, by=by)
        if first is None:
            first = found
            rows += [_row(line.label, "", "", line) for line in found.totals]
        for part in found.parts:
            rows += _of(found, part)
    rows += [["Events cancelled", "Reason", why, many, None, None] for why, many in first.reasons]
    return rows + [_evaluation(each) for each in first.said], first.sources


def _row(what, by, label, line) -> list:
    return [what, by, label, _cell(line.now), _cell(line.before) if line.recorded else NO_RECORDS, line.change]


def _of(found, part):
    by = CUTS[found.by]
    if found.events and not part.together:
        before = part.states_before
        for what, now, then in (
            ("Events planned", part.planned, before.total()),
            ("Events delivered", part.delivered, before[reads.DELIVERED]),
            ("Events cancelled", part.cancelled, before[reads.CANCELLED]),
        ):
            yield _row(what, by, part.label, Line("", now, then, recorded=found.recorded))
    for what, line in (("Delegates", part.people), ("E-learning courses completed", part.online)):
        if found.people and line.counted:
            yield _row(what, by, part.label, line)


def _evaluation(each) -> list:
    before = each.percent - each.points if each.points is not None else None
    told = [each.percent if each.shown else NOT_SHOWN, before, each.points]
    counts = [each.now.asked, each.now.answered] if each.named else [None, each.now.answered if each.shown else None]
    return ["Evaluation, per cent who agree", each.stage, each.text, *told, *counts]


def _cell(value):
    return NOT_SHOWN if value is None else value
