"""Who speaks for the three safeguarding partners today, and which of them have been let in to sign."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.db.models.functions import JSONObject
from django.utils import timezone

from partnership.access.models import Conflict, Folder
from partnership.access.prepared import Prepared, as_array
from partnership.access.rows import holders
from partnership.access.services import grant
from partnership.people.models import DutyKind, NamedDuty, PartnerSeat
from partnership.people.models.dated import last_day
from partnership.people.roles import Perm, Role
from reviews import notices
from reviews.models import Decision, Review, SignOff


@dataclass(frozen=True)
class Holder:
    """Somebody who holds the duty of a safeguarding partner today, as delegate or as dated deputy.

    `id` is None where the directory names a post but no account. `until` is the deputy's last day, if there is one.
    `signs`: let in and able to sign. `barred`: by a conflict of interest, which is told to those who let people in.
    """

    id: UUID | None
    name: str
    post: str
    seat: str
    agency: str
    deputy: bool
    until: date | None
    active: bool
    signs: bool
    barred: bool

    @property
    def choosable(self):
        return bool(self.id and self.active and not self.signs and not self.barred)

    @property
    def capacity(self):
        """'delegate', or 'dated deputy until 3 June 2026'."""
        if not self.deputy:
            return "delegate"
        return f"dated deputy until {self.until:%-d %B %Y}" if self.until else "deputy"


def _facts(folder, today, now):
    """The facts of `Holder` as JSON, a row a duty that is held on that day."""
    may_sign = holders(folder, Perm.SIGN_OFF, today=today, now=now).filter(pk=OuterRef("holder_id"))
    barred = Conflict.objects.live(now).filter(folder__among=as_array(folder.path), user_id=OuterRef("holder_id"))
    duties = NamedDuty.objects.on(today).filter(kind="dsp").exclude(agency__partner_seat="")
    return duties.order_by("holder__name").values(
        facts=JSONObject(
            id="holder_id",
            name="holder__name",
            post="post",
            job_title="holder__job_title",
            seat="agency__partner_seat",
            agency="agency__name",
            deputy_for="deputy_for_id",
            ends="ends",
            active="holder__is_active",
            signs=Exists(may_sign.order_by()),
            barred=Exists(barred),
        )
    )


# A review's folder is always sealed.
_ANY = Folder(path=[UUID(int=0)], sealed=True)
_of_a_folder = Prepared(
    lambda path, today, now: _facts(_ANY, today, now),
    path=as_array(_ANY.path), today=date.max, now=datetime.max.replace(tzinfo=UTC),
)  # fmt: skip


def holders_today(folder):
    """An expression: the rows that `read_holders` reads, so that a page can take them along."""
    return _of_a_folder.array(path=as_array(folder.path), today=timezone.localdate(), now=timezone.now())


def read_holders(rows) -> list[Holder]:
    """`Holder`s from their JSON, delegates first; a person once a seat."""
    found = {}
    for row in rows:
        holder = Holder(
            id=UUID(row["id"]) if row["id"] else None,
            name=row["name"] or "",
            post=row["post"] or row["job_title"] or "",
            seat=row["seat"],
            agency=row["agency"],
            deputy=row["deputy_for"] is not None,
            until=last_day(date.fromisoformat(row["ends"])) if row["ends"] else None,
            active=bool(row["active"]),
            signs=row["signs"],
            barred=row["barred"],
        )
        found.setdefault((holder.seat, holder.id or row["post"]), holder)
    return sorted(found.values(), key=lambda each: each.deputy)


def by_seat(people) -> dict:
    """seat code -> its holders, for all three seats in their order; a post without account where nobody has one."""
    seats = {seat: [each for each in people if each.seat == seat] for seat in PartnerSeat.values}
    return {seat: [each for each in mine if each.id] or mine for seat, mine in seats.items()}


def of_folder(folder) -> dict:
    """The same for one folder, asked for now."""
    rows = _facts(folder, timezone.localdate(), timezone.now())
    return by_seat(read_holders(rows.values_list("facts", flat=True)))


def others_of_seats(user) -> dict:
    """seat code -> the ids of everybody else who holds a duty of that partner today, delegate or deputy."""
    duties = NamedDuty.objects.on(timezone.localdate()).filter(kind="dsp").exclude(agency__partner_seat="")
    found = {seat: set() for seat in PartnerSeat.values}
    others = duties.exclude(holder=None).exclude(holder=user)
    for seat, holder in others.values_list("agency__partner_seat", "holder_id"):
        found[seat].add(holder)
    return found


def with_a_word(user, decision) -> set:
    """The seats that have signed this decision, or whose silence is recorded."""
    return set(SignOff.objects.visible_to(user).filter(decision=decision).values_list("seat", flat=True))


def who_speaks(folder) -> set:
    """The ids of those who speak for a partner today, as delegate or dated deputy, let in to sign or not."""
    return {each.id for people in of_folder(folder).values() for each in people if each.id}


def who_can_sign(folder) -> set:
    """The ids of those who speak for a partner today and have been let in to sign."""
    return {each.id for people in of_folder(folder).values() for each in people if each.signs}


@transaction.atomic
def let_in(review, people, *, by, reason) -> list:
    """Let these people in to sign, for one reason, and tell them if a decision or a view on the criteria waits.

    Raises ValidationError as `grant` does; then nobody was let in.
    """
    grants = [grant(review.folder, user, Role.SIGNATORY, by=by, reason=reason) for user in people]
    standing = Decision.objects.unscoped("the decision that those let in are to sign").filter(review=review).first()
    if standing and not review.settled:
        notices.tell_signatories(standing, [user.pk for user in people])
    if review.status == Review.Status.CONSIDERED:
        notices.tell_view_sought(review, [user.pk for user in people])
    return grants


def leads_today() -> list:
    """The duties of the lead safeguarding partners of today, with organisation and holder, by the directory."""
    rows = NamedDuty.objects.on(timezone.localdate()).filter(kind=DutyKind.LEAD_PARTNER)
    return list(rows.exclude(agency__partner_seat="").select_related("agency", "holder").order_by("agency__name"))


def names_of(words, between="and") -> str:
    """'A', 'A and B', 'A, B and C'."""
    *most, last = words
    return f"{', '.join(most)} {between} {last}" if most else last
