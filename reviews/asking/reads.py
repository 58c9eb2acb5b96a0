"""What became of requests: which are not in, late by how much, chased when, given more time."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from partnership.deadlines import calendars
from partnership.deadlines.models import Deadline, Division, Milestone
from partnership.deadlines.working_days import CalendarEnds, days_late
from partnership.documents.reads import files
from partnership.people.roles import Perm
from reviews.clocks import AGENCY_RETURN
from reviews.models import TO_REACH, AgencyReturn, Clearance, Contact, Extension, RequestLetter, Review
from reviews.whom import author_can

GUEST_FIRST = {
    "named": "Ring them",
    "called": "Send the invitation",
    "invited": "Send the invitation again, or ring",
    "blocked": "Ring them again",
}


@dataclass(frozen=True)
class Tried:
    """One try to get a return. by: a name, empty where the clock reminded by itself."""

    at: datetime
    what: str
    by: str = ""
    said: str = ""


@dataclass
class Owed:
    """A return that is not in. late: working days since its day; None where the bank holidays are not known."""

    row: AgencyReturn
    late: int | None
    tried: list = field(default_factory=list)
    extensions: list = field(default_factory=list)
    chased_today: bool = False

    @property
    def guest_first(self) -> str:
        """What comes before any reminder of a guest who has not come in; nothing for others."""
        return GUEST_FIRST.get(self.row.guest_status, "")

    @property
    def stuck(self) -> bool:
        """Whether nobody can answer it: its author can no longer open it."""
        return bool(self.row.agency_id) and not self.row.author_can

    @property
    def remind(self) -> str:
        signs = self.row.status == AgencyReturn.Status.TO_SIGN
        return "Remind the author and the signer" if signs else "Remind the author"

    @property
    def waiting(self):
        """The author's request for more time that waits for an answer."""
        return next((each for each in self.extensions if waits(each, self.row)), None)

    @property
    def granted(self) -> list:
        return [each for each in self.extensions if each.status == Extension.Status.GRANTED]

    @property
    def standing(self) -> str:
        """'3 working days late', 'due today', 'not due yet'; before it what the request or the return still needs."""
        first = TO_REACH.get(self.row.guest_status, "").lower()
        if self.row.status == AgencyReturn.Status.TO_SIGN:
            first = "written, waits for its signature"
        return f"{first}; {self._day}" if first else self._day

    @property
    def _day(self):
        today = timezone.localdate()
        if self.row.due_on > today:
            return "not due yet"
        if self.row.due_on == today:
            return "due today"
        if not self.late:
            return "late"
        return f"{self.late} working day{'' if self.late == 1 else 's'} late"


def waits(extension, row) -> bool:
    """Whether an answer is still owed: the return is, and no other day was set since."""
    return extension.status == Extension.Status.WAITING and row.owed and extension.due_before == row.due_on


def waiting_extension(user, row) -> Extension | None:
    rows = Extension.objects.visible_to(user).filter(row=row, status=Extension.Status.WAITING, due_before=row.due_on)
    return rows.first() if row.owed else None


def extensions_of(user, row) -> list:
    """The extensions of one return that this person may see, oldest first, each with `waits`."""
    found = list(Extension.objects.visible_to(user).filter(row=row).select_related("asked_by", "decided_by"))
    for each in found:
        each.waits = waits(each, row)
    return found


def to_answer(user):
    """Requests for more time that wait, of the reviews on which this person asks for returns."""
    rows = Extension.objects.allowing(user, Perm.RETURN_REQUEST).filter(
        status=Extension.Status.WAITING, row__status__in=AgencyReturn.OWED, due_before=F("row__due_on")
    )
    return rows.select_related("row__agency")


def came_in(user, review) -> tuple:
    """(returns in, requests that stand) of a review."""
    statuses = AgencyReturn.objects.visible_to(user).filter(review=review).values_list("status", flat=True)
    standing = [each for each in statuses if each != AgencyReturn.Status.WITHDRAWN]
    return standing.count(AgencyReturn.Status.SUBMITTED), len(standing)


