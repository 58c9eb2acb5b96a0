"""Every write to a round before and after it is sent: planning it, its windows and topics, closing, opening again.

Days are London's; a deadline is the end of its day. Every function asks for AUDIT_RUN on the round's folder, writes its
event with ids and field names alone, and raises ValidationError for what people can put right, Stale where somebody
was quicker. Sending it out is `sending`; what becomes of one return is `single`.
"""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from audits.beside import more_time
from audits.chasing.ladder import lay_ladder
from audits.flow import ROUND
from audits.models import AuditReturn, Round, SetVersion, Slice, Window
from audits.population import EXCEPTIONS
from audits.rounds.choosing import windows_of
from audits.rounds.sending import is_being_sent
from partnership.access import edits
from partnership.access.flow import Stale, lock
from partnership.access.models import Folder, FolderKind
from partnership.access.reach import reach_of
from partnership.access.rows import can
from partnership.access.services import open_folder, rename
from partnership.deadlines.periods import end_of_day
from partnership.people.roles import Perm
from partnership.trail.services import record

NO_MORE = "no_more"  # beside ALSO and NOT: it is no exception
CLOSED = "This round is closed. Open it again first, then change it."
DISCARDED = "This round was discarded, so nothing of it changes any more. Plan another one."
SENT = "This round was sent out: what it asks, its year and its first day stay as they were."
SENDING = "This round is being sent out now. Wait until that is done, then change it."
FREE = "Only a version that is in use can be sent out. Put it into use first."
OTHER_SET = "That round asked another question set: years are compared within one."
HAS_RETURNS = "Returns are in this window already, so it stays. Change its name or its deadline instead."
LAST = "A round has at least one window. Add another one first."
ORDER = "The second deadline must be after the first."
MOST_YEARS = 3  # further ahead is a year that was mistyped


@transaction.atomic
def plan(*, by, partnership, set_version, population, closes_on, final_on=None, before=None, **facts) -> Round:
    """Plan a round of a version that is in use, with a window for everybody. facts: title, message, opens_on, year."""
    if not reach_of(by).holds_wide(Perm.AUDIT_RUN):
        raise PermissionDenied("audit.plan")
    if set_version.status != SetVersion.Status.IN_USE:
        raise ValidationError({"set_version": FREE})
    _must_compare(set_version, before)
    _must_be_in_order(facts["opens_on"], closes_on, final_on)
    folder = open_folder(kind=FolderKind.AUDIT, title=facts["title"], partnership=partnership, by=by, sealed=False)
    row = Round(folder=folder, set_version=set_version, population=population, before=before, changed_by=by, **facts)
    row.clean_fields(exclude=["folder", "changed_by"])
    row.save()
    Window.objects.create(round=row, name="Everybody", changed_by=by, **_deadlines(closes_on, final_on))
    record("audit_round_planned", by=by, obj=row, set_version=set_version.pk)
    lay_ladder(row, by=by)
    return row


@transaction.atomic
def change(round, *, by, version, population, **facts) -> Round:
    """Change what is said of a round and whom it asks. population: without those besides and left out, which stay.

    Of one that was sent, year and first day stay; a wider population makes late joiners and asks nobody by itself.
    """
    row = _held(round, by, version)
    if row.status != Round.Status.PLANNED and any(facts[name] != getattr(row, name) for name in ("year", "opens_on")):
        raise ValidationError(SENT)
    _must_compare(row.set_version, facts["before"], row)
    first = min((window.closes_at for window in row.windows.all()), default=None)
    if first:
        _must_be_in_order(facts["opens_on"], timezone.localdate(first), None)
    named = {name: row.population[name] for name in EXCEPTIONS if name in row.population}
    new = edits.change(
        row, "audit_round_changed", by=by, version=version, facts=facts | {"population": population | named}
    )
    if new.title != round.title:
        rename(Folder.objects.unscoped("the round's own, asked for above").get(pk=row.pk), new.title, by=by)
    return new


