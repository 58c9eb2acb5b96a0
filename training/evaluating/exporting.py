"""What people say of an event, or of a course over a year, as a spreadsheet or CSV: a line a statement and stage."""

from partnership.trail.services import record
from partnership.ui import sheets
from partnership.ui.shares import whole
from training.figures.shapes import NOT_SHOWN

WIDTHS = [60, 30, 10, 10, 16, 10, 16, 14, 20]
HEAD = [
    *("Question", "When", "Asked", "Answered", "Per cent agree", "Mean, 1 to 5", "Change since before"),
    *("Compared", "Per cent score higher"),
]


def export(user, event, found, *, kind) -> tuple:
    """(open file, its name, its content type) of `results.results`; one event of the trail."""
    record("evaluations_exported", by=user, obj=event, format=kind)
    of = [f"What people say of {found.title}"], [found.finding], [sheets.taken_out(user)], [], HEAD
    rows = [_row(part, line) for part in found.parts for line in part.lines]
    rows += [[question, stage, None, None, text] for stage, question, texts in found.said for text in texts]
    file, _ = sheets.made(kind, "Evaluation", list(of), rows, WIDTHS)
    return file, f"evaluation-{event.starts_at:%Y-%m-%d}.{kind}", sheets.FORMATS[kind]


def _row(part, line) -> list:
    if not line.shown:
        return [part.text, line.label, line.asked, line.answered, NOT_SHOWN]
    mean, change = (None if value is None else float(value) for value in (line.mean, line.change))
    agree, better = _share(line.agree, line.answered), _share(line.better, line.pairs)
    return [part.text, line.label, line.asked, line.answered, agree, mean, change, line.pairs, better]


def _share(part, of) -> int | None:
    return whole(100 * part / of) if of else None
