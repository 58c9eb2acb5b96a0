"""Lists of actions as a spreadsheet: what is in it follows who asks, and nothing in it can run as a formula."""

from django.core.exceptions import ValidationError
from django.utils import timezone

from partnership.actions.register.rows import dressed, find, in_order, known_order, shown
from partnership.trail.services import record
from partnership.ui import sheets
from partnership.ui.dates import plain

SENSITIVE = "OFFICIAL-SENSITIVE"
AT_MOST = 3_000  # actions: some two seconds of a request
TOO_LONG = (
    "Nothing was exported: one spreadsheet holds at most {:,} actions, and this list has more. "
    "Narrow it first, for example by group or by day."
)
COLUMNS = (
    ("Reference", 12, lambda line: line.action.reference),
    ("What will be done", 60, lambda line: line.action.what),
    ("Rating", 10, lambda line: line.standing.word),
    ("Why", 30, lambda line: line.standing.why),
    ("Due", 14, lambda line: line.action.due_on),
    ("First due", 14, lambda line: line.action.first_due_on),
    ("Times moved", 8, lambda line: line.action.slips or 0),
    ("Date asked for", 14, lambda line: line.action.wanted),
    ("Organisation", 34, lambda line: line.action.agency and line.action.agency.name),
    ("Owner", 26, lambda line: line.action.owner.name if line.action.owner else line.action.owner_words),
    ("The owner", 16, lambda line: _owner(line)),
    ("State", 20, lambda line: line.action.get_status_display()),
    ("Group or case", 30, lambda line: line.group),
    ("Priority", 30, lambda line: line.action.priority and line.action.priority.title),
    ("Duty", 30, lambda line: line.action.duty and line.action.duty.title),
    ("How one will see that it worked", 40, lambda line: line.action.success),
    ("Parts over", 10, lambda line: line.action.parts_over if line.action.part_count else None),
    ("Parts", 8, lambda line: line.action.part_count),
    ("Agreed on", 14, lambda line: line.action.agreed_on),
    ("Newest update", 14, lambda line: _day(line.action.said_at)),
    ("Closed on", 14, lambda line: _day(line.action.closed_at)),
    ("Where it arose", 20, lambda line: line.action.get_origin_display()),
    ("Source", 40, lambda line: line.source and f"{line.source.label}: {line.source.words}"),
    ("Marking", 20, lambda line: SENSITIVE if line.action.sensitive else "OFFICIAL"),
)


def _owner(line):
    if line.left:
        return "Can no longer open it"
    if line.action.owner is None and line.action.status != line.action.Status.PARKED:
        return "Nobody yet"
    return ""


def _day(moment):
    return timezone.localdate(moment) if moment else None


def export(user, form, day, *, order_by=""):
    """(open file, its name) of everything that the valid `form` finds; one event with the count and no words.

    Raises ValidationError for a list that is too long.
    """
    asked = form.asked()
    rating = asked.pop("rating")
    found = find(user, day, **asked)
    rows = in_order(shown(found.filter(colour=rating) if rating else found, user), known_order(order_by))
    rows = list(rows.select_related("agency", "owner", "priority", "duty")[: AT_MOST + 1])
    if len(rows) > AT_MOST:
        raise ValidationError(TOO_LONG.format(AT_MOST))
    lines = dressed(user, rows, day)
    filters = sorted(name for name, value in form.cleaned_data.items() if value)
    file = _book(user, form.in_words(), lines, COLUMNS)
    record("actions_exported", by=user, count=len(lines), sensitive=_sensitive(lines), filters=filters)
    return file, f"actions-{day.today:%Y-%m-%d}.xlsx"


def export_owed(user, folder, found, *, before, called):
    """(open file, its name) of what each organisation owes the meeting of `folder`. found: the whole of reads.owed."""
    why = {line.action.pk: title for each in found for title, lines, _ in each.parts for line in lines}
    lines = [line for each in found for _, lines, _ in each.parts for line in lines]
    columns = (("What is owed", 24, lambda line: why[line.action.pk]), *COLUMNS)
    file = _book(user, f"What each organisation owes the meeting of {called} on {plain(before)}", lines, columns)
    record("actions_exported", by=user, obj=folder, count=len(lines), sensitive=_sensitive(lines))
    return file, f"owed-{before:%Y-%m-%d}.xlsx"


def marking_of(lines) -> str:
    """The protective marking of a list, in a file or on paper."""
    return SENSITIVE if _sensitive(lines) else "OFFICIAL"


def _sensitive(lines) -> int:
    return sum(line.action.sensitive for line in lines)


def _book(user, title, lines, columns):
    head = [[f"{marking_of(lines)}. {title}"], [sheets.taken_out(user)], [], [name for name, _, _ in columns]]
    rows = ([value(line) for _, _, value in columns] for line in lines)
    file, _ = sheets.made("xlsx", "Actions", head, rows, [width for _, width, _ in columns])
    return file