@transaction.atomic
def take_version(round, set_version, *, by) -> Round:
    """A planned round asks another version of its set. Topics keep their days by the codes of their sections."""
    row = _held(round, by)
    if row.status != Round.Status.PLANNED:
        raise ValidationError(SENT)
    if set_version.status != SetVersion.Status.IN_USE or set_version.question_set_id != row.set_version.question_set_id:
        raise ValidationError(FREE)
    sections = {each.code: each for each in set_version.sections.all()}
    for each in row.slices.select_related("section"):
        section = sections.get(each.section.code)
        if section is None:
            each.delete()
        elif section != each.section:
            each.section = section
            edits.stamp(each, by, "section")
    facts = {"set_version": set_version}
    return edits.change(row, "audit_round_changed", by=by, version=row.version, facts=facts)


@transaction.atomic
def name_agency(round, agency, *, by, do) -> Round:
    """Ask an organisation besides (ALSO), leave it out (NOT), or neither (NO_MORE). Safe to do twice."""
    row = _held(round, by)
    new = {name: [pk for pk in row.population.get(name, []) if pk != str(agency.pk)] for name in EXCEPTIONS}
    if do in new:
        new[do].append(str(agency.pk))
    who = {name: values for name, values in row.population.items() if name not in new}
    facts = {"population": who | {name: values for name, values in new.items() if values}}
    data = {"agency": agency.pk, "how": do}
    return edits.change(row, "audit_population_changed", by=by, version=row.version, facts=facts, **data)


@transaction.atomic
def ask_unknown(round, name, *, by) -> Round:
    """Ask those too of whom the directory does not say this. name: of `facts.UNKNOWN`. Safe to do twice."""
    row = _held(round, by)
    values = row.population.get(name, [])
    facts = {"population": row.population | {name: [*values, ""]}} if values and "" not in values else {}
    return edits.change(row, "audit_round_changed", by=by, version=row.version, facts=facts)


@transaction.atomic
def add_window(round, *, by, name, who, closes_on, final_on=None) -> Window:
    """Add a window for those of `who`; {} is everybody whom no other window takes."""
    row = _held(round, by)
    _must_be_in_order(row.opens_on, closes_on, final_on)
    _must_be_one(row, who)
    last = max((each.position for each in row.windows.all()), default=0)
    facts = {"name": name, "who": who, "position": last + 1} | _deadlines(closes_on, final_on)
    made = Window.objects.create(round=row, changed_by=by, **facts)
    record("audit_window_added", by=by, obj=row, window=made.pk)
    return made


@transaction.atomic
def change_window(window, *, by, version, name, who, closes_on, final_on=None) -> Window:
    """Change a window. Its returns keep it, and go with its deadline; those that were given a day of their own keep
    that, but for one that would be earlier than everybody's."""
    row = _held(window.round, by)
    _must_be_in_order(row.opens_on, closes_on, final_on)
    _must_be_one(row, who, but=window)
    was = lock(window).closes_at
    facts = {"name": name, "who": who} | _deadlines(closes_on, final_on)
    new = edits.change(window, "audit_window_changed", by=by, version=version, facts=facts)
    if new.closes_at != was:
        owed = _returns(row).filter(window=new, status__in=AuditReturn.OWES)
        owed.filter(closes_at=was).update(closes_at=new.closes_at)
        owed.filter(closes_at__lt=new.closes_at).update(closes_at=new.closes_at)
    return new


@transaction.atomic
def move_window_up(window, *, by) -> None:
    """Try a window before the one above it: the first that holds is an organisation's."""
    row = _held(window.round, by)
    rows = windows_of(row)
    at = rows.index(window)
    if at == 0 or (rows[at - 1].who and not window.who):
        return
    rows[at - 1], rows[at] = rows[at], rows[at - 1]
    for position, each in enumerate(rows, start=1):
        if each.position != position:
            each.position = position
            edits.stamp(each, by, "position")
    record("audit_window_changed", by=by, obj=window, fields=["position"])


