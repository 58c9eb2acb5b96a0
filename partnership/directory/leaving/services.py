"""Leaving and moving: prepared over days, finished once, in one transaction. docs/leaving.md is its one page.

Every function writes in its own transaction and raises ValidationError for what people can put right, PermissionDenied
for whoever may not, Stale when somebody else was quicker.
"""

from datetime import date, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from partnership.access import links
from partnership.access.flow import Stale, lock
from partnership.access.reach import reach_of
from partnership.access.rows import allowing, can
from partnership.access.scope import forget_reach
from partnership.access.sessions import end_sessions
from partnership.directory.leaving import notices, reads
from partnership.directory.leaving.ending import close_account, end_roles, has_role, may_end
from partnership.directory.models import Departure, HandOver
from partnership.directory.requests.services import lock_people
from partnership.directory.rules import latest_last_day, runs_on_after
from partnership.people.models import Agency, Membership, Partnership, User
from partnership.people.models.dated import after
from partnership.people.roles import Perm, speaks_for_a_partner
from partnership.people.services import NO_PARTNER, join
from partnership.trail.services import record
from partnership.ui.dates import plain

S, C = Departure.Status, HandOver.Choice


class NotReady(ValidationError):
    """Something has nobody to take it: `items` are the reads.Item that wait for a decision."""

    def __init__(self, items):
        self.items = items
        super().__init__([f"{item.what}: {item.missing}" for item in items])


@transaction.atomic
def start(user, *, by, last_day, agency=None, altogether=False, to_agency=None, to_role="") -> Departure:
    """Begin the leaving of `user`: from `agency`, or altogether, or to another organisation.

    One open one at a time of one organisation, and beside one altogether none. by: the lead of the organisation, the
    unit, the person herself (`by == user`), or None for the portal.
    """
    lock_people(user)
    memberships = list(Membership.objects.live().filter(user=user))
    places = {row.agency_id for row in memberships}
    if not altogether and (agency and agency.pk) not in places:
        raise ValidationError({"scope": f"{user.name} does not belong to this organisation today."})
    if altogether and by is not None and by.pk != user.pk and not may_close(by, user):
        raise ValidationError(
            {"scope": f"{user.name} belongs to other organisations too. You can end what your own gave them."}
        )
    if altogether:
        agency = agency if places == {agency and agency.pk} else None
    going = [row for row in memberships if altogether or row.agency_id == (agency and agency.pk)]
    if (by is None or by.pk != user.pk) and not may_end(by, going):
        raise ValidationError(f"{user.name} has a role that opens cases. Ask the business unit to begin their leaving.")
    _day_fits(last_day)
    if to_agency is not None:
        _arrival_fits(user, by, agency, to_agency, to_role)
    if beside := open_beside(user, agency, altogether=altogether).first():
        raise ValidationError(_already(beside, by))
    row = Departure.objects.create(
        user=user, agency=agency, altogether=altogether, last_day=last_day, started_by=by, to_agency=to_agency,
        to_role=str(to_role),
    )  # fmt: skip
    record("leaving_started", by=by, obj=row, user=user.pk, agency=agency and agency.pk, on=last_day)
    notices.tell_started(row)
    notices.tell_granters(row, reads.items_of(row, by))
    return row


def _already(beside, by) -> str:
    """Where whoever begins another one finds the leaving that is being prepared; of one that she may not see, whom to
    ask."""
    if by is not None and by.pk == beside.user_id:
        return "Your leaving is being prepared already: you find it on Home."
    if by is None or can(by, Perm.COLLEAGUES, beside):
        return f"A leaving of {beside.user.name} is being prepared already: open it under ‘Leaving’."
    return f"A leaving of {beside.user.name} is being prepared already, by others. Ask the business unit."


def may_finish(by, row) -> bool:
    """Whether `by` is one who may finish this leaving: never the leaver, and no lead where a role opens cases."""
    return by.pk != row.user_id and may_end(by, _memberships(row))


def open_beside(user, agency, *, altogether):
    """The open leavings of `user` beside which this one cannot be: of the same organisation, or altogether with any."""
    rows = Departure.objects.unscoped("is a leaving of this person being prepared already?")
    rows = rows.filter(user=user, status__in=Departure.OPEN)
    return rows if altogether else rows.filter(Q(altogether=True) | Q(agency=agency))


def _day_fits(last_day):
    if last_day > (latest := latest_last_day()):
        raise ValidationError({"last_day": f"The last day must be {plain(latest)} or earlier."})
    if last_day < timezone.localdate() - timedelta(days=366):
        raise ValidationError({"last_day": "The last day cannot be more than a year ago."})


def may_cancel(by, row) -> bool:
    """Whether `by`, who sees this leaving, may give it up now: not when its roles have ended by their date."""
    over = row.status == S.PLANNED and after(row.last_day) <= timezone.localdate()
    return row.status in Departure.OPEN and not over and may_undo(by, row)


