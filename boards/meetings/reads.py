"""Facts about meetings. Every function takes the reader first and asks by the row rule."""

from calendar import day_name, month_name
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Exists, OuterRef
from django.utils import timezone

from boards.calling.assisting import of_today
from boards.flow import MEETING
from boards.meetings.pattern import EVERY, WEEKS, Step
from boards.models import Attendance, Invitee, Meeting, Seat, Series, StandingItem
from partnership.access.context import folder_page
from partnership.access.gatherings import host_of
from partnership.access.models import Folder, FolderKind
from partnership.access.over import going_on
from partnership.actions.planning.rules import MONTHS_OF_A_YEAR, first_day
from partnership.deadlines.periods import add_months
from partnership.people.roles import Perm
from partnership.ui.dates import midnight, plain

OF_MEETING = ("folder", "group__folder")
LOADED = (*OF_MEETING, "series")
PLANNING = ("cancel", "hold", "unhold", "reinstate")


def invitees(user, meeting) -> list:
    """Everybody who is or was called to a meeting. `assisted`: whether `user` assists them today."""
    rows = Invitee.objects.visible_to(user).filter(meeting=meeting)
    assists = Exists(of_today().filter(assistant=user, member=OuterRef("user")))
    return list(rows.annotate(assisted=assists).select_related("seat__agency", "user", "deputy", "answered_by"))


def seats(user, meeting) -> list:
    """The seats of the group on the day of the meeting, deputies' among them; a case's meeting has none."""
    if meeting.group_id is None:
        return []
    return list(Seat.objects.on(meeting.day).filter(group=meeting.group_id).select_related("user", "agency"))


def came(user, meeting) -> list:
    """Who was ticked; nothing is before the meeting begins."""
    if meeting.starts_at > timezone.now():
        return []
    rows = Attendance.objects.visible_to(user).filter(meeting=meeting)
    return list(rows.select_related("user", "agency", "stood_in"))


def who_chairs(page) -> list[str]:
    """Names: who chaired, or is called to chair, or holds the chair's seat on that day; none where nobody is known."""
    for row in page.once(came):
        if row.chairs:
            return [row.user.name if row.user_id else row.name or row.post]
    for row in page.once(invitees):
        if row.chairs and row.withdrawn_at is None:
            return [row.called]
    chair = Seat.SeatRole.CHAIR
    return [_seated(seat) for seat in page.once(seats) if seat.role == chair and seat.deputy_for_id is None]


def _seated(seat) -> str:
    return ", ".join(filter(None, (seat.user.name if seat.user_id else "Vacant", seat.post)))


def whose(meeting) -> tuple[str, str]:
    """(words, address) of what the meeting belongs to: a group by its name, a case by its reference."""
    return of_folder(meeting.folder)


def of_folder(folder) -> tuple[str, str]:
    """(words, address) of a folder that has meetings: a group by its name, a case by its reference."""
    return folder.title if folder.kind == FolderKind.GROUP else folder.reference, folder_page(folder)


def case_of(folder) -> str:
    """The code word of a case's folder, for Home's column of cases; nothing of a group's."""
    return folder.reference if folder.sealed else ""


def of_a_group(user, folder) -> bool:
    """Whether a page that groups alone have exists for this folder."""
    return folder.kind == FolderKind.GROUP


def called_like(folder) -> str:
    """What a new meeting of a folder is called, where nobody says another thing."""
    if folder.kind == FolderKind.GROUP:
        return folder.title
    host = host_of(folder)
    return host.title if host else ""


def steps(held, meeting) -> list:
    """[(code, label)] of the steps of planning that are shown to somebody with these powers."""
    open_now = [(code, step.label) for code, step in MEETING.open_with(held, meeting) if code in PLANNING]
    begun = meeting.starts_at <= timezone.now()
    return [(code, label) for code, label in open_now if code != "hold" or begun]


def warnings(meeting) -> list[str]:
    """What whoever runs the meeting should put right."""
    group, found = meeting.group, []
    if meeting.status in Meeting.GOES_ON and group and group.ends and meeting.day >= group.ends:
        found.append(f"The last day of this group is {plain(group.last_day)}. Move this meeting, or cancel it.")
    if meeting.status in Meeting.GOES_ON and timezone.localdate() > meeting.day:
        found.append("Its day is over: record that it was held, or cancel it.")
    return found


# --- the list ---------------------------------------------------------------------------------------------------------


