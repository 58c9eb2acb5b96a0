"""Merge two records of one organisation in one transaction, and take it back within a week.

Nothing is deleted. A row that the kept record has already (the same other name, the same open role of the same person)
stays with the record that goes, so that taking the merging back needs no guess.
"""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from partnership.access.flow import Stale, lock
from partnership.access.reach import reach_of
from partnership.directory.merging.notices import tell_second_number
from partnership.directory.merging.rows import links
from partnership.directory.models import AgencyMerge, SecondNumber
from partnership.directory.models.joining import OPEN
from partnership.directory.rules import ONE_AT_A_TIME, overlapping, runs_on_after
from partnership.directory.services import lock_agencies, touch
from partnership.people.finding import fold, refresh
from partnership.people.models import AgencyKind, Alias, DutyKind, NamedDuty, Ownership, School, Succession
from partnership.people.roles import Perm
from partnership.trail.services import record

# The same words whatever it is that hangs there, so that they tell nobody of a case.
NOT_ALONE = "Somebody’s roles or access hang on {}: the business unit merges it."
REASON = "Two records of one organisation were merged"
TWO_NUMBERS = (
    "Both are schools with a number of their own (URN {} and {}): two numbers are two schools. If one follows the "
    "other, record a successor instead. If one of the numbers is wrong, a second person must say so too."
)


def hindrances(kept, merged, *, by) -> list[str]:
    """Why `by` cannot merge the two as they are, each with what to do; empty where they can.

    by None: the portal itself. Where people come to another organisation by it, only the business unit merges.
    """
    if not _is_unit(by) and _carry_access(merged):
        return [NOT_ALONE.format(merged.name)]
    if kept.pk == merged.pk:
        return ["These are the same record. Choose another one."]
    if kept.merged_into_id or merged.merged_into_id:
        return ["One of the two was merged already. Begin again from the record that is in the list."]
    found = []
    schools = {school.agency_id: school for school in School.objects.filter(agency__in=[kept, merged])}
    if len(schools) == 2:
        if not agrees(kept, merged, by=by):
            numbers = schools[kept.pk].urn, schools[merged.pk].urn
            found.append(TWO_NUMBERS.format(*numbers))
    elif merged.pk in schools and kept.kind != AgencyKind.SCHOOL:
        found.append(f"{merged.name} is a school with a number. Keep its record, and merge the other one into it.")
    if merged.partner_seat:
        found.append(f"{merged.name} is a safeguarding partner. Keep its record, and merge the other one into it.")
    if kept.ends and kept.ends <= timezone.localdate() and not merged.ends:
        found.append(f"{kept.name} has ended and {merged.name} has not. Keep the one that exists.")
    if Succession.objects.filter(predecessor__in=[kept, merged], successor__in=[kept, merged]).exists():
        found.append("One is recorded as the successor of the other, so they are two organisations.")
    if Ownership.objects.filter(owner__in=[kept, merged], agency__in=[kept, merged]).exists():
        found.append("One is recorded as running the other, so they are two organisations.")
    return found + _two_holders(kept, merged)


def open_question(kept, merged) -> SecondNumber | None:
    """Who says that the two are one school, while a second person has not answered."""
    rows = SecondNumber.objects.filter(kept=kept, merged=merged, answered_at=None)
    return rows.select_related("asked_by").first()


def agrees(kept, merged, *, by) -> bool:
    """Whether by merging the two `by` would be the second person to say that they are one school."""
    asked = open_question(kept, merged)
    return asked is not None and by is not None and asked.asked_by_id != by.pk


def only_numbers(found) -> bool:
    """Whether nothing but the two numbers stands in the way."""
    return len(found) == 1 and found[0].startswith(TWO_NUMBERS.partition("{")[0])


@transaction.atomic
def ask_second(merged, *, into, by, reason) -> SecondNumber:
    """Say that `merged` is a second record of the school `into`: a second person merges them, or says that it is not.

    Raises ValidationError where something else stands in the way, or somebody has said it already.
    """
    rows = lock_agencies(merged, into)
    kept, merged = rows[into.pk], rows[merged.pk]
    found = hindrances(kept, merged, by=by)
    if not only_numbers(found):
        raise ValidationError(found or "These two can be merged without a second person.")
    if SecondNumber.objects.filter(merged=merged, answered_at=None).exists():
        raise ValidationError("This was said of the record already, and waits for a second person.")
    row = SecondNumber.objects.create(kept=kept, merged=merged, reason=reason.strip(), asked_by=by)
    record("second_number_said", by=by, obj=merged, agency=kept.pk)
    tell_second_number(row)
    return row


@transaction.atomic
def refuse_second(asked, *, by) -> SecondNumber:
    """Say that the two are two schools; whoever said otherwise may take it back so. Stale where it was answered."""
    row = lock(asked)
    if row.answered_at:
        raise Stale("Somebody else has answered this meanwhile.")
    _answer(row, by, agreed=False)
    record("second_number_refused", by=by, obj=row.merged, agency=row.kept_id)
    return row


def _answer(row, by, *, agreed):
    row.answered_by, row.answered_at, row.agreed = by, timezone.now(), agreed
    row.save(update_fields=["answered_by", "answered_at", "agreed"])


def _is_unit(by):
    return by is None or reach_of(by).holds_wide(Perm.PEOPLE_APPROVE)