@transaction.atomic
def remove_window(window, *, by) -> None:
    row = _held(window.round, by)
    if _returns(row).filter(window=window).exists():
        raise ValidationError(HAS_RETURNS)
    if row.windows.count() == 1:
        raise ValidationError(LAST)
    record("audit_window_removed", by=by, obj=row, window=window.pk)
    window.delete()


@transaction.atomic
def set_slices(round, *, by, version, days) -> Round:
    """When each section is asked, where topics go round the year. days: section id -> (first day, last day), or None
    where it is asked all the time."""
    row = _held(round, by, version)
    now = {each.section_id: each for each in row.slices.all()}
    for section, asked in days.items():
        slice_ = now.get(section)
        if asked is None and slice_:
            slice_.delete()
        elif asked and slice_ is None:
            Slice.objects.create(round=row, section_id=section, opens_on=asked[0], closes_on=asked[1], changed_by=by)
        elif asked and (slice_.opens_on, slice_.closes_on) != asked:
            slice_.opens_on, slice_.closes_on = asked
            edits.stamp(slice_, by, "opens_on", "closes_on")
    edits.stamp(row, by)
    record("audit_slices_set", by=by, obj=row, count=sum(1 for asked in days.values() if asked))
    return row


@transaction.atomic
def discard(round, *, by) -> Round:
    """A planned round is not sent out. Nobody was asked, so no reason is; what was planned stays to be read."""
    must_run(round, by)
    if is_being_sent(round):
        raise ValidationError(SENDING)
    return ROUND.take(round, "discard", by=by)


@transaction.atomic
def close(round, *, by) -> Round:
    """Close a round: no return is taken any more; everything in it is read and taken out for ever."""
    must_run(round, by)
    owing = _returns(round).filter(status__in=AuditReturn.OWES).count()
    done = ROUND.take(round, "close", by=by, closed_at=timezone.now(), data={"count": owing})
    more_time.end_waiting(_returns(round), by=by)
    return done


@transaction.atomic
def reopen(round, *, by) -> Round:
    """Take returns again. No deadline changes by it, and no day that somebody was given."""
    must_run(round, by)
    return ROUND.take(round, "reopen", by=by, closed_at=None)


def must_run(round, by) -> None:
    """Raises PermissionDenied for who may not run this round; a bar on its folder counts."""
    if not can(by, Perm.AUDIT_RUN, round):
        raise PermissionDenied("audit.run")


def _held(round, by, version=None) -> Round:
    """The locked round, as it was read where `version` is given."""
    row = lock(round) if version is None else edits.as_read(round, version)
    must_run(row, by)
    if row.status not in Round.LIVE:
        raise Stale(DISCARDED if row.status == Round.Status.DISCARDED else CLOSED)
    if is_being_sent(row):
        raise ValidationError(SENDING)
    return row


def _returns(round):
    return AuditReturn.objects.unscoped("whoever runs the round, asked for above").filter(round=round)


def _deadlines(closes_on, final_on) -> dict:
    return {"closes_at": end_of_day(closes_on), "final_at": end_of_day(final_on) if final_on else None}


def _must_compare(set_version, before, row=None) -> None:
    if before is None:
        return
    if before.set_version.question_set_id != set_version.question_set_id:
        raise ValidationError({"before": OTHER_SET})
    if row is not None and before.pk == row.pk:
        raise ValidationError({"before": "A round is not compared with itself. Choose an earlier one."})


def _must_be_in_order(opens_on, closes_on, final_on) -> None:
    if closes_on < opens_on:
        raise ValidationError({"closes_on": "The deadline must not be before the day on which the round begins."})
    if final_on and final_on <= closes_on:
        raise ValidationError({"final_on": ORDER})
    if max(closes_on, final_on or closes_on).year > timezone.localdate().year + MOST_YEARS:
        raise ValidationError({"closes_on": "That deadline lies more than three years ahead. Check the year."})


def _must_be_one(round, who, but=None) -> None:
    if who:
        return
    if any(not each.who for each in round.windows.all() if each != but):
        raise ValidationError("One window is for everybody else already. Say for whom this one is.")
