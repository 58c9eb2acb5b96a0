"""The chosen rows of a preview into the directory, in the caller's transaction: all of them, or none.

Rows whose organisation was changed since the preview are found before anything is written.
"""

from dataclasses import dataclass, field

from django.db import connection
from django.utils import timezone
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from partnership.deadlines.office import keep_offices
from partnership.directory.closing import following
from partnership.directory.importing import changing, creating
from partnership.directory.importing import facts as said
from partnership.directory.importing.bulk import write
from partnership.directory.importing.comparing import same
from partnership.directory.importing.entries import SOURCES
from partnership.directory.successions import record_successions
from partnership.people.models import (
    Agency,
    Registration,
    Succession,
)

CHUNK = 1000
ONE_AT_A_TIME = 0x1A9D17EC  # the advisory lock: a second taking waits for the first, then looks afresh


@dataclass
class Outcome:
    """refused: row pk -> why it can no longer be taken; where there is any, nothing was written. counts: by action."""

    refused: dict = field(default_factory=dict)
    counts: dict = field(default_factory=dict)
    groups: int = 0


def take(batch, rows, *, by, progress) -> Outcome:
    """rows: a queryset of the chosen ImportRows of `batch`, in order. progress(share, words)."""
    source = SOURCES[batch.source]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
    total = rows.count()
    if refused := _refused(source, rows, total, progress):
        return Outcome(refused)
    return _Taking(source, batch, by).run(rows, total, progress)


def _chunks(rows):
    chunk = []
    for row in rows.order_by("pk").iterator(chunk_size=CHUNK):
        chunk.append(row)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _refused(source, rows, total, progress) -> dict:
    """row pk -> why, of the rows whose organisation is not what the preview showed. Locks what it looks at."""
    refused, done, names = {}, 0, said.Places().names
    for chunk in _chunks(rows):
        ids = [row.agency_id for row in chunk if row.agency_id]
        list(Agency.objects.select_for_update().filter(pk__in=ids).order_by("pk").values_list("pk"))
        held = said.held(source, [row.number for row in chunk])
        gets = {row.number: row.agency_id for row in chunk if "number" in row.new and row.number not in held}
        held |= said.held_of(source, gets)
        closing = {row.agency_id: row.new["ends"] for row in chunk if row.agency_id and row.new.get("ends")}
        hangs = said.hanging(closing)
        for row in chunk:
            if why := _why_not(row, held.get(row.number), names) or hangs.get(row.agency_id):
                refused[row.pk] = why
        done += len(chunk)
        progress(0.2 * done / max(1, total), f"Checking row {done:,} of {total:,}")
    return refused


def _why_not(row, held, names):
    if row.agency_id is None:
        return "It was added to the directory after the preview was made." if held else ""
    if held is None or held.agency_id != row.agency_id or held.merged:
        return "Its number was taken from this organisation, or it was merged, after the preview was made."
    for code, value in row.old.items():
        spoken = {*value, *row.new[code]} if code == "areas" else set()
        now = sorted(spoken & held.areas.keys()) if code == "areas" else held.facts.get(code)
        if not same(code, now, value):
            now_said = said.say(code, now, names)
            return f"{said.FACTS[code]}: changed since the preview was made. In the directory now: {now_said}."
    return ""


class _Taking:
    """What one batch writes, chunk by chunk; every list is written by as many statements as there are chunks."""

    def __init__(self, source, batch, by):
        self.source, self.batch, self.by = source, batch, by
        self.reason = f"{source.title}, {batch.file_name}"[:100]
        self.places = said.Places()
        self.today = timezone.localdate()
        owners = Registration.objects.filter(register=source.owner_register)
        self.groups = dict(owners.values_list("number", "agency_id"))
        self.outcome = Outcome()
        self.follows = []  # (successor's agency id, the numbers it follows)
        self.closing, self.opening = [], []  # ids of those that got a last day, and of those that lost it
        self.offices = False  # whether a safeguarding partner’s days changed

    def run(self, rows, total, progress):
        done = 0
        for chunk in _chunks(rows):
            creating.owners(self, chunk)
            known = [row for row in chunk if row.agency_id]  # now: those that are created get their id
            creating.create(self, [row for row in chunk if row.agency_id is None])
            changing.change(self, known)
            for row in chunk:
                self.outcome.counts[row.action] = self.outcome.counts.get(row.action, 0) + 1
            done += len(chunk)
            progress(0.2 + 0.78 * done / max(1, total), f"Taking row {done:,} of {total:,}")
        self._succeed()
        following.closed(Agency.objects.filter(pk__in=self.closing), by=self.by, reason=self.reason)
        following.opened_again(Agency.objects.filter(pk__in=self.opening), by=self.by)
        if self.offices:
            keep_offices(by=self.by)
        return self.outcome

    # --- successions ---

    def follow(self, agency_id, row):
        if row.new.get("follows"):
            before = {each["number"] for each in row.old.get("follows") or ()}
            self.follows.append(
                (agency_id, [each["number"] for each in row.new["follows"] if each["number"] not in before])
            )

    def _succeed(self):
        if not self.follows:
            return
        numbers = [number for _, followed in self.follows for number in followed]
        held = said.held(self.source, numbers)
        begins = dict(Agency.objects.filter(pk__in=[pk for pk, _ in self.follows]).values_list("pk", "starts"))
        made = []
        for agency_id, followed in self.follows:
            kind = Succession.Kind.MERGED if len(followed) > 1 else Succession.Kind.REPLACED
            for number in followed:
                if before := held.get(number):
                    on = begins[agency_id] or creating.day(before.facts["ends"]) or self.today
                    made.append(
                        Succession(
                            predecessor_id=before.agency_id,
                            successor_id=agency_id,
                            on=on,
                            kind=kind,
                            note=f"By the {self.source.title[0].lower()}{self.source.title[1:]}",
                        )
                    )
        Succession.objects.bulk_create(made, ignore_conflicts=True)
        record_successions(made, by=self.by)

    # --- histories ---

    def add(self, objects, model):
        if objects:
            bulk_create_with_history(
                objects, model, batch_size=CHUNK, default_user=self.by, default_change_reason=self.reason
            )

    def alter(self, objects, model, fields):
        if not objects:
            return
        write(objects, fields)
        bulk_update_with_history(  # no fields: it writes the history alone
            objects, model, [], batch_size=CHUNK, default_user=self.by, default_change_reason=self.reason
        )
