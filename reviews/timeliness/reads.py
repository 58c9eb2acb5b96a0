"""How timely notifications, returns and reports were, by financial year: counts and averages, never a review.

Two readers: who may see that reviews exist has the figures of today; the board has the totals of years that are over,
without numbers below FEWEST, and without those that would give them away.
"""

from dataclasses import dataclass, field, replace
from datetime import date

from django.db.models import Avg, Count, Exists, F, IntegerField, OuterRef, Q
from django.db.models.expressions import RawSQL
from django.utils import timezone

from partnership.access.reach import reach_of
from partnership.deadlines.models import Deadline
from partnership.deadlines.rules import RAPID_REVIEW
from partnership.people.roles import Perm
from partnership.ui.small_numbers import FEWEST
from reviews.clocks import AGENCY_RETURN, NOTICE
from reviews.models import Extension, NotificationWithdrawal

OUTSIDE = "Bodies outside the directory"  # together, never by name: a name would say where something happened
WHY = "counts of all reviews for holders of TIMELINESS_*: no row, no name and no word of one leaves here"

# 1 April less three months is 1 January. The day in London counts.
_YEAR = RawSQL(
    "extract(year FROM (deadlines_deadline.met_at AT TIME ZONE 'Europe/London')::date - interval '3 months')::int",
    (),
    output_field=IntegerField(),
)
_YEAR_WITHDRAWN = RawSQL("extract(year FROM withdrawn_on - interval '3 months')::int", (), output_field=IntegerField())
# Day 0 is the day of the trigger (docs/adr/0011); a bank holiday that was given up counts as a working day.
_DAYS = RawSQL(
    """(SELECT count(*) FROM generate_series(
        (deadlines_deadline.trigger_at AT TIME ZONE 'Europe/London')::date + 1,
        (deadlines_deadline.met_at AT TIME ZONE 'Europe/London')::date, interval '1 day') AS each(day)
    WHERE extract(isodow FROM each.day) < 6 AND NOT EXISTS (
        SELECT 1 FROM deadlines_bankholiday holiday
        WHERE holiday.division = deadlines_deadline.division AND holiday.date = each.day::date
          AND holiday.given_up_on IS NULL))""",
    (),
    output_field=IntegerField(),
)


@dataclass(frozen=True)
class Figures:
    """One line. None is a number that is not shown. days: working days on average, from the trigger to the deed: of a
    return, from the day on which it was asked. extended: how many returns were given more time before they came in.
    owed: how many are not done today although their time is over; they are in no other number.
    """

    name: str
    number: int | None = 0
    on_time: int | None = 0
    late: int | None = 0
    reasons: int | None = 0
    days: float | None = None
    extended: int | None = None
    owed: int = 0


@dataclass
class Year:
    """A financial year, from 1 April of `start`. running: it is not over. returns: a line an agency."""

    start: int
    running: bool
    notified: Figures
    sent: Figures
    all_returns: Figures
    returns: list = field(default_factory=list)
    withdrawn: int | None = 0  # notifications that were withdrawn in it: in no other number
    left_out: bool = False  # whether something small is not shown

    @property
    def name(self):
        return f"1 April {self.start} to 31 March {self.start + 1}"


def timeliness(user, *, today=None) -> list[Year]:
    """The years, newest first: with the running one and every number for TIMELINESS_LIVE, else closed ones' totals.

    The page has asked for TIMELINESS_TOTALS. Three queries, and one for what is owed and late today.
    """
    today = today or timezone.localdate()
    reach = reach_of(user)
    live = reach.holds(Perm.TIMELINESS_LIVE)
    places = reach.places(Perm.TIMELINESS_LIVE if live else Perm.TIMELINESS_TOTALS)
    rows = Deadline.objects.unscoped(WHY).filter(status=Deadline.Status.MET, folder__partnership_id__in=places)
    found = {}
    ours = rows.filter(rule__in=[*NOTICE.values(), RAPID_REVIEW])
    for year, rule, *numbers in _counted(ours.annotate(days=_DAYS), "rule", Avg("days")):
        name = "sent" if rule == RAPID_REVIEW else "notified"
        found.setdefault(year, {}).setdefault(name, []).append(numbers)
    returned = rows.filter(rule=AGENCY_RETURN).annotate(days=_DAYS)
    given = Extension.objects.unscoped(WHY).filter(row=OuterRef("subject_id"), status=Extension.Status.GRANTED)
    extended = Count("pk", filter=Exists(given))
    for year, agency, *numbers in _counted(returned, "agency__name", Avg("days"), extended):
        found.setdefault(year, {}).setdefault("returns", []).append((agency or OUTSIDE, *numbers))
    withdrawn = NotificationWithdrawal.objects.unscoped(WHY).filter(folder__partnership_id__in=places)
    for year, number in withdrawn.annotate(year=_YEAR_WITHDRAWN).order_by().values_list("year").annotate(Count("pk")):
        found.setdefault(year, {})["withdrawn"] = number
    current = today.year if today >= date(today.year, 4, 1) else today.year - 1
    if live and (owed := _owed(places)):
        found.setdefault(current, {})["owed"] = owed
    years = [_year(start, lines, start >= current) for start, lines in sorted(found.items(), reverse=True)]
    return years if live else [without_small(year) for year in years if not year.running]


