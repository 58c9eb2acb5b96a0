"""The chosen rows of a list of people into the directory, by the plans that the preview showed: all of them, or none.

Everything is written by the services that the directory's own pages use, so their rules, histories and events hold.
Nobody is invited and nobody gets a role.
"""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from partnership.directory import services
from partnership.directory.importing.entries import SOURCES
from partnership.directory.importing.people.rows import since
from partnership.directory.importing.taking import ONE_AT_A_TIME as THE_LOCK
from partnership.directory.importing.taking import Outcome
from partnership.directory.rules import overlapping
from partnership.people.finding import fold
from partnership.people.models import Agency, ContactPoint, NamedDuty, User
from partnership.people.services import know_person
from partnership.trail.services import record

CHANGED = "{} was changed after the preview was made. Upload the file again."


class _Refused(Exception):
    """What was shown no longer holds; the words are for people."""


def take(batch, rows, *, by, progress) -> Outcome:
    """rows: a queryset of the chosen ImportRows of `batch`. progress(share, words)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [THE_LOCK])
    outcome = Outcome()
    try:
        with transaction.atomic():
            _take_all(batch, rows, by, progress, outcome)
            if outcome.refused:
                raise _Refused
    except _Refused:
        outcome.counts = {}
    return outcome


def _take_all(batch, rows, by, progress, outcome):
    taking = _Taking(batch, by)
    # As the preview was made: by their days, so that a head who ends makes room for the next.
    ordered = sorted(rows, key=lambda row: (row.new["plan"]["starts"] or "", row.line))
    for done, row in enumerate(ordered, start=1):
        try:
            with transaction.atomic():
                taking.take(row)
            outcome.counts[row.action] = outcome.counts.get(row.action, 0) + 1
        except _Refused as refused:
            outcome.refused[row.pk] = str(refused)
        except ValidationError as error:
            outcome.refused[row.pk] = " ".join(error.messages)
        if done % 20 == 0:
            progress(done / len(ordered), f"Taking row {done:,} of {len(ordered):,}")


class _Taking:
    def __init__(self, batch, by):
        self.by, self.title = by, SOURCES[batch.source].title
        self.source = f"{self.title}, {batch.file_name}"[:200]
        self.made = {}  # key of somebody new -> the row

    def take(self, row):
        plan = row.new["plan"]
        agency = Agency.objects.select_for_update(of=("self",)).get(pk=row.agency_id)
        if agency.merged_into_id:
            raise _Refused(CHANGED.format("The organisation"))
        person = self._person(plan.get("person"), agency)
        for duty in plan["duties"]:
            self._duty(duty, agency, person)
        if "office" in plan:
            self._office(plan["office"], agency)

    # --- people ---

    def _person(self, plan, agency):
        if not plan:
            return None
        if plan["pk"] is None:
            return self._new(plan, agency)
        user = User.objects.select_for_update().get(pk=plan["pk"])
        if user.closed_at or user.merged_into_id or fold(user.name) != fold(plan["name"]):
            raise _Refused(CHANGED.format("The person"))
        if plan["set"]:
            self._fill(user, plan["set"])
        return user

    def _new(self, plan, agency):
        key, said = tuple(plan["key"]), plan["set"]
        if key in self.made:
            return self.made[key]
        if said["email"]:
            if User.objects.filter(email__iexact=said["email"], guest=False).exists():
                raise _Refused(
                    "Somebody with this address was added after the preview was made. Upload the file again."
                )
        elif any(fold(name) == fold(plan["name"]) for name in self._others(agency)):
            raise _Refused("Somebody of this name is known here now: look whether they are the same person.")
        self.made[key] = know_person(name=plan["name"], by=self.by, **said)
        return self.made[key]

    def _others(self, agency):
        """Names of those who hold a duty here and did not come in by this file."""
        mine = [user.pk for user in self.made.values()]
        holders = NamedDuty.objects.filter(agency=agency, holder__isnull=False).exclude(holder__in=mine)
        return holders.values_list("holder__name", flat=True)

    def _fill(self, user, facts):
        """What is known of somebody without a sign-in; who has an account keeps their own details."""
        if not user.known_only:
            raise _Refused(CHANGED.format("The person"))
        if "email" in facts:
            facts = facts | {"email": User.objects.normalize_email(facts["email"])}
        facts = {code: value for code, value in facts.items() if getattr(user, code) != value}  # by an earlier row
        for code, value in facts.items():
            if code != "telephone" and getattr(user, code):
                raise _Refused(CHANGED.format("The person"))
            setattr(user, code, value)
        user.full_clean(exclude=["password"])
        user.save(update_fields=list(facts))
        record("person_filled", by=self.by, obj=user, fields=sorted(facts))

    # --- duties ---

    def _duty(self, plan, agency, person):
        facts = {code: _day(value) if code in ("starts", "ends") else value for code, value in plan["set"].items()}
        if plan["pk"]:
            return self._change(plan, facts, person)
        if person is not None:
            same = NamedDuty.objects.filter(
                overlapping(since(facts["starts"], facts["ends"]), facts["ends"]),
                agency=agency,
                kind=plan["kind"],
                holder=person,
            )
            if same.filter(deputy_for=None).exists():
                raise _Refused("This duty was added after the preview was made. Upload the file again.")
        return services.add_duty(agency, by=self.by, kind=plan["kind"], holder=person, source=self.source, **facts)

    def _change(self, plan, facts, person):
        duty = NamedDuty.objects.select_related("agency", "holder").filter(pk=plan["pk"]).first()
        was = duty and {
            "holder": duty.holder.name if duty.holder_id else None,
            "starts": duty.starts and duty.starts.isoformat(),
            "ends": duty.ends and duty.ends.isoformat(),
            "post": duty.post,
        }
        if was != plan["was"]:
            raise _Refused(CHANGED.format("The duty"))
        if "holder" in facts:
            facts["holder"] = person
        return services.change_duty(duty, by=self.by, version=services.version_of(duty), **facts)

    # --- offices ---

    def _office(self, said, agency):
        points = ContactPoint.objects.live().filter(agency=agency, purpose=ContactPoint.Purpose.OFFICE)
        point = points.filter(source=self.title).first()
        if point is None:
            point = ContactPoint(agency=agency, source=self.title, starts=timezone.localdate())
        for code, value in said.items():
            setattr(point, code, value)
        point.full_clean()
        point._history_user = self.by
        point.save()
        record("register_taken", by=self.by, obj=agency, source=self.title, what="how the office is reached")


def _day(text):
    return date.fromisoformat(text) if text else None
