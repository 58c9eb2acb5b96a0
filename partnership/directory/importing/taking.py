"""The chosen rows of a preview into the directory, in the caller's transaction: all of them, or none.

Rows whose organisation was changed since the preview are found before anything is written.
"""

from dataclasses import dataclass, field
from datetime import date

from django.db import connection
from django.utils import timezone
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from partnership.directory.importing import facts as said
from partnership.directory.importing.bulk import write
from partnership.directory.importing.comparing import same
from partnership.directory.importing.entries import SOURCES
from partnership.people.finding import compact, refresh, words_from
from partnership.people.models import (
    Agency,
    Alias,
    Classification,
    ContactPoint,
    Ownership,
    Registration,
    School,
    Site,
    Succession,
)
from partnership.trail.services import record_each

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
    outcome = _Taking(source, batch, by).run(rows, total, progress)
    return outcome


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
    refused, done = {}, 0
    for chunk in _chunks(rows):
        ids = [row.agency_id for row in chunk if row.agency_id]
        list(Agency.objects.select_for_update().filter(pk__in=ids).order_by("pk").values_list("pk"))
        held = said.held(source, [row.number for row in chunk])
        gets = {row.number: row.agency_id for row in chunk if "number" in row.new and row.number not in held}
        held |= said.held_of(source, gets)
        closing = {row.agency_id: row.new["ends"] for row in chunk if row.agency_id and row.new.get("ends")}
        hangs = said.hanging(closing)
        for row in chunk:
            if why := _why_not(row, held.get(row.number)) or hangs.get(row.agency_id):
                refused[row.pk] = why
        done += len(chunk)
        progress(0.2 * done / max(1, total), f"Checking row {done:,} of {total:,}")
    return refused


