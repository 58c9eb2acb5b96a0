"""Who is told of a milestone or a moved date: resolved when it happens, by the people's powers of that moment.

The owner, then the deputy or manager, then the delegated safeguarding partners. For a sealed folder these are people on
its list and nobody else: their powers come from grants alone. Where a level has nobody left, the next one is told.
"""

from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from partnership.access.holding import holders_of, rows_of_named
from partnership.deadlines.models import Deadline, Milestone
from partnership.deadlines.subjects import lines
from partnership.notify.kinds import NoticeKind, register
from partnership.notify.telling import Told, tell
from partnership.notify.watch import raise_alarm
from partnership.people.roles import Perm
from partnership.trail.models import Event

OWNER, MANAGER, PARTNERS = Milestone.Level.OWNER, Milestone.Level.MANAGER, Milestone.Level.PARTNERS
UPWARDS = (OWNER, MANAGER, PARTNERS)
STEP, ALERT, MOVED = "deadline_step", "deadline_alert", "deadline_moved"
INSTEAD = "instead:"
TOLD_INSTEAD = " You are told because the email about it to somebody else did not arrive."


@dataclass(frozen=True)
class Recipients:
    """Whom a milestone reaches. level: the one that had somebody, or '' where nobody is left to tell."""

    people: frozenset
    level: str


def recipients_of(milestones) -> dict:
    """milestone id -> Recipients, for a whole batch. The milestones come with deadline and its folder loaded."""
    milestones = list(milestones)
    folders = {each.deadline.folder_id: each.deadline.folder for each in milestones}
    perms = {Perm(perm) for each in milestones for perm in (each.perm, each.deadline.owed_by) if perm}
    held = holders_of(folders.values(), perms | {Perm.TOLD_AS_MANAGER, Perm.TOLD_AS_PARTNER, Perm.DEADLINE_VIEW})
    seen = rows_of_named({each.deadline for each in milestones}, "owner", Perm.DEADLINE_VIEW, held)
    return {each.pk: _of(each, held, seen) for each in milestones}


def _of(milestone, held, seen) -> Recipients:
    """seen: the clocks that their named owner may see; who may not see one cannot be told of it."""
    deadline = milestone.deadline
    owed_by = milestone.perm or deadline.owed_by
    of_level = {
        OWNER: {deadline.owner_id} if deadline.pk in seen else frozenset(),
        MANAGER: held[deadline.folder_id, Perm.TOLD_AS_MANAGER],
        PARTNERS: held[deadline.folder_id, Perm.TOLD_AS_PARTNER],
    }
    if not deadline.owner_id and owed_by:
        of_level[OWNER] = held[deadline.folder_id, Perm(owed_by)]
    return _first(of_level, UPWARDS[UPWARDS.index(milestone.level) :])


def _first(of_level, upwards) -> Recipients:
    """The first of these levels that has somebody."""
    level = next((level for level in upwards if of_level[level]), "")
    return Recipients(frozenset(of_level[level]) if level else frozenset(), level)


def tell_of(milestones, recipients) -> int:
    """Write the notices of fired milestones; returns how many were new."""
    step, alert = [], []
    for each in milestones:
        deadline = each.deadline
        # Statutory and case alerts leave apart from the digest (docs/notify.md).
        group = alert if each.statutory or deadline.folder.sealed else step
        group += [
            Told(
                key=f"milestone:{each.pk}",
                recipient_id=person,
                subject_id=deadline.pk,
                folder_id=deadline.folder_id,
                data={"milestone": str(each.pk), "level": recipients[each.pk].level},
            )
            for person in recipients[each.pk].people
        ]
    return (tell(STEP, step) if step else 0) + (tell(ALERT, alert) if alert else 0)


def tell_moved(deadlines) -> int:
    """Tell whoever owes each of these clocks, and the manager, that the date is another one now."""
    perms = {each.pk: {Perm.TOLD_AS_MANAGER, *([Perm(each.owed_by)] if each.owed_by else [])} for each in deadlines}
    folders = {each.folder_id: each.folder for each in deadlines}
    held = holders_of(folders.values(), set().union(*perms.values(), {Perm.DEADLINE_VIEW}))
    seen = rows_of_named(deadlines, "owner", Perm.DEADLINE_VIEW, held)
    told = []
    for each in deadlines:
        managers = held[each.folder_id, Perm.TOLD_AS_MANAGER]
        people = set().union(*(held[each.folder_id, perm] for perm in perms[each.pk]))
        told += [
            Told(
                key=f"moved:{each.pk}",
                recipient_id=person,
                subject_id=each.pk,
                folder_id=each.folder_id,
                data={"level": MANAGER if person in managers else OWNER},
            )
            for person in people | ({each.owner_id} if each.pk in seen else set())
        ]
    return tell(MOVED, told)


