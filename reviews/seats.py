"""The seats of the three safeguarding partners at a decision: their words on it, and who holds the duty today."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from partnership.documents.models import Version
from partnership.people.models import Agency, PartnerSeat, User
from reviews.models import SignOff


@dataclass
class Seat:
    """One of the three safeguarding partners: its word on the decision, if any, and who holds the duty today."""

    code: str
    label: str
    sign_off: SignOff | None
    people: list = field(default_factory=list)
    changed_since: bool = False  # whether what the report is made from was changed after the partner had signed

    @property
    def spoken(self):
        """Whether the partner has spoken themselves: a silence that somebody else recorded is no signature."""
        return self.sign_off is not None and self.sign_off.stance != SignOff.Stance.SILENT

    @property
    def agency(self) -> str:
        """The partner's organisation: that of whoever spoke, else that of whoever holds the duty today."""
        if self.sign_off is not None:
            return self.sign_off.agency.name
        return self.people[0].agency if self.people else ""

    @property
    def let_in(self):
        return any(each.signs for each in self.people)


def words_on(user):
    """The partners' words on a decision, by the same row rule, in the decision's own query."""
    names = (
        *("seat", "stance", "reason", "as_deputy", "recorded_at"),
        *("signer_id", "signer__name", "signer__job_title", "agency_id", "agency__name"),
        *("recorded_by_id", "recorded_by__name", "report_id", "report__number"),
    )
    rows = SignOff.objects.visible_to(user).filter(decision=OuterRef("pk")).order_by("seat", "recorded_at")
    return ArraySubquery(rows.values(data=JSONObject(**{name: name for name in names})))


def seats_of(decision, people, content_at) -> list[Seat]:
    """The three seats at a decision that was read with its `words_on`; all are silent where there is none yet.

    people: seat -> who holds the duty today. content_at: when what the report is made from was changed last, or None.
    """
    signed = {}
    for row in map(_word, decision.words if decision else ()):  # a signature that followed a silence stands before it
        if row.seat not in signed or signed[row.seat].stance == SignOff.Stance.SILENT:
            signed[row.seat] = row
    seats = [Seat(code, label, signed.get(code), people.get(code, [])) for code, label in PartnerSeat.choices]
    for seat in seats:
        seat.changed_since = bool(seat.spoken and content_at and content_at > seat.sign_off.recorded_at)
    return seats


def _word(data) -> SignOff:
    """A sign-off for reading, from its JSON; it is never saved."""
    signer = {name: data.pop(f"signer__{name}") for name in ("name", "job_title")}
    agency, recorder = data.pop("agency__name"), data.pop("recorded_by__name")
    number = data.pop("report__number")
    row = SignOff(**data | {"recorded_at": datetime.fromisoformat(data["recorded_at"])})
    if row.signer_id:
        row.signer = User(id=UUID(row.signer_id), **signer)
    row.agency = Agency(id=UUID(row.agency_id), name=agency)
    row.recorded_by = User(id=UUID(row.recorded_by_id), name=recorder)
    if row.report_id:
        row.report = Version(id=UUID(row.report_id), number=number)
    return row
