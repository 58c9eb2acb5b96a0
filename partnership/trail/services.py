"""The one writer of events."""

import json

from django.db import connection

from partnership.trail.models import Event

READ_ONCE_MINUTES = 15


def record(verb, *, by=None, obj=None, folder_id=None, on_behalf_of=None, happened_at=None, **data):
    """Append one event in the caller's transaction and return it.

    by, on_behalf_of: users or None (the portal itself). obj: the row it happened to; its folder is taken from
    `folder_id`, else from `obj.folder_id`. data: JSON-able ids, codes and field names.
    """
    extra = {"happened_at": happened_at} if happened_at else {}
    return Event.objects.create(
        verb=verb,
        actor_id=getattr(by, "pk", None),
        on_behalf_of_id=getattr(on_behalf_of, "pk", None),
        folder_id=folder_id or folder_of(obj),
        object_kind=obj._meta.label_lower if obj is not None else "",
        object_id=obj.pk if obj is not None else None,
        data={key: _plain(value) for key, value in data.items()},
        **extra,
    )


def record_each(verb, *, by=None, objects) -> None:
    """Append one event an object, in one statement for 500. objects: (row, data) pairs."""
    events = (
        Event(
            verb=verb,
            actor_id=getattr(by, "pk", None),
            folder_id=folder_of(row),
            object_kind=row._meta.label_lower,
            object_id=row.pk,
            data={key: _plain(value) for key, value in data.items()},
        )
        for row, data in objects
    )
    Event.objects.bulk_create(events, batch_size=500)


def record_reading(verb, *, by, kind, object_id, folder_id, ids=(), folders=(), page=""):
    """Append a reading, once per reader, row, page and set of ids within 15 minutes (house.md 2.6), in one statement.

    folders: the folders of a list's rows, so that each folder's story finds the list. page: the URL name of the page,
    because one row has many: its meeting and its findings are two readings.
    """
    named = {"ids": ids, "folders": folders}
    data = {key: sorted(map(str, each)) for key, each in named.items() if each}
    data = json.dumps(data | ({"page": page} if page else {}))
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO trail_event (verb, actor_id, folder_id, object_kind, object_id, data, happened_at, recorded_at)
            SELECT %(verb)s, %(actor)s, %(folder)s, %(kind)s, %(object)s, %(data)s::jsonb, now(), now()
            WHERE NOT EXISTS (
                SELECT 1 FROM trail_event
                WHERE actor_id = %(actor)s AND verb = %(verb)s AND object_id IS NOT DISTINCT FROM %(object)s
                  AND object_kind = %(kind)s AND data = %(data)s::jsonb
                  AND recorded_at > now() - make_interval(mins => %(minutes)s))
            """,
            {
                "verb": verb,
                "actor": by.pk,
                "folder": folder_id,
                "kind": kind,
                "object": object_id,
                "data": data,
                "minutes": READ_ONCE_MINUTES,
            },
        )


def folder_of(obj):
    return getattr(obj, "folder_id", None)


def _plain(value):
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(item) for item in value]
    if value is None or isinstance(value, (bool, int, str)):
        return value
    return str(value)