def _owed(places) -> dict:
    """(rule, agency's name or None) -> how many run today although their time is over."""
    rows = Deadline.objects.unscoped(WHY).filter(
        status=Deadline.Status.OPEN, due_at__lt=timezone.now(), folder__partnership_id__in=places,
        rule__in=[*NOTICE.values(), RAPID_REVIEW, AGENCY_RETURN],
    )  # fmt: skip
    counted = rows.order_by().values_list("rule", "agency__name").annotate(number=Count("pk"))
    return {(rule, agency): number for rule, agency, number in counted}


def _counted(rows, by, *more):
    """(year, `by`, number, late, late with a reason, and what each of `more` counts) of each."""
    late = Q(met_at__gt=F("due_at"))
    counts = {
        "number": Count("pk"),
        "late": Count("pk", filter=late),
        "why": Count("pk", filter=late & ~Q(late_reason="")),
    }
    counts |= {f"more_{at}": each for at, each in enumerate(more)}
    return rows.annotate(year=_YEAR).order_by().values_list("year", by).annotate(**counts).order_by("year", by)


def _year(start, lines, running) -> Year:
    owed = lines.get("owed", {})
    of_agency = {agency or OUTSIDE: number for (rule, agency), number in owed.items() if rule == AGENCY_RETURN}
    returns = [
        Figures(name, n, n - late, late, why, round(float(days), 1), extended, of_agency.pop(name, 0))
        for name, n, late, why, days, extended in lines.get("returns", [])
    ]
    returns += [Figures(name, extended=0, owed=number) for name, number in of_agency.items()]
    of_notices = sum(number for (rule, _), number in owed.items() if rule in NOTICE.values())
    of_reports = sum(number for (rule, _), number in owed.items() if rule == RAPID_REVIEW)
    return Year(
        start=start,
        running=running,
        notified=_together("Notifications to the Panel", lines.get("notified", []), of_notices),
        sent=_together("Rapid reviews sent to the Panel", lines.get("sent", []), of_reports),
        all_returns=_sum(returns),
        returns=sorted(returns, key=lambda each: each.name.lower()),
        withdrawn=lines.get("withdrawn", 0),
    )


def _together(name, lines, owed) -> Figures:
    number, late, why = (sum(line[at] for line in lines) for at in range(3))
    days = _mean((line[0], float(line[3])) for line in lines)
    return Figures(name, number, number - late, late, why, days, owed=owed)


def _sum(returns) -> Figures:
    names = ("number", "late", "reasons", "extended", "owed")
    number, late, why, extended, owed = (sum(getattr(each, name) for each in returns) for name in names)
    days = _mean((each.number, each.days) for each in returns if each.number)
    return Figures("All organisations", number, number - late, late, why, days, extended, owed)


def _mean(lines) -> float | None:
    """The average over lines of (how many, their average); None where there is none."""
    lines = list(lines)
    number = sum(many for many, _ in lines)
    return round(sum(many * days for many, days in lines) / number, 1) if number else None


def without_small(year) -> Year:
    """The year without numbers below FEWEST, nor what would give them away by taking one from another.

    A line below FEWEST goes whole, an organisation's name with it. A number of late or timely ones that is small goes
    with its counterpart. The sum of all organisations goes as soon as one of them lacks the same number.
    """
    returns = [_big(each) for each in year.returns]
    whole = all(each.number is not None for each in returns)
    split = whole and all(each.late is not None for each in returns)
    total = _big(year.all_returns)
    if not whole:
        total = Figures(total.name, None, None, None, None)
    elif not split:
        total = replace(total, on_time=None, late=None)
    shown = replace(
        year,
        notified=_big(year.notified),
        sent=_big(year.sent),
        all_returns=total,
        returns=[each for each in returns if each.number is not None],
    )
    if year.withdrawn < FEWEST:
        shown.withdrawn = None
    lines = (shown.notified, shown.sent, total, *shown.returns)
    shown.left_out = not whole or any(None in (each.number, each.late) for each in lines)
    return shown


def _big(line) -> Figures:
    if line.number < FEWEST:
        return Figures(line.name, None, None, None, None)
    if 0 < line.late < FEWEST or 0 < line.on_time < FEWEST:
        return replace(line, on_time=None, late=None, reasons=None, extended=None)
    return replace(line, reasons=None, extended=None)  # a third part of the same number would need a rule of its own
