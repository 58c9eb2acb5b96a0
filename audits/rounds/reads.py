"""What the pages of rounds show: always by the row rule of the returns."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from audits.facts import UNKNOWN, area_names, whom_in_words
from audits.leads import leads
from audits.models import AuditReturn, Round, SetVersion, Window
from audits.population import ALSO, EXCEPTIONS, NOT, area_words
from audits.rounds import letters, sending
from audits.rounds.choosing import Asked, left_out_unknown, whom, windows_of
from audits.rounds.single import Gone, gone
from partnership.access.reach import reach_of
from partnership.access.rows import allowing
from partnership.actions.planning.calendar import Entry
from partnership.people.models import AgencyKind, Membership, User
from partnership.people.roles import Perm
from partnership.ui.dates import midnight
from partnership.ui.forms import spoken
from partnership.ui.parts import Next

S = AuditReturn.Status
KIND = "audit"


@dataclass
class Standing:
    """How many returns of a round, or of one window, stand how."""

    by: dict = field(default_factory=dict)

    def add(self, status, number):
        self.by[status] = self.by.get(status, 0) + number

    @property
    def made(self) -> int:
        return sum(self.by.values())

    @property
    def excused(self) -> int:
        return self.by.get(S.EXCUSED, 0)

    @property
    def asked(self) -> int:
        """Those who owe a return, or have sent it."""
        return self.made - self.excused

    @property
    def waiting(self) -> int:
        return self.by.get(S.ASKED, 0)

    @property
    def begun(self) -> int:
        return self.by.get(S.BEGUN, 0)

    @property
    def signing(self) -> int:
        return self.by.get(S.SIGNING, 0)

    @property
    def submitted(self) -> int:
        return self.by.get(S.SUBMITTED, 0)

    @property
    def owing(self) -> int:
        return self.asked - self.submitted

    @property
    def percent(self) -> int | None:
        """Of those asked, rounded down, so that 100 % is said of all alone."""
        return 100 * self.submitted // self.asked if self.asked else None


def returns(user, round=None):
    """The returns that this person may see: of a round, or of all."""
    rows = AuditReturn.objects.visible_to(user)
    return rows.filter(round=round) if round is not None else rows


@dataclass
class RoundLine:
    """A round in the list. closes_at: the next deadline of its windows, else the last."""

    row: Round
    standing: Standing
    closes_at: object = None


def rounds(user) -> list[RoundLine]:
    """Every round that `user` may run as it stands, newest first; three questions. One from which a conflict of
    interest bars them is not among these: its numbers would be noughts."""
    rows = allowing(Round, user, Perm.AUDIT_RUN).select_related("set_version__question_set").prefetch_related("windows")
    counts = defaultdict(Standing)
    for pk, status, number in returns(user).order_by().values_list("round", "status").annotate(Count("pk")):
        counts[pk].add(status, number)
    found = [RoundLine(row, counts[row.pk], _deadline(row)) for row in rows]
    order = (Round.Status.OPEN, Round.Status.PLANNED, Round.Status.CLOSED, Round.Status.DISCARDED)
    return sorted(found, key=lambda line: order.index(line.row.status))


def _deadline(row):
    if row.status == Round.Status.DISCARDED:
        return None
    moments = sorted(filter(None, (at for each in row.windows.all() for at in (each.closes_at, each.final_at))))
    return next((at for at in moments if at >= timezone.now()), moments[-1] if moments else None)


def own_returns(user) -> list[AuditReturn]:
    """The returns of the organisations where this person answers: those that are owed first, by their deadline."""
    rows = AuditReturn.objects.allowing(user, Perm.ANSWERS_WRITE).select_related("round", "agency", "folder")
    found = list(rows.order_by("-round__year", "closes_at", "agency__name"))
    for row in found:
        row.late = row.round.status == Round.Status.OPEN and _late(row)
    return sorted(found, key=lambda row: (row.round.status != Round.Status.OPEN, row.status not in AuditReturn.OWES))


def _late(row) -> bool:
    return row.status in AuditReturn.OWES and row.closes_at < timezone.now()


def newer_version(row) -> SetVersion | None:
    """The version of its set that a planned round could ask instead of its own."""
    if row.status != Round.Status.PLANNED:
        return None
    found = SetVersion.objects.filter(question_set=row.set_version.question_set_id, status=SetVersion.Status.IN_USE)
    return found.filter(edition__gt=row.set_version.edition).order_by("-edition").first()


def standing(user, row) -> Standing:
    """How the returns of one round stand."""
    found = Standing()
    for status, number in returns(user, row).order_by().values_list("status").annotate(Count("pk")):
        found.add(status, number)
    return found


def in_words(who: dict) -> str:
    """A population or the `who` of a window: 'School; Primary or Special; 2 left out'; 'Everybody else' for {}."""
    said = [whom_in_words({name: values for name, values in who.items() if name not in EXCEPTIONS})]
    counts = ((len(who.get(ALSO, [])), "asked besides"), (len(who.get(NOT, [])), "left out"))
    said += [f"{number} {words}" for number, words in counts if number]
    return "; ".join(filter(None, said)) or "Everybody else"


# --- one round --------------------------------------------------------------------------------------------------------


@dataclass
class RoundPage:
    """windows: (window, its Standing). new: who came since it was sent. gone: whose organisation is there no longer.
    bounced: (name, organisations) of whose letter came back. unknown: as `unknown` has it. next: what to do now."""

    standing: Standing
    windows: list
    slices: list
    job: object
    new: list[Asked]
    gone: list[Gone]
    bounced: list
    unknown: list
    next: Next | None


def round_page(user, row) -> RoundPage:
    total, of_window = Standing(), defaultdict(Standing)
    counted = returns(user, row).order_by().values_list("window", "status").annotate(Count("pk"))
    for window, status, number in counted:
        total.add(status, number)
        of_window[window].add(status, number)
    is_open = row.status == Round.Status.OPEN
    found = RoundPage(
        standing=total,
        windows=[(each, of_window[each.pk]) for each in windows_of(row)],
        slices=list(row.slices.select_related("section").order_by("opens_on", "section__position")),
        job=sending.job_of(row),
        new=whom(row, new=True) if is_open else [],
        gone=_gone(user, row) if is_open else [],
        bounced=_bounced(user, row),
        unknown=unknown(row) if row.status in Round.LIVE else [],
        next=None,
    )
    found.next = _next(row, found)
    return found


def _gone(user, row) -> list[Gone]:
    today = timezone.localdate()
    over = Q(agency__ends__lte=today) | Q(agency__merged_into__isnull=False) | Q(agency__successions__on__lte=today)
    owed = returns(user, row).filter(over, status__in=AuditReturn.OWES)
    return gone(owed.select_related("agency").order_by("agency__name", "pk").distinct())


def _bounced(user, row) -> list:
    ids = letters.came_back(row)
    if not ids:
        return []
    where = defaultdict(list)
    owed = returns(user, row).filter(status__in=AuditReturn.OWES)
    members = Membership.objects.live().filter(user__in=ids, agency__in=owed.values("agency"))
    for user_id, name in members.order_by("agency__name").values_list("user", "agency__name"):
        if name not in where[user_id]:
            where[user_id].append(name)
    people = User.objects.filter(pk__in=list(where)).order_by("name")
    return [(each.name, where[each.pk]) for each in people]


def _next(row, found) -> Next | None:
    if found.job:
        why = "Everybody who is asked gets a return, and their leads a letter."
        return Next("See how far the sending is", reverse("jobs:job", args=[found.job.pk]), why)
    at = lambda name: reverse(f"audits:{name}", args=[row.pk])  # noqa: E731
    if row.status == Round.Status.PLANNED:
        return Next("Look at who will be asked", at("round_asked"), "Nobody has been asked yet. From there it is sent.")
    if row.status != Round.Status.OPEN:
        return None
    if found.new:
        return Next("Ask those who came since", at("round_asked"), f"{len(found.new)} belong to it and were not asked.")
    if found.gone:
        first = found.gone[0].row
        why = f"{first.agency.name} is not there any more. Excuse its return, or lead it to the one that follows."
        return Next("Settle who has closed or converted", reverse("audits:return_stand", args=[first.pk]), why)
    if not found.standing.owing:
        return Next("Close the round", at("round_close"), "Everybody who was asked has sent their return.")
    return Next("See who owes a return", at("round_standing"), f"{found.standing.owing} owe theirs.")


# --- beforehand -------------------------------------------------------------------------------------------------------


@dataclass
class Beforehand:
    """Whom a round will ask. by_phase, by_area, by_window: (words, how many). without: who has nobody to write to.
    nowhere: who belongs to no window. closing: who ends before its deadline. unknown: as `unknown` has it."""

    number: int
    by_phase: list
    by_area: list
    by_window: list
    without: list
    nowhere: list
    closing: list
    asked: list
    unknown: list


def beforehand(row) -> Beforehand:
    """Of a planned round everybody whom it asks; of an open one who came since."""
    found = whom(row, new=row.status != Round.Status.PLANNED)
    named = leads([each.agency.pk for each in found])
    areas = area_names()
    last = {each.pk: timezone.localdate(each.final_at or each.closes_at) for each in windows_of(row)}
    return Beforehand(
        number=len(found),
        by_phase=_counted(_phase(each) for each in found),
        by_area=_counted(_area(each, areas) for each in found),
        by_window=_counted(each.window.name if each.window else "No window" for each in found),
        without=[each for each in found if not reachable(named[each.agency.pk])],
        nowhere=[each for each in found if each.window is None],
        closing=[
            each for each in found if each.agency.ends and each.window and each.agency.ends <= last[each.window.pk]
        ],
        asked=found,
        unknown=unknown(row),
    )


def unknown(row) -> list[tuple]:
    """(field, 'no phase in the directory', [Agency]) of those whom a round leaves out because the directory does not
    say."""
    return [(name, spoken(UNKNOWN[name]), rows) for name, rows in left_out_unknown(row).items()]


def reachable(named) -> list[User]:
    """Of those who answer, whom a letter reaches and who can sign the return."""
    return [each.user for each in named if each.user and each.may_sign and each.user.email]


def _phase(each) -> str:
    if each.snapshot.phase:
        return each.snapshot.phase
    kind = each.agency.get_kind_display()
    return f"{kind}, phase not recorded" if each.agency.kind == AgencyKind.SCHOOL else kind


def _area(each, names) -> str:
    slugs = each.snapshot.facts["area"]
    return area_words(names.get(slugs), slugs) or UNKNOWN["area"]


def _counted(words) -> list:
    counts = defaultdict(int)
    for each in words:
        counts[each] += 1
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


# --- what the floors ask ----------------------------------------------------------------------------------------------


def entries(user, first, last, group):
    """Deadlines of audits in the forward plan: each window for whoever runs audits, else one's own returns'."""
    if group is not None:
        return
    between = (midnight(first), midnight(last + timedelta(days=1)) - timedelta(microseconds=1))
    if reach_of(user).holds_wide(Perm.AUDIT_RUN):
        yield from _of_windows(between)
    rows = AuditReturn.objects.allowing(user, Perm.ANSWERS_WRITE).filter(closes_at__range=between)
    rows = rows.filter(status__in=AuditReturn.OWES, round__status=Round.Status.OPEN).select_related("round", "agency")
    for row in rows:
        words = f"{row.round.title}: return of {row.agency.name}"
        yield _entry(row.closes_at, words, f"return-{row.pk}", letters.address_of(row))


def _of_windows(between):
    rows = Window.objects.filter(round__status__in=Round.LIVE).select_related("round")
    rows = rows.filter(Q(closes_at__range=between) | Q(final_at__range=between))
    for row in rows:
        url = reverse("audits:audit_round", args=[row.round_id])
        for at, words, name in (
            (row.closes_at, "deadline", "closes"),
            (row.final_at, "second deadline", "final"),
        ):
            if at and between[0] <= at <= between[1]:
                yield _entry(at, f"{row.round.title}: {words}, {row.name}", f"window-{row.pk}-{name}", url)


def _entry(at, words, key, url):
    return Entry(timezone.localdate(at), KIND, words, "", key, url)
