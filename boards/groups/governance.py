"""Every write to how groups work: arrangements, terms of reference, quorum, rotation of the chair, boards of others.

As in `services`: each holds the group, asks who may, writes its event and raises ValidationError for what people can
put right, Stale when the row was changed since `version` was read. Days: `ends` is the first day no longer.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, Q

from boards.groups.writing import holding, must_keep, put, save
from boards.models import Arrangement, Group, OtherBody, Quorum, Rotation, Terms
from partnership.access.edits import CHANGED, as_read
from partnership.access.flow import Stale
from partnership.documents.models import Marking
from partnership.documents.services import take
from partnership.trail.services import record
from partnership.ui.dates import plain

GO_ON = "Groups of these arrangements go on after that day. End them first, or place them under those that follow."
NEWER = "There is a newer version of these terms of reference: this one stays as it is."
NO_TERMS = "Enter the terms of reference, upload them, or choose the document that they are."
NO_CONDITION = "Enter at least one condition, or record that no quorum rule is kept."
EARLIER = "The rule that holds now began on {}. Enter that day or a later one."
FEW = "The chair goes round between two organisations or more: choose them in their order."
TWICE = "Choose each organisation once."


@transaction.atomic
def add_arrangement(*, by, partnership, ref="", **facts) -> Arrangement:
    must_keep(by)
    row = Arrangement(partnership=partnership, ref=ref, **facts)
    save(row, by)
    record("arrangement_added", by=by, obj=row)
    return row


@transaction.atomic
def change_arrangement(row, *, by, version, **facts) -> Arrangement:
    must_keep(by)
    row = as_read(row, version)
    ends = facts.get("ends")
    if ends and Group.objects.filter(Q(ends=None) | Q(ends__gt=ends), arrangement=row).exists():
        raise ValidationError({"ends": GO_ON})
    if changed := put(row, facts):
        save(row, by, counted=True)
        record("arrangement_changed", by=by, obj=row, fields=sorted(changed))
    return row


# --- terms of reference -----------------------------------------------------------------------------------------------


@transaction.atomic
def add_terms(group, *, by, upload=None, **facts) -> Terms:
    """The next version of a group's terms of reference. facts: words, document, in_force_from, review_on, decision,
    approved_words. upload: a file that becomes its document, in the group's folder."""
    must_keep(by)
    group = holding(group)
    last = Terms.objects.filter(group=group).order_by("-number").first()
    if last and facts["in_force_from"] < last.in_force_from:
        day = plain(last.in_force_from)
        raise ValidationError({"in_force_from": f"Version {last.number} came into force on {day}: not before it."})
    row = Terms(group=group, number=last.number + 1 if last else 1, **_with_file(group, by, upload, facts))
    _must_say_something(row)
    save(row, by)
    record("terms_added", by=by, obj=group, number=row.number)
    return row


@transaction.atomic
def change_terms(terms, *, by, version, upload=None, **facts) -> Terms:
    """Put right the newest version. One that a newer version followed stays as it is: Stale."""
    must_keep(by)
    group = holding(terms.group)
    row = as_read(terms, version)
    newest = Terms.objects.filter(group=group).aggregate(last=Max("number"))["last"]
    if row.number < newest:
        raise Stale(NEWER)
    if changed := put(row, _with_file(group, by, upload, facts)):
        _must_say_something(row)
        save(row, by, counted=True)
        record("terms_changed", by=by, obj=group, number=row.number, fields=sorted(changed))
    return row


def _with_file(group, by, upload, facts):
    if upload is None:
        return facts
    version = take(upload, folder=group.folder, title="Terms of reference", marking=Marking.OFFICIAL, by=by)
    return facts | {"document": version.document}


def _must_say_something(row):
    if not row.words.strip() and row.document_id is None:
        raise ValidationError({"words": NO_TERMS})
    if row.review_on and row.review_on <= row.in_force_from:
        raise ValidationError({"review_on": "The review must come after the day on which they come into force."})