def listed(user, *, when="ahead", group=None, status="", month=None):
    """The meetings that `user` may see, soonest first; those that are over newest first. group: a folder; month: its
    first day, whatever `when` says."""
    rows = Meeting.objects.visible_to(user).select_related("folder")
    if group is not None:
        rows = rows.filter(folder=group)
    if status:
        rows = rows.filter(status=status)
    if month is not None:
        return rows.filter(starts_at__gte=midnight(month), starts_at__lt=midnight(add_months(month, 1)))
    today = midnight(timezone.localdate())
    if when == "ahead":
        return rows.filter(starts_at__gte=today)
    return (rows.filter(starts_at__lt=today) if when == "past" else rows).order_by("-starts_at", "-id")


def of_one(user, folder) -> tuple:
    """(ahead, past) of one folder: ahead as a list from today on, soonest first; past as rows, newest first."""
    return list(listed(user, group=folder)), listed(user, when="past", group=folder)


def series_of(user, folder) -> list:
    """[(series, from when to when in words)] of a folder, the newest first."""
    rows = Series.objects.visible_to(user).filter(folder=folder)
    return [(row, _span([Step.of(each) for each in row.pattern])) for row in rows]


def _span(steps) -> str:
    return f"{plain(steps[0].first)} to {plain(steps[-1].last)}"


def folders_to_plan_in(user):
    """The folders of groups that meet and in which `user` plans meetings."""
    rows = Folder.objects.allowing(user, Perm.MEETING_RUN).filter(kind=FolderKind.GROUP)
    return going_on(rows).order_by("title")


def folders_with_meetings(user):
    """The folders of the meetings that `user` may see."""
    return Folder.objects.visible_to(user).filter(pk__in=Meeting.objects.visible_to(user).order_by().values("folder"))


def months_with_meetings(user) -> list:
    """The first days of the months in which `user` may see a meeting, newest first."""
    return list(Meeting.objects.visible_to(user).datetimes("starts_at", "month", order="DESC"))


# --- series and standing items ----------------------------------------------------------------------------------------


def pattern_in_words(series, *, since=date.min) -> list[str]:
    """'The second Tuesday, every month, from 1 April 2026 to 31 July 2026', a line a part of the pattern that is not
    over on the day `since`."""
    steps = [step for step in map(Step.of, series.pattern) if step.last >= since]
    return [f"The {_which(each)}, from {plain(each.first)} to {plain(each.last)}" for each in steps]


def patterns_now(user, groups) -> dict:
    """group id -> the pattern of its newest series that is not over, in words; for who may see its meetings."""
    today, found = timezone.localdate(), {}
    for row in Series.objects.visible_to(user).filter(group__in=groups).order_by("made_at"):
        if said := pattern_in_words(row, since=today):
            found[row.group_id] = "; ".join(said)
    return found


def _which(step) -> str:
    often = EVERY.get(step.every_months, f"every {step.every_months} months")
    return f"{WEEKS[step.week]} {day_name[step.weekday]}, {often}"


@dataclass
class Month:
    """A month of a group's forward plan: its meetings, and the standing items that are due in it."""

    first: date
    meetings: list = field(default_factory=list)
    items: list = field(default_factory=list)

    @property
    def missing(self) -> bool:
        """Whether an item of this month has no meeting at which it could stand."""
        return bool(self.items) and not self.meetings


def year_of_items(user, folder, year: int) -> list[Month]:
    """The twelve months of the partnership's year from 1 April: two queries. An item for every meeting stands where
    there is a meeting; one of named months stands in them, with or without."""
    first = first_day(year)
    months = {month: Month(month) for month in (add_months(first, n) for n in range(MONTHS_OF_A_YEAR))}
    rows = Meeting.objects.visible_to(user).filter(folder=folder).exclude(status=Meeting.Status.CANCELLED)
    for row in rows.filter(starts_at__gte=midnight(first), starts_at__lt=midnight(first_day(year + 1))):
        months[row.day.replace(day=1)].meetings.append(row)
    items = list(standing_of(user, folder))
    for month in months.values():
        live = [each for each in items if each.ended_on is None or each.ended_on > month.first]
        month.items = [
            each for each in live if month.first.month in each.months or (not each.months and month.meetings)
        ]
    return list(months.values())


def standing_of(user, folder):
    rows = StandingItem.objects.visible_to(user).filter(folder=folder)
    return rows.select_related("priority", "duty").order_by("ended_on", "position", "title")


def months_in_words(item) -> str:
    return ", ".join(month_name[month] for month in sorted(item.months, key=_from_april)) or "Every meeting"


def _from_april(month: int) -> int:
    return (month - first_day(1).month) % MONTHS_OF_A_YEAR