def may_undo(by, row) -> bool:
    """Whether `by` may give it up or put its day off: the leaver only what she began and nobody has confirmed."""
    return by.pk != row.user_id or (row.started_by_id == by.pk and row.confirmed_by_id is None)


def may_close(by, user) -> bool:
    """Whether `by` may end every role of `user`: the unit may, and a lead where they belong to hers alone."""
    if reach_of(by).holds_wide(Perm.COLLEAGUES):
        return True
    places = set(Membership.objects.live().filter(user=user).values_list("agency_id", flat=True))
    mine = allowing(Agency, by, Perm.COLLEAGUES).filter(pk__in=places - {None})
    return bool(places) and set(mine.values_list("pk", flat=True)) == places


def _arrival_fits(user, by, agency, to_agency, to_role):
    if agency is None or to_agency.pk == agency.pk:
        raise ValidationError({"to_agency": "Choose another organisation than the one they leave."})
    if by is None or by.pk == user.pk or not can(by, Perm.COLLEAGUES, to_agency):
        raise ValidationError({"to_agency": "Only its own lead or the business unit can let somebody in there."})
    if not to_role:
        raise ValidationError({"to_role": "Select the role at the new organisation."})
    if speaks_for_a_partner(to_role) and not to_agency.partner_seat:
        raise ValidationError({"to_role": NO_PARTNER})
    if speaks_for_a_partner(to_role) and not reach_of(by).holds_wide(Perm.COLLEAGUES):
        raise ValidationError({"to_role": "Only the business unit gives the role of a safeguarding partner."})


@transaction.atomic
def save(row, *, by, version, choices, last_day=None) -> Departure:
    """Keep what was decided so far. choices: item key -> "" (nothing yet), "vacant", "keep", or the User who takes it.

    Raises Stale when somebody else has saved since `version`.
    """
    row = _open(row, by, version)
    if last_day is not None and last_day != row.last_day:
        if not may_undo(by, row):
            raise ValidationError({"last_day": "Somebody else has set this day. Ask them to change it."})
        _day_fits(last_day)
        _reopen(row, by=by)
        row.last_day = last_day
    items = {item.key: item for item in reads.items_of(row, by)}
    for key, choice in choices.items():
        if key in items:
            _decide(row, items[key], choice, by)
    row.version += 1
    row.save(update_fields=["last_day", "version", "status", "shortened"])
    record("leaving_saved", by=by, obj=row, user=row.user_id)
    notices.tell_granters(row, items.values())
    return row


def _decide(row, item, choice, by):
    to = choice if isinstance(choice, User) else None
    code = C.TO if to else choice
    standing = item.decided
    if standing and (standing.choice, standing.to_id) == (code, to and to.pk):
        return
    if not code:
        HandOver.objects.filter(departure=row, key=item.key).delete()
        item.decided = None
        return
    if code not in {value for value, _ in item.choices} and not (to and item.may_go_to(to)):
        raise ValidationError({item.field: "Choose one of those that are offered."})
    item.decided, _ = HandOver.objects.update_or_create(
        departure=row, key=item.key, defaults={"choice": code, "to": to, "decided_by": by}
    )


@transaction.atomic
def finish(row, *, by, version=None) -> Departure:
    """End it: at once where the last day is today or past, else on the day after by the sweep.

    Raises NotReady naming each item that nobody takes, ValidationError where one cannot be handed over as decided.
    """
    row = _open(row, by, version)
    if by is not None and by.pk == row.user_id:
        raise PermissionDenied("nobody finishes their own leaving")
    if not may_end(by, _memberships(row)):
        raise ValidationError(f"{row.user.name} has a role that opens cases. Ask the business unit to finish it.")
    items = reads.items_of(row, by)
    if waiting := [item for item in items if item.missing]:
        raise NotReady(waiting)
    if row.last_day > timezone.localdate():
        _day_fits(row.last_day)
        row.status, row.confirmed_by = S.PLANNED, by
        row.version += 1
        _end_memberships(row, by=by, ends=after(row.last_day))
        row.save(update_fields=["status", "confirmed_by", "version", "shortened"])
        record("leaving_planned", by=by, obj=row, user=row.user_id, on=row.last_day)
        return row
    return _go(row, items, by=by)


def _go(row, items, *, by) -> Departure:
    """Everything at once: what is held, the roles, the links, the sessions, and the account when no role is left."""
    today = timezone.localdate()
    before = notices.folders_of(row.user)
    _hand_over(row, items, by=by)
    _end_memberships(row, by=by, ends=min(after(row.last_day), today))
    if row.moves:
        where = {"partnership": Partnership.objects.get(), "agency": row.to_agency}
        join(row.user, role=row.to_role, by=by, starts=today, **where)
    links.revoke_every(row.user)
    forget_reach()
    if not has_role(row.user):
        close_account(row.user, by=by)
    elif not row.moves:
        notices.tell_of_access_that_stays(row)
    end_sessions(row.user)
    notices.tell_of_access_that_ended(row.user, before - notices.folders_of(row.user), by=by, about=row.pk)
    row.status, row.finished_at, row.confirmed_by = S.DONE, timezone.now(), row.confirmed_by or by
    row.save(update_fields=["status", "finished_at", "confirmed_by"])
    record("leaving_finished", by=by, obj=row, user=row.user_id)
    notices.tell_finished(row)
    return row


