"""Edits of a row that carries `version`: the one that was read must be the one that is changed."""

from django.db import transaction
from django.utils import timezone

from partnership.access.flow import Stale, lock
from partnership.trail.services import record

CHANGED = "Somebody else changed this while you were typing."


def as_read(row, version: int):
    """The fresh row, locked until the transaction ends. Raises Stale when it is not the version that was read."""
    row = lock(row)
    if row.version != version:
        raise Stale(CHANGED)
    return row


@transaction.atomic
def change(row, verb, *, by, version: int, facts: dict, always=False, **data):
    """Set those of `facts` (field name to value) that differ, count the version and write the event `verb`.

    Nothing is written where nothing differs, unless `always`; `data` goes into the event, the words never. Returns the
    locked row. Raises Stale when somebody changed it since `version`, ValidationError for a value the field refuses.
    """
    row = as_read(row, version)
    changed = [name for name, value in facts.items() if getattr(row, name) != value]
    if changed or always:
        for name in changed:
            setattr(row, name, facts[name])
        row.clean_fields(exclude={each.name for each in row._meta.concrete_fields} - set(changed))
        stamp(row, by, *changed)
        record(verb, by=by, obj=row, fields=sorted(changed), **data)
    return row


def stamp(row, by, *fields):
    """Save these fields of a locked row as a change of `by`: its version is counted, and it says who and when where it
    has a place for that. Returns the row."""
    row.version += 1
    stamps = {"changed_by": by, "changed_at": timezone.now()}
    stamps = {name: value for name, value in stamps.items() if hasattr(type(row), name)}
    for name, value in stamps.items():
        setattr(row, name, value)
    row.save(update_fields=[*fields, "version", *stamps])
    return row