# --- quorum and rotation: a row from a day on -------------------------------------------------------------------------


def _running(model, group, version):
    """The rule that goes on, in the version that was read (0: there was none). Raises Stale."""
    row = model.objects.select_for_update().filter(group=group, ends=None).first()
    if (row.version if row else 0) != version:
        raise Stale(CHANGED)
    return row


def _from_then(model, group, *, by, version, starts, facts):
    """The rule from `starts` on: another row, and the one before ends; on its own first day it is put right."""
    now = _running(model, group, version)
    if now and starts < now.starts:
        raise ValidationError({"starts": EARLIER.format(plain(now.starts))})
    if now and starts == now.starts:
        put(now, facts)
        save(now, by, counted=True)
        return now
    if now:
        now.ends = starts
        save(now, by, counted=True)
    row = model(group=group, starts=starts, **facts)
    save(row, by)
    return row


def _end(model, group, *, by, version, ends):
    row = _running(model, group, version)
    if row is None:
        raise ValidationError("None is kept today: there is nothing to end.")
    if ends <= row.starts:
        raise ValidationError({"starts": f"It began on {plain(row.starts)}: it ends later than that."})
    row.ends = ends
    save(row, by, counted=True)


@transaction.atomic
def set_quorum(group, *, by, version, starts, all_of=(), **facts) -> Quorum:
    """When the group may decide from `starts` on. facts: at_least, share, source. version: of the rule that goes on
    now, 0 for none."""
    must_keep(by)
    group, all_of = holding(group), list(all_of)
    if not (facts.get("at_least") or facts.get("share") or all_of):
        raise ValidationError(NO_CONDITION)
    row = _from_then(Quorum, group, by=by, version=version, starts=starts, facts=facts)
    row.all_of.set(all_of)
    record("quorum_set", by=by, obj=group, starts=starts.isoformat())
    return row


@transaction.atomic
def end_quorum(group, *, by, version, starts) -> None:
    """No quorum rule is kept from `starts` on."""
    must_keep(by)
    group = holding(group)
    _end(Quorum, group, by=by, version=version, ends=starts)
    record("quorum_ended", by=by, obj=group, starts=starts.isoformat())


@transaction.atomic
def set_rotation(group, *, by, version, starts, order, **facts) -> Rotation:
    """The chair goes round from `starts` on, the first of `order` (organisations) first. facts: every_months, source.
    version: of the rotation that goes on now, 0 for none."""
    must_keep(by)
    group, order = holding(group), [agency.pk for agency in order]
    if len(order) < 2:
        raise ValidationError({"first": FEW})
    if len(set(order)) < len(order):
        raise ValidationError({"first": TWICE})
    row = _from_then(Rotation, group, by=by, version=version, starts=starts, facts=facts | {"order": order})
    record("rotation_set", by=by, obj=group, starts=starts.isoformat())
    return row


@transaction.atomic
def end_rotation(group, *, by, version, starts) -> None:
    """The chair goes round no more from `starts` on."""
    must_keep(by)
    group = holding(group)
    _end(Rotation, group, by=by, version=version, ends=starts)
    record("rotation_ended", by=by, obj=group, starts=starts.isoformat())


# --- boards of others -------------------------------------------------------------------------------------------------


@transaction.atomic
def add_other(group, *, by, **facts) -> OtherBody:
    """Somebody else's board that the group works with. facts: name, shared, together, through, source, starts, ends."""
    must_keep(by)
    group = holding(group)
    row = OtherBody(group=group, **facts)
    save(row, by)
    record("other_body_added", by=by, obj=group)
    return row


@transaction.atomic
def change_other(other, *, by, version, **facts) -> OtherBody:
    must_keep(by)
    group = holding(other.group)
    row = as_read(other, version)
    if changed := put(row, facts):
        save(row, by, counted=True)
        record("other_body_changed", by=by, obj=group, fields=sorted(changed))
    return row