def outstanding(user, reviews) -> list[Owed]:
    """What is not in, of these reviews (which this person may see), the longest overdue first; five queries."""
    rows = AgencyReturn.objects.visible_to(user).filter(review__in=reviews, status__in=AgencyReturn.OWED)
    can = author_can(folder_id=OuterRef("folder_id"))
    rows = rows.annotate(invitation=F("guest__pk"), guest_status=F("guest__status"), author_can=can)
    rows = list(rows.select_related("agency", "author", "subject").order_by("due_on", "agency__name", "outside", "pk"))
    late, today = _days_late(), timezone.localdate()
    found = {row.pk: Owed(row, late(row.due_on)) for row in rows}
    for each in Extension.objects.visible_to(user).filter(row__in=rows).select_related("asked_by", "decided_by"):
        found[each.row_id].extensions.append(each)
    for each in Contact.objects.visible_to(user).filter(row__in=rows).select_related("by"):
        owed = found[each.row_id]
        owed.tried.append(Tried(each.at, each.get_kind_display(), each.by.name, each.said))
        owed.chased_today |= each.kind == Contact.Kind.CHASED and each.on == today
    for subject, at, label in _reminded(user, rows):
        found[subject].tried.append(Tried(at, f"Reminded by the portal: {label[:1].lower()}{label[1:]}"))
    for owed in found.values():
        owed.tried.sort(key=lambda each: each.at)
    return list(found.values())


def set_aside(user, review) -> list[Clearance]:
    """Bodies that were closed and are not asked: they wait, or are asked another way."""
    found = list(_standing(user, review=review).select_related("agency", "by"))
    for each in found:
        each.open_again = each.opens_on <= timezone.localdate()
    return found


def to_ask_now(user):
    """Requests that waited for a body which is open again, of the reviews on which this person asks for returns."""
    rows = _standing(
        user, Perm.RETURN_REQUEST, way=Clearance.Way.WAIT, opens_on__lte=timezone.localdate(),
        review__status__in=(Review.Status.OPEN, Review.Status.DECIDED),
    )  # fmt: skip
    return rows.select_related("agency", "folder")


def _standing(user, perm=Perm.REVIEW_VIEW, **where):
    """What was decided last about each body that was closed and was not asked since."""
    same = {"review": OuterRef("review"), "agency": OuterRef("agency"), "at__gt": OuterRef("at")}
    rows = Clearance.objects.allowing(user, perm).filter(row=None, **where)
    return rows.exclude(Exists(Clearance.objects.allowing(user, perm).filter(**same)))


def clearances_of(user, row) -> list[Clearance]:
    """Who cleared the request although the body was closed, and why; for those on the case."""
    return list(Clearance.objects.visible_to(user).filter(row=row).select_related("by"))


def _reminded(user, rows):
    """(return id, moment, label) of the days on which the clock has reminded their authors."""
    clocks = Deadline.objects.visible_to(user).filter(
        subject_kind=AgencyReturn._meta.label_lower, subject_id__in=[row.pk for row in rows], rule=AGENCY_RETURN
    )
    told = Milestone.objects.visible_to(user).filter(
        deadline__in=clocks, state=Milestone.State.FIRED, level=Milestone.Level.OWNER
    )
    return told.values_list("deadline__subject_id", "fired_at", "label")


def _days_late():
    """late(day) -> working days from then until today, 0 where it is not past."""
    calendar, today = calendars.load(Division.ENGLAND_AND_WALES), timezone.localdate()

    def late(day):
        try:
            return days_late(day, today, calendar) if day < today else 0
        except CalendarEnds:
            return None

    return late


@dataclass
class Letter:
    """A request and its letter, if one was made. file: documents.reads.File, None where there is none to see."""

    row: AgencyReturn
    letter: RequestLetter | None
    file: object = None

    @property
    def to_make(self):
        """Whether one is missing, or says another day or author than now."""
        if self.row.status != AgencyReturn.Status.ASKED:
            return False
        says = (self.letter.due_on, self.letter.author_id) if self.letter else None
        return says != (self.row.due_on, self.row.author_id)


def letters(user, review) -> list[Letter]:
    """The requests of a review that stand, by organisation, each with its letter; four queries."""
    rows = AgencyReturn.objects.visible_to(user).filter(review=review).exclude(status=AgencyReturn.Status.WITHDRAWN)
    rows = list(rows.select_related("agency", "author", "asked_by", "agreement", "subject"))
    made = {each.row_id: each for each in RequestLetter.objects.visible_to(user).filter(row__in=rows)}
    shown = files(user, documents=[each.document_id for each in made.values()])
    shown = {each.version.document_id: each for each in shown}
    found = [Letter(row, made.get(row.pk)) for row in rows]
    for each in found:
        each.file = shown.get(each.letter.document_id) if each.letter else None
    return found
