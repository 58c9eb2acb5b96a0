"""The log of decisions: every one that its reader may see, narrowed, in pages, and as a spreadsheet."""

from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Q
from django.utils import timezone

from boards.minutes.sending import of_decisions
from boards.models import Decision, SentUp
from partnership.actions.planning.rules import first_day, words_of_year, year_of
from partnership.actions.register.rows import nameable
from partnership.trail.services import record
from partnership.ui import sheets
from partnership.ui.forms import GovForm

ON_A_PAGE = 50
AT_MOST = 3_000
TOO_LONG = "Nothing was exported: one spreadsheet holds at most {:,} decisions. Narrow the list first, by group."
WAITS = "waits"


@dataclass
class Line:
    """A decision in the log. group: of its meeting by its published name, or a case by its code word."""

    decision: Decision
    group: str
    sent: list

    @property
    def restricted(self) -> bool:
        return self.decision.folder.sealed

    @property
    def late(self) -> bool:
        return any(row.late for row in self.sent)


def seen(user):
    """The decisions that stand and that `user` may see."""
    return Decision.objects.visible_to(user).filter(taken_back_at=None)


class LogFilter(GovForm):
    """The filters of the log, from the address; the pickers hold what the reader's own rows hold."""

    q = forms.CharField(label="Words of the decision", required=False, max_length=100)
    group = forms.ChoiceField(label="Group", required=False)
    priority = forms.ChoiceField(label="Priority", required=False)
    year = forms.ChoiceField(label="Year from 1 April", required=False)
    sent = forms.ChoiceField(
        label="Sent up", required=False,
        choices=[("", "Or not"), (WAITS, "Waits for an answer"), ("answered", "Answered")],
    )  # fmt: skip

    def __init__(self, data, *, user):
        super().__init__(data)
        rows = seen(user).order_by()
        folders = {pk for path in rows.values_list("folder__path", flat=True).distinct() for pk in path}
        groups = nameable(user).filter(pk__in=folders, group__isnull=False).values_list("pk", "called")
        self.groups = {str(pk): name for pk, name in sorted(groups, key=lambda each: each[1].casefold())}
        priorities = rows.exclude(priority=None).values_list("priority_id", "priority__title").distinct()
        years = sorted({year_of(day) for day in rows.values_list("made_on", flat=True).distinct()}, reverse=True)
        self.fields["group"].choices = [("", "All"), *self.groups.items()]
        self.fields["priority"].choices = [("", "Any"), *((str(pk), title) for pk, title in priorities)]
        self.fields["year"].choices = [("", "Every year"), *((str(each), words_of_year(each)) for each in years)]

    def in_words(self) -> str:
        """'Decisions of the Quality group, 2026/27, found by ‘visit’'."""
        asked, said = self.cleaned_data, "Decisions"
        if asked["group"]:
            said += f" of {self.groups[asked['group']]}"
        more = [dict(self.fields[name].choices)[asked[name]] for name in ("priority", "year") if asked[name]]
        if asked["sent"]:
            more.append("sent up and waiting" if asked["sent"] == WAITS else "sent up and answered")
        if asked["q"]:
            more.append(f"found by ‘{asked['q']}’")
        return ", ".join([said, *more])


def find(user, *, q="", group="", priority="", year="", sent=""):
    """The decisions that these narrow down to, newest first."""
    rows = seen(user)
    if group:
        rows = rows.filter(folder__path__contains=[group])
    if priority:
        rows = rows.filter(priority_id=priority)
    if year:
        rows = rows.filter(made_on__gte=first_day(int(year)), made_on__lt=first_day(int(year) + 1))
    if sent:
        status = SentUp.Status.WAITING if sent == WAITS else SentUp.Status.ANSWERED
        sent_up = SentUp.objects.unscoped("whether a decision that is seen was sent up").filter(status=status)
        rows = rows.filter(pk__in=sent_up.exclude(decision=None).values("decision_id"))
    for word in q.split():
        rows = rows.filter(Q(text__icontains=word) | Q(reason__icontains=word) | Q(item__title__icontains=word))
    loaded = rows.select_related("folder", "item", "priority", "paper")
    return loaded.order_by("-made_on", "meeting_id", "item__position", "number")


def dressed(user, rows) -> list[Line]:
    names = dict(
        nameable(user).filter(pk__in={pk for row in rows for pk in row.folder.path}).values_list("pk", "called")
    )
    sent = of_decisions(rows)
    return [Line(row, _name(names, row), sent.get(row.pk, [])) for row in rows]


def _name(names, row) -> str:
    """The nearest folder above that has a name: a restricted item's is that of its group."""
    above = row.folder.path[:-1] if row.item.restricted and len(row.folder.path) > 1 else row.folder.path
    return next((names[pk] for pk in reversed(above) if pk in names), "Restricted")


def page_of(user, form, number):
    """A page of Lines of what the valid form asks for."""
    cut = Paginator(find(user, **form.cleaned_data), ON_A_PAGE).get_page(number)
    cut.object_list = dressed(user, list(cut.object_list))
    return cut


COLUMNS = (
    ("Decided on", 14, lambda line: line.decision.made_on),
    ("Group or case", 34, lambda line: line.group),
    ("Item", 34, lambda line: line.decision.item.title),
    ("Decision", 60, lambda line: line.decision.text),
    ("Reason", 40, lambda line: line.decision.reason),
    ("Dissent", 30, lambda line: line.decision.dissent),
    ("How it was agreed", 22, lambda line: line.decision.get_how_display()),
    ("Quorate", 10, lambda line: {True: "Yes", False: "No"}.get(line.decision.quorate)),
    ("Paper", 30, lambda line: line.decision.paper and line.decision.paper.title),
    ("Priority", 30, lambda line: line.decision.priority and line.decision.priority.title),
    ("Sent to", 34, lambda line: ", ".join(row.receiver for row in line.sent)),
    ("Answer", 50, lambda line: line.decision.answer),
    ("Marking", 20, lambda line: marking_of([line])),
)


def marking_of(lines) -> str:
    return "OFFICIAL-SENSITIVE" if any(line.restricted for line in lines) else "OFFICIAL"


def export(user, form):
    """(open file, its name) of everything that the valid form finds; one event with the count, no words.

    Raises ValidationError for a list that is too long.
    """
    rows = list(find(user, **form.cleaned_data)[: AT_MOST + 1])
    if len(rows) > AT_MOST:
        raise ValidationError(TOO_LONG.format(AT_MOST))
    lines = dressed(user, rows)
    head = [
        [f"{marking_of(lines)}. {form.in_words()}"],
        [sheets.taken_out(user)],
        [],
        [name for name, _, _ in COLUMNS],
    ]
    cells = ([value(line) for _, _, value in COLUMNS] for line in lines)
    file, _ = sheets.made("xlsx", "Decisions", head, cells, [width for _, width, _ in COLUMNS])
    filters = sorted(name for name, value in form.cleaned_data.items() if value)
    restricted = sum(line.restricted for line in lines)
    record("decisions_exported", by=user, count=len(lines), restricted=restricted, filters=filters)
    return file, f"decisions-{timezone.localdate():%Y-%m-%d}.xlsx"
