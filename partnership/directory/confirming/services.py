"""The half-yearly confirmation: opened, answered, reminded, warned, ended by silence. docs/leaving.md, docs/adr/0021.

The days are rules (deadlines/data/rules/80_access.toml and the partnership's own editions), never numbers here.
"""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from partnership.access.flow import Stale, lock
from partnership.access.reach import reach_of
from partnership.access.rows import can
from partnership.deadlines import calendars, registry
from partnership.deadlines.rules import Level, due, milestones
from partnership.directory.confirming import notices, reads
from partnership.directory.leads import answering_for, unit
from partnership.directory.leaving import services as leaving
from partnership.directory.leaving.ending import may_end
from partnership.directory.models import Answer, Confirmation, Departure, Round
from partnership.people.models import Membership
from partnership.people.models.dated import after
from partnership.people.roles import Perm, is_case_role, roles_with
from partnership.trail.models import Event
from partnership.trail.services import record
from partnership.ui.dates import plain

CONFIRM, END = reads.CONFIRM, "access_ended"
S = Confirmation.Status


def due_round(today):
    """The opening day whose round should be open by now and is not; None where there is none.

    A portal that was set up after an opening day waits for the next one. One that stood still opens the round late.
    """
    rule = registry.rule_in_force(CONFIRM, today)
    days = [day for year in (today.year - 1, today.year) for day in rule.opening_days(year) if day <= today]
    first = Event.objects.order_by("pk").values_list("recorded_at", flat=True).first()
    if not days or first is None or timezone.localdate(first) > max(days):
        return None
    return None if Round.objects.filter(planned_on=max(days)).exists() else max(days)


@transaction.atomic
def open_round(planned_on, *, by=None, opened_on=None) -> Round:
    """Ask every organisation that has active people, and the partnership's own. Counted from `opened_on`, today if not
    given. Idempotent."""
    today = opened_on or timezone.localdate()
    rule = registry.rule_in_force(CONFIRM, today)
    try:
        with transaction.atomic():
            row = Round.objects.create(planned_on=planned_on, opened_on=today, edition=rule.edition)
    except IntegrityError:
        return Round.objects.get(planned_on=planned_on)
    due_on = due(rule, today, calendars.load(rule.division)).due_on
    people = Membership.objects.live().filter(user__is_active=True).order_by()
    Confirmation.objects.bulk_create(
        Confirmation(round=row, agency_id=agency, due_on=due_on, next_on=today)
        for agency in people.values_list("agency_id", flat=True).distinct()
    )
    record("round_opened", by=by, obj=row, on=planned_on, due_on=due_on)
    return row


@transaction.atomic
def answer(row, *, by, answers, version=None) -> list[Departure]:
    """Keep what was said of people; "end" begins their leaving, and finishes it where nothing is left to decide.

    answers: User -> "keep" or "end". Returns the leavings that still need a decision. Raises Stale when the round is
    over for this organisation or somebody has answered since `version`, PermissionDenied for an answer that `by` may
    not give, ValidationError at the person's field where a leaving cannot be begun: then nothing is kept.
    """
    row = lock(row)
    still_as(row, version)
    people, may = {user.pk for user in reads.people_of(row)}, who_may(row, by)
    open_still, changed = [], False
    for user, says in answers.items():
        if user.pk not in people:
            raise Stale(f"{user.name} does not belong here any more.")
        if not may(user, says):
            raise PermissionDenied("confirmation")
        before = Answer.objects.filter(confirmation=row, user=user).first()
        if before and before.says == says:
            continue
        changed = True
        Answer.objects.update_or_create(
            confirmation=row, user=user, defaults={"says": says, "by": by, "at": timezone.now()}
        )
        record("access_confirmed" if says == Answer.Says.KEEP else "access_not_confirmed", by=by, obj=row, user=user.pk)
        if says == Answer.Says.END and (departure := _end_access(row, user, by=by)):
            open_still.append(departure)
    if changed:
        row.version += 1
        row.save(update_fields=["version"])
    _settle(row, by=by)
    return open_still


def still_as(row, version) -> None:
    """Raises Stale when nothing is asked here any more, or somebody has answered since `version`."""
    if row.status not in Confirmation.WAITING:
        raise Stale(f"This is over: {row.get_status_display().lower()}.")
    if version is not None and version != row.version:
        raise Stale("Somebody has answered here while you were at it.")


def lines_for(row, by) -> list[reads.Line]:
    """The people of this confirmation, each with whether `by` answers for them, and who does otherwise."""
    lines, may, who = reads.lines_of(row, by), who_may(row, by), who_else(row, by)
    for line in lines:
        line.may = line.asked and may(line.user)
        line.may_end = line.may and may(line.user, Answer.Says.END)
        line.who = who(line.user) if line.asked and not line.may else ""
    return lines


def who_may(row, by):
    """(user, says) -> whether `by` may say so of them; the questions are asked once, however many the people.

    Who leads an organisation answers for it, and may say that she herself is still there; access with a role that
    opens cases is ended by the unit alone. Roles of the whole partnership are confirmed by a business manager and
    never by their holder; those of the only business manager, and all where there is none, by another of the unit
    (docs/adr/0021).
    """
    if row.agency_id is not None:
        leads = can(by, Perm.COLLEAGUES, row.agency)
        theirs = _whose_roles_are_the_units(row, by)

        def may_here(user, says=Answer.Says.KEEP):
            return leads and (says == Answer.Says.KEEP or (user.pk != by.pk and user.pk not in theirs))

        return may_here
    managers = set(_managers())
    unit_too = reach_of(by).holds_wide(Perm.PEOPLE_APPROVE)

    def may(user, says=Answer.Says.KEEP):
        return _answers_for(by.pk, user.pk, managers, unit_too)

    return may


