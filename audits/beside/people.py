"""Whether the directory names an organisation's people rightly: read, put right by the directory's own services, and
confirmed on the return."""

import hashlib
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from audits.answering import services as answering
from audits.models import AuditReturn
from partnership.access.flow import Stale, lock
from partnership.directory.joining import duties, rules
from partnership.directory.leads import leads_of
from partnership.people.models import DutyKind, NamedDuty, User
from partnership.people.roles import Perm
from partnership.trail.services import record

# Whom an audit asks for, first those without whom a return cannot be signed.
OF_A_SCHOOL = (DutyKind.HEADTEACHER, DutyKind.CHAIR_OF_GOVERNORS, DutyKind.DSL, DutyKind.DEPUTY_DSL)
OF_AN_AGENCY = (DutyKind.SECTION_11_LEAD, DutyKind.SINGLE_POINT)
# Shown where somebody holds them: of an early years provider, and of a safeguarding partner its executives.
BESIDES = (DutyKind.DSL, DutyKind.DEPUTY_DSL, DutyKind.LEAD_PARTNER, DutyKind.DELEGATED_PARTNER)
KEEP, CORRECT, OTHER, NOBODY = "keep", "correct", "other", "nobody"
CHANGED = "Somebody changed these people while you were looking at them."
WHO_SAYS = "Only somebody who keeps the organisation’s people can confirm them."


@dataclass(frozen=True)
class Line:
    """A duty of the organisation as the directory has it. duty: None where it names none of this kind. ours: whether
    the organisation's own lead says who holds it; the rest is the business unit's."""

    key: str
    kind: str
    label: str
    duty: NamedDuty | None
    version: int
    ours: bool

    @property
    def holder(self):
        return self.duty.holder if self.duty else None

    @property
    def post(self):
        return self.duty.post if self.duty else ""

    @property
    def may_mail(self):
        """Whether the address is the organisation's to say: the holder has no sign-in, so no other says it."""
        return self.holder is not None and self.holder.known_only


def lines_of(agency) -> list[Line]:
    """The people of an organisation whom an audit asks for, in the order in which they are shown; two questions."""
    wanted = OF_A_SCHOOL if rules.is_school(agency) else OF_AN_AGENCY
    kinds = (*wanted, *(each for each in BESIDES if each not in wanted))
    rows = NamedDuty.objects.live().filter(agency=agency, kind__in=kinds).select_related("holder")
    versions = dict(
        NamedDuty.history.filter(id__in=[row.pk for row in rows]).values("id").annotate(last=Max("history_id"))
        .values_list("id", "last")
    )  # fmt: skip
    found = [
        Line(row.pk.hex, row.kind, _label(row), row, versions.get(row.pk, 0), _ours(row))
        for row in sorted(rows, key=lambda row: (kinds.index(row.kind), row.deputy_for_id is not None, str(row.pk)))
    ]
    named = {line.kind for line in found}
    found += [Line(kind, kind, DutyKind(kind).label, None, 0, ours=True) for kind in wanted if kind not in named]
    return sorted(found, key=lambda line: kinds.index(line.kind))


def _label(row):
    return f"{row.get_kind_display()} (deputy for a time)" if row.deputy_for_id else row.get_kind_display()


def _ours(row) -> bool:
    return row.kind not in rules.OF_THE_PARTNERSHIP and row.deputy_for_id is None


def mark_of(lines) -> str:
    """One mark of all that was read, the people's own names and addresses too."""
    said = [
        (line.key, line.version, line.post, line.holder and (str(line.holder.pk), line.holder.name, line.holder.email))
        for line in lines
    ]
    return hashlib.sha256(repr(said).encode()).hexdigest()[:20]


def may_confirm(user, row, held) -> bool:
    """Who answers for the organisation and keeps its people: its lead. held: the powers of `user` on the return."""
    return Perm.ANSWERS_WRITE in held and rules.may_keep(user, row.agency)


def to_ask(agency) -> list[str]:
    """The names of those who keep an organisation's people."""
    ids = leads_of([agency.pk]).get(agency.pk, ())
    return list(User.objects.filter(pk__in=ids).order_by("name").values_list("name", flat=True))


@transaction.atomic
def confirm(row, *, by, read, says) -> AuditReturn:
    """Put right what is not right any more, and say on the return that its people are right.

    says: key of a line -> {"says": KEEP, CORRECT, OTHER or NOBODY, and name, post, email as these need them}.
    read: `mark_of` the lines as they were read. Raises Stale where they or the return moved on, ValidationError by
    '<key>_<name of the field>' for what people can put right; then nothing is written.
    """
    row = answering.held(row, by=by)
    if why := answering.why_shut(row):
        raise Stale(why)
    if not rules.may_keep(by, row.agency):
        raise ValidationError(WHO_SAYS)
    lock(row.agency)
    lines = lines_of(row.agency)
    if mark_of(lines) != read:
        raise Stale(CHANGED)
    wrong = {}
    for line in lines:
        if line.ours:
            try:
                _write(row.agency, line, says[line.key], by)
            except ValidationError as refused:
                _tell(wrong, line.key, refused)
    if wrong:
        raise ValidationError(wrong)
    row.people_confirmed_at = timezone.now()
    row.save(update_fields=["people_confirmed_at"])
    record("people_confirmed", by=by, obj=row)
    return row


def _write(agency, line, said, by):
    facts = {name: said.get(name, "") for name in ("name", "post", "email")}
    if said["says"] == OTHER and line.duty is None:
        duties.name_duty(agency, by=by, kind=line.kind, **facts)
    elif said["says"] == OTHER:
        duties.hand_over(line.duty, by=by, **facts)
    elif said["says"] == CORRECT:
        email = facts["email"] if line.may_mail else ""
        duties.put_right(line.duty, by=by, version=line.version, post=facts["post"], email=email)
    elif said["says"] == NOBODY and line.holder is not None:
        duties.stand_down(line.duty, by=by)


def _tell(wrong, key, refused):
    """What the directory refuses stands at the line that it is about."""
    for name, errors in refused.update_error_dict({}).items():
        field = name if name in ("name", "post", "email") else "says"
        wrong.setdefault(f"{key}_{field}", []).extend(errors)