def tell_instead(outgoing, notices) -> None:
    """An email came back or could not be sent: whoever stands above its reader is told in their place.

    Registered with `register_bounced`. Each notice goes to the first level above its own that has somebody else, so
    what was told instead can only rise, and ends with the partners; where nobody is left there is an alarm.
    """
    ours = [notice for notice in notices if notice.kind in (STEP, ALERT, MOVED)]
    rows = Deadline.objects.unscoped("the relay works for the portal").select_related("folder")
    deadlines = rows.in_bulk({notice.subject_id for notice in ours})
    held = holders_of(
        {row.folder_id: row.folder for row in deadlines.values()}.values(),
        {Perm.TOLD_AS_MANAGER, Perm.TOLD_AS_PARTNER},
    )
    for notice in ours:
        folder_id = deadlines[notice.subject_id].folder_id
        of_level = {
            MANAGER: held[folder_id, Perm.TOLD_AS_MANAGER] - {notice.recipient_id},
            PARTNERS: held[folder_id, Perm.TOLD_AS_PARTNER] - {notice.recipient_id},
        }
        above = UPWARDS[UPWARDS.index(notice.data.get("level", OWNER)) + 1 :]
        found = _first(of_level, above)
        if not found.people:
            raise_alarm(f"nobody:{notice.pk}", "nobody_to_tell", at=clock_address(notice.subject_id))
            continue
        told = [
            Told(f"{INSTEAD}{notice.pk}", person, notice.subject_id, folder_id, notice.data | {"level": found.level})
            for person in found.people
        ]
        tell(notice.kind, told)


def _describe_step(notices, user):
    days = _days_of(notices)
    return _describe(notices, user, lambda *each: _step_words(*each, days))


def _describe_moved(notices, user):
    return _describe(notices, user, _moved_words)


def _describe(notices, user, words):
    """notice id -> sentence; a notice whose deadline this person may not see is left out."""
    ids = {notice.subject_id for notice in notices}
    rows = {row.pk: row for row in Deadline.objects.visible_to(user).filter(pk__in=ids).select_related("supersedes")}
    named = lines(user, rows.values())
    return {
        notice.pk: words(notice, rows[notice.subject_id], named[notice.subject_id])
        + (TOLD_INSTEAD if notice.key.startswith(INSTEAD) else "")
        for notice in notices
        if notice.subject_id in named
    }


def _days_of(notices):
    ids = [notice.data["milestone"] for notice in notices if "milestone" in notice.data]
    rows = Milestone.objects.unscoped("a rule's own words; the deadline was asked for by the row rule")
    return {str(row.pk): row for row in rows.filter(pk__in=ids).only("label", "on", "step", "done_at")}


def _step_words(notice, deadline, line, days):
    case = f" ({line.case})" if line.case else ""
    day = days.get(notice.data.get("milestone"))
    said = f" {day_words(day)}" if day else ""
    return f"{line.title}{case}:{said} {standing(deadline)}"


def day_words(day) -> str:
    """A step is told with its own date and whether it is done, so that its name is not read as a fact."""
    if not day.step:
        return f"{day.label}."
    if day.done_at:
        return f"‘{day.label}’ was done on {timezone.localdate(day.done_at):%-d %B %Y}."
    if day.on < timezone.localdate():
        return f"‘{day.label}’ was to be on {day.on:%-d %B %Y} and is not recorded as done."
    return f"‘{day.label}’ is to be on {day.on:%-d %B %Y}."


def _moved_words(notice, deadline, line):
    case = f" ({line.case})" if line.case else ""
    return f"{line.title}{case}: the date has changed. {standing(deadline)}"


def standing(deadline) -> str:
    """'Due on Friday 12 June 2026.', 'It was due on …', or what became of it."""
    day = f"{deadline.due_on:%A %-d %B %Y}"
    if deadline.status == Deadline.Status.MET:
        return f"It was done on {timezone.localdate(deadline.met_at):%-d %B %Y}."
    if deadline.status not in Deadline.RUNNING:
        return "This clock was ended or replaced since."
    return f"It was due on {day}." if deadline.due_at < timezone.now() else f"Due on {day}."


def still_wanted(notices) -> set:
    """The ids of those notices whose clock still runs: a mail about a met one is not sent."""
    rows = Deadline.objects.unscoped("the relay asks whether the matter is still open")
    open_ids = set(
        rows.filter(pk__in={notice.subject_id for notice in notices}, status__in=Deadline.RUNNING).values_list(
            "pk", flat=True
        )
    )
    return {notice.pk for notice in notices if notice.subject_id in open_ids}


def fired_events(milestones, recipients) -> list[Event]:
    """The story's line of each fired milestone; ids and codes only."""
    return [
        Event(
            verb="milestone_fired",
            folder_id=each.folder_id,
            object_kind=Deadline._meta.label_lower,
            object_id=each.deadline_id,
            data={"step": each.code, "level": recipients[each.pk].level, "told": len(recipients[each.pk].people)},
        )
        for each in milestones
    ]


def address(notice) -> str:
    return clock_address(notice.subject_id)


def clock_address(pk) -> str:
    return reverse("deadlines:deadline", args=[pk])


def register_notices():
    """Called once when the apps are ready."""
    shared = {"model": Deadline, "perm": Perm.DEADLINE_VIEW, "url": address, "still_wanted": still_wanted}
    register(NoticeKind(STEP, "Something is due soon", describe=_describe_step, **shared))
    register(
        NoticeKind(
            ALERT, "A statutory date or a case needs you", describe=_describe_step, statutory=True, apart=True, **shared
        )
    )
    register(NoticeKind(MOVED, "A date that concerns you has changed", describe=_describe_moved, apart=True, **shared))