def _managers() -> dict:
    """id -> name of the business managers who can sign in."""
    rows = Membership.objects.live().filter(
        agency=None, role__in=roles_with(Perm.RULES_EDIT), user__is_active=True
    )  # fmt: skip
    return dict(rows.order_by("user__name").values_list("user_id", "user__name"))


def _answers_for(by, user, managers, unit_too) -> bool:
    return user != by and (by in managers or (unit_too and managers <= {user}))


def who_else(row, by):
    """user -> who answers for them where `by` may not, in words. One question for all."""
    managers = _managers() if row.agency_id is None else {}

    def words(user):
        others = [name for pk, name in managers.items() if pk not in (user.pk, by.pk)]
        who = " or ".join(others) or "Somebody else of the business unit"
        return f"{who} answers for {'you' if user.pk == by.pk else 'them'}"

    return words


def answerers(row) -> set:
    """The ids of those who are asked: the leads, or whoever may answer for one of those who wait."""
    if row.agency_id is not None:
        return answering_for(row.agency_id)
    managers, waiting = set(_managers()), {user.pk for user in reads.waiting_of(row)}
    return {by for by in unit() if any(_answers_for(by, user, managers, True) for user in waiting)}


def _whose_roles_are_the_units(row, by) -> set:
    """The ids of those at an organisation whose access `by` may not end: they have a role there that opens cases."""
    roles = list(Membership.objects.live().filter(agency=row.agency_id))
    return set() if may_end(by, roles) else {each.user_id for each in roles if is_case_role(each.role)}


def _end_access(row, user, *, by):
    try:
        return _leaves(row, user, by=by)
    except ValidationError as error:
        raise ValidationError({reads.field_of(user): error.messages}) from None


def _leaves(row, user, *, by):
    """Begin the leaving of `user` from this organisation, or find the one that is open; None where it is finished."""
    if departure := leaving.open_beside(user, row.agency, altogether=False).first():
        return departure
    altogether = reads.closes_account(row, user)
    departure = leaving.start(user, by=by, agency=row.agency, altogether=altogether, last_day=timezone.localdate())
    try:
        with transaction.atomic():
            leaving.finish(departure, by=by)
    except ValidationError:
        departure.refresh_from_db()
        return departure
    return None


def _settle(row, *, by):
    """Answered, when nobody waits for an answer any more."""
    if not reads.waiting_of(row):
        row.status, row.answered_at, row.answered_by = S.ANSWERED, timezone.now(), by
        row.save(update_fields=["status", "answered_at", "answered_by"])
        record("confirmation_answered", by=by, obj=row, agency=row.agency_id)


@transaction.atomic
def extend(row, *, by, due_on, why) -> Confirmation:
    """Another day to answer by, with a reason; a warning is taken back. Raises ValidationError."""
    row = lock(row)
    still_as(row, None)
    if due_on <= max(timezone.localdate(), row.due_on):
        raise ValidationError({"due_on": f"Choose a day after {plain(max(timezone.localdate(), row.due_on))}."})
    if not why.strip():
        raise ValidationError({"why": "Say why they have longer."})
    row.status, row.due_on, row.next_on = S.OPEN, due_on, timezone.localdate()
    row.warned_on, row.ends_on, row.extended_by, row.extended_why = None, None, by, why.strip()
    row.save()
    record("confirmation_extended", by=by, obj=row, agency=row.agency_id, due_on=due_on)
    return row


# --- what the days bring: called by the sweep, in its own transaction with the row locked --------------------------


def step(row, today) -> None:
    """Whatever has come for this confirmation: asked, reminded, warned, ended. Each once, whoever runs it."""
    if not reads.waiting_of(row):
        _settle(row, by=None)
        return
    rule = registry.edition(CONFIRM, row.round.edition)
    plan = milestones(rule, row.round.opened_on, row.due_on, calendars.load(rule.division))
    warnings = [each for each in plan if each.level is not Level.OWNER]
    _tell_owners(row, [each for each in plan if each.level is Level.OWNER], today)
    if row.status == S.OPEN and warnings and warnings[0].on <= today:
        _warn(row, today)
    elif row.status == S.WARNED and today > row.ends_on:
        _end(row)
        return
    later = [each.on for each in plan if each.on > today]
    row.next_on = after(row.ends_on) if row.status == S.WARNED else min(later, default=after(today))
    row.save(update_fields=["status", "told", "next_on", "warned_on", "ends_on"])


def _tell_owners(row, plan, today):
    """That it is asked, and the newest reminder whose day has come; those that an outage has overtaken are passed."""
    due_now = [("opened", row.round.opened_on), *((f"{each.code}:{row.due_on}", each.on) for each in plan)]
    new = [code for code, on in due_now if on <= today and code not in row.told]
    if new:
        notices.tell_asked(row, new[-1], answerers(row))
        row.told = [*row.told, *new]


def _warn(row, today):
    rule = registry.rule_in_force(END, today)
    row.status, row.warned_on = S.WARNED, today
    row.ends_on = due(rule, today, calendars.load(rule.division)).due_on
    notices.tell_warned(row, reads.waiting_of(row))
    record("confirmation_warned", obj=row, agency=row.agency_id, on=row.ends_on)


def _end(row):
    """Silence ends access, but for what would leave a sealed folder or statutory work alone: the unit decides that."""
    kept = []
    for user in reads.waiting_of(row):
        if row.agency_id is None and not unit() - {user.pk}:
            kept.append(user)  # the last who looks after accounts: without them nobody could ever be let in again
        elif _leaves(row, user, by=None):
            kept.append(user)
    row.status = S.ENDED
    row.save(update_fields=["status"])
    record("confirmation_ended", obj=row, agency=row.agency_id, kept=len(kept))
    notices.tell_ended(row)