def _carry_access(agency, only=None) -> bool:
    """Whether roles that run on, open invitations or anything of a folder lead to it (of them `only` the moved)."""
    for link in links():
        rows = link.model._base_manager.filter(**{link.column: agency})
        if only is not None:
            rows = rows.filter(pk__in=only.get(link.key, []))
        if link.label == "people.Membership":
            rows = rows.filter(runs_on_after(timezone.localdate()))
        elif link.label == "directory.Invitation":
            rows = rows.filter(OPEN)
        elif not link.declared.access.folder:
            continue
        if link.moves and rows.exists():
            return True
    return False


def _two_holders(kept, merged):
    """Duties that one person at a time holds, and that both records have in the same time."""
    found = []
    own = NamedDuty.objects.filter(agency=merged, kind__in=ONE_AT_A_TIME, deputy_for=None).select_related("holder")
    for duty in own:
        same = NamedDuty.objects.filter(
            overlapping(duty.starts, duty.ends), agency=kept, kind=duty.kind, deputy_for=None
        ).select_related("holder")
        for other in same:
            names = " and ".join(str(each.holder or each.post or "nobody") for each in (other, duty))
            label = DutyKind(duty.kind).label.lower()
            found.append(f"Both have a {label} in the same time ({names}). End or change one of them first.")
    return found


def seen_of(kept, merged) -> str:
    """What the form of the preview carries, so that what is merged is what was shown."""
    return f"{kept.version}-{merged.version}"


@transaction.atomic
def merge(merged, *, into, by, seen) -> AgencyMerge:
    """Merge the record `merged` into `into`. Raises ValidationError for a hindrance, Stale when either was changed."""
    rows = lock_agencies(merged, into)
    kept, merged = rows[into.pk], rows[merged.pk]
    if found := hindrances(kept, merged, by=by):
        raise ValidationError(found)
    if seen != seen_of(kept, merged):
        raise Stale("One of the two records was changed since you read this. Read it again, then choose.")
    if asked := open_question(kept, merged):
        _answer(asked, by, agreed=True)
    moved = {link.key: _move(link, merged, kept, by) for link in links() if link.moves}
    moved |= {"areas": _take_areas(kept, merged), "alias": _take_name(kept, merged)}
    touch([kept, merged], by=by, reason=REASON)
    _mark(merged, kept, by)
    done = AgencyMerge.objects.create(kept=kept, merged=merged, made_by=by, moved=moved)
    refresh([kept.pk, merged.pk])
    record("agency_merged", by=by, obj=kept, agency=merged.pk)
    record("agency_merged_away", by=by, obj=merged, agency=kept.pk)
    return done


def _mark(merged, into, by):
    merged.refresh_from_db()
    merged.merged_into = into
    merged._history_user, merged._change_reason = by, REASON
    merged.save(update_fields=["merged_into"])


def _move(link, source, target, by, only=None) -> list:
    """Lead the rows of `source` to `target` (of them `only` these ids); the ids of those that were led."""
    rows = link.model._base_manager.filter(**{link.column: source})
    if only is not None and not (only and link.is_key):
        rows = rows.filter(pk__in=only)
    if link.along:
        rows = rows.filter(**{f"{link.along}__{link.name}": target})
    return [str(pk) for pk in list(rows.values_list("pk", flat=True)) if _led(link, pk, target, by)]


def _led(link, pk, target, by) -> bool:
    """False where the target has the same already, as the database's own rules say."""
    try:
        with transaction.atomic():
            if hasattr(link.model, "history"):
                row = link.model._base_manager.get(pk=pk)
                setattr(row, link.column, target)
                row._history_user, row._change_reason = by, REASON
                row.save(update_fields=[link.column])
            else:
                link.model._base_manager.filter(pk=pk).update(**{link.column: target})
            return True
    except IntegrityError:
        return False


def _take_areas(kept, merged) -> list:
    missing = set(merged.areas.values_list("pk", flat=True)) - set(kept.areas.values_list("pk", flat=True))
    kept.areas.add(*missing)
    return [str(pk) for pk in missing]


def _take_name(kept, merged) -> str:
    """The name of the record that goes is another name of the kept one, so that people find it by it."""
    names = {fold(name) for name in [kept.name, *kept.aliases.values_list("name", flat=True)]}
    if fold(merged.name) in names:
        return ""
    return str(Alias.objects.create(agency=kept, name=merged.name).pk)


@transaction.atomic
def undo(done, *, by) -> AgencyMerge:
    """Take a merging back: what moved moves back; what came since stays with the kept record."""
    row = lock(done)
    rows = lock_agencies(row.kept, row.merged)
    kept, merged = rows[row.kept_id], rows[row.merged_id]
    if row.undone_at:
        raise ValidationError("This merging was taken back already.")
    if not row.can_be_undone:
        raise ValidationError("A merging can be taken back for seven days. Add the second organisation anew instead.")
    if not _is_unit(by) and _carry_access(kept, only=row.moved):
        raise ValidationError(NOT_ALONE.format(merged.name).replace("merges it", "takes it back"))
    if kept.merged_into_id:
        raise ValidationError("The kept record was merged into another since. Take that merging back first.")
    for link in links():
        if link.moves:
            _move(link, kept, merged, by, only=row.moved.get(link.key, []))
    Alias.objects.filter(agency=kept, pk__in=filter(None, [row.moved.get("alias")])).delete()
    kept.areas.remove(*row.moved.get("areas", []))
    touch([kept, merged], by=by, reason=REASON)
    _mark(merged, None, by)
    row.undone_at, row.undone_by = timezone.now(), by
    row.save(update_fields=["undone_at", "undone_by"])
    refresh([kept.pk, merged.pk])
    for agency, other in ((kept, merged), (merged, kept)):
        record("merge_undone", by=by, obj=agency, agency=other.pk)
    return row