def _hand_over(row, items, *, by):
    """In the registry's order, each by the word of whoever decided it: she may still do so, or it is refused."""
    for item in items:
        decided, held = item.decided, item.held
        actor = decided.decided_by if decided and decided.decided_by else by
        if decided and decided.choice == C.KEEP:
            _done(row, held, decided)
            continue
        try:
            if decided and decided.choice == C.TO:
                held.hand_over(decided.to, by=actor)
            elif held.vacate is not None:
                held.vacate(by=actor)
        except ValidationError as error:
            raise ValidationError(f"{item.what}: {' '.join(error.messages)}") from None
        except PermissionDenied:
            raise ValidationError(
                f"{item.what}: {actor.name if actor else 'the portal'} may not hand it over. Decide it again."
            ) from None
        _done(row, held, decided)


def _done(row, held, decided):
    facts = {"done_at": timezone.now(), "what": held.what[:200], "folder_id": held.folder_id}
    if decided:
        HandOver.objects.filter(pk=decided.pk).update(**facts)
    else:
        HandOver.objects.create(departure=row, key=held.key, choice=C.VACANT, **facts)


def _memberships(row):
    rows = Membership.objects.filter(runs_on_after(timezone.localdate()), user=row.user)
    return rows if row.altogether else rows.filter(agency=row.agency_id)


def _end_memberships(row, *, by, ends):
    """`ends` is the first day without the roles."""
    rows = [each for each in _memberships(row).select_for_update(of=("self",)) if not each.ends or each.ends > ends]
    row.shortened = [*row.shortened, *(_as_it_was(each) for each in rows)]
    end_roles(rows, by=by, ends=ends)


def _as_it_was(role) -> dict:
    return {
        "id": role.pk, "role": role.role, "partnership": role.partnership_id, "agency": role.agency_id,
        "starts": role.starts, "ends": role.ends,
    }  # fmt: skip


def _reopen(row, *, by):
    """A planned leaving is prepared again: the roles that it shortened are as they were.

    What was changed since by somebody else stays so, and beside a role that was given anew none comes back.
    """
    if row.status != S.PLANNED:
        return
    ends = after(row.last_day)
    if ends <= timezone.localdate():
        raise Stale("The last day has passed: the roles have ended.")
    for facts in row.shortened:
        _give_back(row.user, facts, ends, by=by)
    row.status, row.shortened = S.DRAFT, []
    forget_reach()


def _give_back(user, facts, ended, *, by):
    """One role as it was before it was to end on the day `ended`; one that was taken away wholly is made again."""
    starts, ends = (facts[name] and date.fromisoformat(facts[name]) for name in ("starts", "ends"))
    same = {"user": user, "role": facts["role"], "partnership_id": facts["partnership"], "agency_id": facts["agency"]}
    each = Membership.objects.select_for_update(of=("self",)).filter(pk=facts["id"]).first()
    if each.ends != ended if each else not starts or starts < ended:
        return  # somebody else has ended it otherwise since
    if ends is None and Membership.objects.filter(**same, ends=None).exists():
        return
    each = each or Membership(pk=facts["id"], starts=starts, **same)
    each._history_user, each.ends = by, ends
    each.save()
    record("membership_goes_on", by=by, obj=user, role=each.role, agency=each.agency_id)


@transaction.atomic
def cancel(row, *, by) -> Departure:
    """They stay after all. A planned one gives back the roles that were to end, and those concerned are told.

    Raises PermissionDenied for whoever may not: the leaver gives up only what she began and nobody has confirmed.
    """
    row = _open(row, by, None)
    if not may_undo(by, row):
        raise PermissionDenied("others decided this leaving")
    planned = row.status == S.PLANNED
    _reopen(row, by=by)
    row.status = S.CANCELLED
    row.save(update_fields=["status", "shortened"])
    record("leaving_cancelled", by=by, obj=row, user=row.user_id)
    if planned:
        notices.tell_cancelled(row, by=by)
    return row


def _open(row, by, version) -> Departure:
    fresh = lock(row)
    lock_people(fresh.user)
    if fresh.status not in Departure.OPEN:
        raise Stale(f"This leaving is {fresh.get_status_display().lower()} now.")
    if version is not None and fresh.version != version:
        raise Stale("Somebody else has changed this leaving while you were at it.")
    if by is not None and not can(by, Perm.COLLEAGUES, fresh):
        raise PermissionDenied("leaving")
    return fresh
