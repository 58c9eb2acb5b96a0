"""Who changed which field when, read from the version history (people's edits) of an organisation and its parts."""

from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth import get_user_model

from partnership.access.story import tell
from partnership.directory.rules import life
from partnership.people.models import Agency, Closure, ContactPoint, NamedDuty, SharingAgreement, Site
from partnership.people.models.dated import last_day
from partnership.trail.models import Event
from partnership.ui.dates import plain

# What has no version history of its own is told from the trail.
SENTENCES = {
    "alias_added": "added another name ‘{name}’",
    "alias_removed": "removed another name ‘{name}’",
    "classification_added": "added an item of the Schedule",
    "classification_ended": "ended an item of the Schedule",
    "succession_added": "recorded a succession: {agency}",
    "became_academy": "recorded that it became an academy: {agency}",
    "academy_follows": "recorded that it is the academy of {agency}",
    "succession_removed": "removed a succession: {agency}",
    "register_taken": "took over from the {source}: {what}",
    "ownership_added": "recorded who runs whom: {agency}",
    "ownership_removed": "removed who runs whom: {agency}",
    "ownership_ended": "ended who runs whom: {agency}",
    "number_added": "added a register number {number}",
    "number_removed": "removed a register number {number}",
    "school_changed": "changed the school’s facts",
    "agency_merged": "merged another record into this one: {agency}",
    "agency_merged_away": "merged this record into {agency}",
    "merge_undone": "took a merging back: {agency}",
    "second_number_said": "said that this is a second record of {agency}; it waits for a second person",
    "second_number_refused": "said that this is no second record of {agency}",
}
# Told where they are asked for, not in the history of one organisation.
OTHER_SENTENCES = {
    "agency_closed": "closed the organisation",
    "agency_reopened": "opened the organisation again",
    "directory_exported": "took the list of the directory out as a file, {count} organisations",
    "area_added": "added the area {name}",
    "area_changed": "changed the area {name}",
    "area_placed": "placed organisations in {name} by their postcodes",
    "contact_added": "added a contact",
    "contact_changed": "changed a contact",
    "contact_ended": "ended a contact",
    "agreement_added": "added a sharing agreement",
    "agreement_changed": "changed a sharing agreement",
    "agreement_ended": "ended a sharing agreement",
    "closure_added": "added closed days: {name}",
    "closure_changed": "changed closed days",
    "closure_removed": "removed closed days: {name}",
}
UNSHOWN = {"id", "slug", "agency"}
INTERNAL = {"note", "source"}  # of an organisation, as on its page and in the export
LABELS = {"starts": "first day", "ends": "last day", "kind": "type or duty"}
VERBS = {"+": "Added", "~": "Changed", "-": "Removed"}


@dataclass(frozen=True)
class Change:
    """One saved version: when, by whom (empty: the portal itself), what of, and (field, before, after) triples."""

    when: datetime
    by: str
    what: str
    title: str
    fields: tuple


def history_of(agency, *, internal=False) -> list[Change]:
    """Every change of the organisation and of what hangs on it, newest first; a dozen queries at most.

    internal: the contacts too, of which some are for the unit alone, and the organisation's note and source.
    """
    parts = (
        (Agency, Agency.history.filter(id=agency.pk)),
        (Site, Site.history.filter(agency_id=agency.pk)),
        (NamedDuty, NamedDuty.history.filter(agency_id=agency.pk)),
        (SharingAgreement, SharingAgreement.history.filter(agency_id=agency.pk)),
        (Closure, Closure.history.filter(agency_id=agency.pk)),
        *([(ContactPoint, ContactPoint.history.filter(agency_id=agency.pk))] if internal else []),
    )
    changes = []
    for model, versions in parts:
        rows = list(versions.select_related("history_user").order_by("-history_date", "-history_id"))
        changes += changes_of(model, rows, internal=internal)
    events = Event.objects.filter(object_id=agency.pk, verb__in=SENTENCES)
    changes += [
        # Events from before names were kept have none.
        Change(told.happened_at, told.who, "", (told.what[:1].upper() + told.what[1:]).removesuffix(" ‘’"), ())
        for told in tell(list(events))
    ]
    return sorted(changes, key=lambda change: change.when, reverse=True)


def changes_of(model, versions, *, internal=False) -> list[Change]:
    """`versions`: historical rows of `model`, newest first, of any number of objects."""
    unshown = UNSHOWN if internal or model is not Agency else UNSHOWN | INTERNAL
    fields = [f for f in model.history.model.tracked_fields if f.name not in unshown]
    names = _names(fields, versions)
    following, changes = {}, []
    for version in reversed(versions):
        before = following.get(version.id)
        following[version.id] = version
        changed = tuple(_differences(fields, before, version, names)) if before is not None else ()
        if before is None or changed or version.history_type == "-":
            changes.append(_change(model, version, changed, names))
    return changes[::-1]


def _change(model, version, changed, names):
    what = "" if model is Agency else f"{model._meta.verbose_name} {_words(version)}"
    more = "" if version.history_type == "~" else ", ".join(filter(None, _which(model, version, names)))
    return Change(
        when=version.history_date,
        by=str(version.history_user or ""),
        what=what,
        title=": ".join(filter(None, (f"{VERBS[version.history_type]} {what or 'this organisation'}", more))),
        fields=changed,
    )


def _which(model, version, names):
    """What tells an added or removed row from others like it: a site's postcode, a duty's holder and dates."""
    if model is Site:
        return [version.postcode]
    if model is NamedDuty:
        holder = names.get(version.holder_id, "another") if version.holder_id else "vacant"
        dates = life(version.starts, version.ends, open_words="")
        return [f"{holder}, as deputy" if version.deputy_for_id else holder, dates]
    return []


def _words(version):
    for name in ("name", "title"):
        if hasattr(version, name):
            return f"‘{getattr(version, name)}’"
    said = version.get_kind_display if hasattr(version, "kind") else version.get_purpose_display
    return f"‘{said()}’"


def _differences(fields, before, after, names):
    for each in fields:
        old, new = getattr(before, each.attname), getattr(after, each.attname)
        if old != new:
            yield LABELS.get(each.name, str(each.verbose_name)), _say(each, old, names), _say(each, new, names)


def _say(each, value, names):
    if value in (None, ""):
        return "nothing"
    if each.is_relation:
        return names.get(value, "another")
    if each.choices:
        return str(dict(each.flatchoices).get(value, value))
    if isinstance(value, date):
        return plain(last_day(value) if each.name == "ends" else value)
    return str(value)


def _names(fields, versions):
    """Names of the people whom relation fields point to, in one query at most."""
    user = get_user_model()
    columns = [f.attname for f in fields if f.is_relation and f.related_model is user]
    ids = {getattr(version, column) for version in versions for column in columns} - {None}
    return dict(user.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}