def _why_not(row, held):
    if row.agency_id is None:
        return "It was added to the directory after the preview was made." if held else ""
    if held is None or held.agency_id != row.agency_id or held.merged:
        return "Its number was taken from this organisation, or it was merged, after the preview was made."
    for code, value in row.old.items():
        spoken = {*value, *row.new[code]} if code == "areas" else set()
        now = sorted(spoken & held.areas.keys()) if code == "areas" else held.facts.get(code)
        if not same(code, now, value):
            return f"{said.FACTS[code]} was changed after the preview was made: it is {said.say(code, now)} now."
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
        self.follows = []  # (successor's agency id, what it follows, from which day)

    def run(self, rows, total, progress):
        done = 0
        for chunk in _chunks(rows):
            self._owners(chunk)
            known = [row for row in chunk if row.agency_id]  # now: those that are created get their id
            self._create([row for row in chunk if row.agency_id is None])
            self._change(known)
            for row in chunk:
                self.outcome.counts[row.action] = self.outcome.counts.get(row.action, 0) + 1
            done += len(chunk)
            progress(0.2 + 0.78 * done / max(1, total), f"Taking row {done:,} of {total:,}")
        self._succeed()
        return self.outcome

    # --- owners ---

    def _owners(self, chunk):
        """The trusts and federations that the directory does not hold yet."""
        new = {}
        for row in chunk:
            for code in said.OWNERS:
                owner = row.new.get(code)
                if owner and owner["number"] not in self.groups:
                    new[owner["number"]] = owner["name"]
        if not new:
            return
        groups = [
            Agency(
                slug=f"{self.source.owner_register}-{number}".lower()[:60],
                name=name,
                kind=self.source.owner_kind,
                source=self.source.title,
                words=words_from(name, number),
            )
            for number, name in new.items()
        ]
        self._add(groups, Agency)
        Registration.objects.bulk_create(
            Registration(agency=group, register=self.source.owner_register, number=number)
            for group, number in zip(groups, new, strict=True)
        )
        self.groups |= {number: group.pk for group, number in zip(groups, new, strict=True)}
        self.outcome.groups += len(groups)

    # --- new organisations ---

    def _create(self, rows):
        if not rows:
            return
        agencies = [self._agency(row) for row in rows]
        self._add(agencies, Agency)
        pairs = list(zip(agencies, rows, strict=True))
        if self.source.register:
            Registration.objects.bulk_create(
                Registration(
                    agency=agency, register=self.source.register, number=row.number, facts=row.new.get("register", {})
                )
                for agency, row in pairs
            )
        else:
            School.objects.bulk_create(
                School(
                    agency=agency,
                    urn=int(row.number),
                    **{code: row.new[code] for code in said.SCHOOL if row.new.get(code) is not None},
                )
                for agency, row in pairs
            )
        self._add(
            [
                Site(
                    agency=agency, name=agency.name, town=row.new.get("town", ""), postcode=row.new.get("postcode", "")
                )
                for agency, row in pairs
                if row.new.get("town") or row.new.get("postcode")
            ],
            Site,
        )
        through = Agency.areas.through
        through.objects.bulk_create(
            through(agency=agency, area_id=self.places.ids[slug])
            for agency, row in pairs
            for slug in row.new.get("areas", ())
            if slug in self.places.ids
        )
        Classification.objects.bulk_create(
            Classification(agency=agency, item_id=row.new["item"], basis=Classification.Basis.INFERRED)
            for agency, row in pairs
            if row.new.get("item")
        )
        self._add(
            [
                Ownership(owner_id=self.groups[owner["number"]], agency=agency, kind=kind, source=self.source.title)
                for agency, row in pairs
                for code, kind in said.OWNERS.items()
                if (owner := row.new.get(code))
            ],
            Ownership,
        )
        self._name_more([(agency.pk, row) for agency, row in pairs])
        self._add([self._office(agency.pk, row.new) for agency, row in pairs if _reached(row.new)], ContactPoint)
        for agency, row in pairs:
            row.agency_id = agency.pk
            self._follow(agency.pk, row, row.new.get("starts"))
        write(rows, ["agency"])

    def _agency(self, row):
        new = row.new
        prefix = self.source.register or "urn"
        return Agency(
            slug=f"{prefix}-{row.number}".lower()[:60],
            name=new["name"],
            kind=new.get("kind") or self.source.kind,
            starts=_day(new.get("starts")),
            ends=_day(new.get("ends")),
            website=new.get("website", ""),
            source=self.source.title,
            words=words_from(
                new["name"],
                row.number,
                new.get("town"),
                new.get("postcode"),
                compact(new.get("postcode") or ""),
                *new.get("aliases", ()),
            ),
        )

    def _name_more(self, pairs):
        """Other names are added and never taken away: people keep them."""
        Alias.objects.bulk_create(
            (Alias(agency_id=pk, name=name) for pk, row in pairs for name in row.new.get("aliases", ())),
            ignore_conflicts=True,
        )

    def _office(self, agency_id, new):
        reached = {code: new.get(code) or "" for code in said.OFFICE}
        return ContactPoint(agency_id=agency_id, source=self.source.title, starts=self.today, **reached)

    # --- known organisations ---

    def _change(self, rows):
        if not rows:
            return
        by_id = {row.agency_id: row for row in rows}
        self._change_agencies(by_id)
        self._change_register(by_id)
        self._change_sites(rows)
        self._change_areas(rows)
        self._change_items(by_id)
        self._name_more([(row.agency_id, row) for row in rows])
        self._change_offices({pk: row for pk, row in by_id.items() if row.new.keys() & set(said.OFFICE)})
        for code, kind in said.OWNERS.items():
            self._change_owners({pk: row for pk, row in by_id.items() if code in row.new}, code, kind)
        self._end_owners({pk: _day(row.new["ends"]) for pk, row in by_id.items() if row.new.get("ends")})
        for row in rows:
            if "follows" in row.new:
                self._follow(row.agency_id, row, row.new.get("starts"))
        refresh(by_id)
        self._tell(by_id)

    def _tell(self, by_id):
        """What has no version history of its own (the register's facts, areas, owners) stands in the trail."""
        told = []
        for pk, row in by_id.items():
            codes = [
                code for code in said.FACTS if code in row.new and code not in (*said.AGENCY, *said.SITE, *said.OFFICE)
            ]
            if codes:
                names = self.places.names
                what = "; ".join(
                    f"{said.FACTS[code]} from {said.say(code, row.old.get(code), names)} "
                    f"to {said.say(code, row.new[code], names)}"
                    for code in codes
                )
                told.append((Agency(pk=pk), {"source": self.source.title, "what": what[:1000]}))
        record_each("register_taken", by=self.by, objects=told)

    def _change_agencies(self, by_id):
        """Every organisation of the chunk gets a version, whichever of its parts was changed: a stale edit notices."""
        agencies = list(Agency.objects.filter(pk__in=by_id))
        touched = []
        for agency in agencies:
            new = by_id[agency.pk].new
            agency.version += 1
            for name in ("name", "website"):
                if name in new:
                    setattr(agency, name, new[name] or "")
            for name in ("starts", "ends"):
                if name in new:
                    setattr(agency, name, _day(new[name]))
            if new.keys() & set(said.AGENCY):
                touched.append(agency)
        fields = ["name", "website", "starts", "ends", "version"]
        if touched:
            self._alter(touched, Agency, fields)
        ids = {agency.pk for agency in touched}
        write([each for each in agencies if each.pk not in ids], ["version"])

    def _change_register(self, by_id):
        if self.source.register:
            Registration.objects.bulk_create(
                Registration(
                    agency_id=pk, register=self.source.register, number=row.number, facts=row.new.get("register", {})
                )
                for pk, row in by_id.items()
                if "number" in row.new
            )
            rows = [
                each
                for each in Registration.objects.filter(register=self.source.register, agency__in=by_id)
                if "register" in by_id[each.agency_id].new
            ]
            for each in rows:
                each.facts = by_id[each.agency_id].new["register"]
            write(rows, ["facts"])
            return
        touched = []
        for school in School.objects.filter(agency__in=by_id):
            new = by_id[school.agency_id].new
            if new.keys() & set(said.SCHOOL):
                for code in said.SCHOOL:
                    if code in new:
                        setattr(school, code, new[code])
                touched.append(school)
        write(touched, said.SCHOOL)

    def _change_sites(self, rows):
        moved = [row for row in rows if row.new.keys() & {"town", "postcode", "name"}]
        held = said.held(self.source, [row.number for row in moved]) if moved else {}
        sites = Site.objects.in_bulk([each.site_id for each in held.values() if each.site_id])
        changed, new = [], []
        for row in moved:
            site = sites.get(held[row.number].site_id)
            if site is None:
                if row.new.get("town") or row.new.get("postcode"):
                    name = row.new.get("name") or row.label
                    where = {code: row.new.get(code) or "" for code in said.SITE}
                    new.append(Site(agency_id=row.agency_id, name=name, **where))
                continue
            facts = {code: row.new[code] or "" for code in said.SITE if code in row.new}
            if "name" in row.new and site.name == row.old.get("name"):
                facts["name"] = row.new["name"]  # a site that was called as the organisation goes on so
            if facts:
                for name, value in facts.items():
                    setattr(site, name, value)
                changed.append(site)
        if changed:
            self._alter(changed, Site, ["name", "town", "postcode"])
        self._add(new, Site)

    def _change_offices(self, by_id):
        """What this register said of the office is changed; what people entered stands beside it."""
        rows = ContactPoint.objects.live().filter(agency__in=by_id, purpose=ContactPoint.Purpose.OFFICE)
        changed = {each.agency_id: each for each in rows.filter(source=self.source.title)}
        for pk, each in changed.items():
            for code in said.OFFICE:
                if code in by_id[pk].new:
                    setattr(each, code, by_id[pk].new[code] or "")
        if changed:
            self._alter(list(changed.values()), ContactPoint, list(said.OFFICE))
        new = [self._office(pk, row.new) for pk, row in by_id.items() if pk not in changed and _reached(row.new)]
        self._add(new, ContactPoint)

    def _change_areas(self, rows):
        through, gone, come = Agency.areas.through, [], []
        for row in rows:
            if "areas" in row.new:
                old, new = set(row.old["areas"]), set(row.new["areas"])
                gone += [(row.agency_id, self.places.ids[slug]) for slug in old - new if slug in self.places.ids]
                come += [(row.agency_id, self.places.ids[slug]) for slug in new - old if slug in self.places.ids]
        by_area = {}
        for agency_id, area_id in gone:
            by_area.setdefault(area_id, []).append(agency_id)
        for area_id, ids in by_area.items():
            through.objects.filter(area_id=area_id, agency_id__in=ids).delete()
        through.objects.bulk_create(
            (through(agency_id=agency_id, area_id=area_id) for agency_id, area_id in come), ignore_conflicts=True
        )

    def _change_items(self, by_id):
        """Another type of school is another item of the Schedule: the inferred one ends today, the new one begins."""
        changed = {pk: row for pk, row in by_id.items() if "item" in row.new}
        if not changed:
            return
        rows = Classification.objects.filter(agency__in=changed, ends=None, basis=Classification.Basis.INFERRED)
        rows.exclude(starts__gte=self.today).update(ends=self.today)
        rows.filter(starts__gte=self.today).delete()
        Classification.objects.bulk_create(
            (
                Classification(
                    agency_id=pk, item_id=row.new["item"], basis=Classification.Basis.INFERRED, starts=self.today
                )
                for pk, row in changed.items()
            ),
            ignore_conflicts=True,
        )

    def _change_owners(self, by_id, code, kind):
        """What the register made ends today and the new owner begins; what people recorded of this kind ends too."""
        if not by_id:
            return
        ended, replaced, kept = [], [], set()
        for each in Ownership.objects.filter(agency__in=by_id, kind=kind, ends=None):
            owner = by_id[each.agency_id].new[code]
            if owner and self.groups[owner["number"]] == each.owner_id:
                kept.add(each.agency_id)
            elif each.starts and each.starts >= self.today:
                replaced.append(each)
            else:
                each.ends = self.today
                ended.append(each)
        if ended:
            self._alter(ended, Ownership, ["ends"])
        for each in replaced:
            each._history_user, each._change_reason = self.by, self.reason
            each.delete()
        self._add(
            [
                Ownership(
                    owner_id=self.groups[row.new[code]["number"]],
                    agency_id=pk,
                    kind=kind,
                    source=self.source.title,
                    starts=self.today if row.old.get(code) else None,
                )
                for pk, row in by_id.items()
                if row.new[code] and pk not in kept
            ],
            Ownership,
        )

    def _end_owners(self, ends):
        """Nobody runs an organisation that has ended."""
        ended = []
        for each in Ownership.objects.filter(agency__in=ends, ends=None) if ends else ():
            if each.starts is None or each.starts < ends[each.agency_id]:
                each.ends = ends[each.agency_id]
                ended.append(each)
        self._alter(ended, Ownership, ["ends"])

    # --- successions ---

    def _follow(self, agency_id, row, starts):
        if row.new.get("follows"):
            before = {each["number"] for each in row.old.get("follows") or ()}
            self.follows.append(
                (agency_id, [each["number"] for each in row.new["follows"] if each["number"] not in before], starts)
            )

    def _succeed(self):
        if not self.follows:
            return
        numbers = [number for _, followed, _ in self.follows for number in followed]
        held = said.held(self.source, numbers)
        begins = dict(Agency.objects.filter(pk__in=[pk for pk, *_ in self.follows]).values_list("pk", "starts"))
        made = []
        for agency_id, followed, _ in self.follows:
            kind = Succession.Kind.MERGED if len(followed) > 1 else Succession.Kind.REPLACED
            for number in followed:
                if before := held.get(number):
                    on = begins[agency_id] or _day(before.facts["ends"]) or self.today
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

    # --- histories ---

    def _add(self, objects, model):
        if objects:
            bulk_create_with_history(
                objects, model, batch_size=CHUNK, default_user=self.by, default_change_reason=self.reason
            )

    def _alter(self, objects, model, fields):
        if not objects:
            return
        write(objects, fields)
        bulk_update_with_history(  # no fields: it writes the history alone
            objects, model, [], batch_size=CHUNK, default_user=self.by, default_change_reason=self.reason
        )


def _reached(new):
    return any(new.get(code) for code in said.OFFICE)


def _day(text):
    return date.fromisoformat(text) if text else None
