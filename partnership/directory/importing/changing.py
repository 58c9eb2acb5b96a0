"""What a register says anew of organisations that the directory holds, from the rows of a preview."""

from partnership.directory.former_names import keep_former
from partnership.directory.importing import facts as said
from partnership.directory.importing.bulk import write
from partnership.directory.importing.creating import day, name_more, office, reached
from partnership.people.finding import refresh
from partnership.people.models import (
    Agency,
    Classification,
    ContactPoint,
    Ownership,
    Registration,
    School,
    Site,
)
from partnership.trail.services import record_each


def change(taking, rows):
    if not rows:
        return
    by_id = {row.agency_id: row for row in rows}
    _change_agencies(taking, by_id)
    _change_register(taking, by_id)
    _change_sites(taking, rows)
    _change_areas(taking, rows)
    _change_items(taking, by_id)
    name_more(taking, [(row.agency_id, row) for row in rows])
    _change_offices(taking, {pk: row for pk, row in by_id.items() if row.new.keys() & set(said.OFFICE)})
    for code, kind in said.OWNERS.items():
        _change_owners(taking, {pk: row for pk, row in by_id.items() if code in row.new}, code, kind)
    for row in rows:
        if "ends" in row.new and bool(row.new["ends"]) != bool(row.old.get("ends")):
            (taking.closing if row.new["ends"] else taking.opening).append(row.agency_id)
        if "follows" in row.new:
            taking.follow(row.agency_id, row)
    refresh(by_id)
    _tell(taking, by_id)


def _tell(taking, by_id):
    """What has no version history of its own (the register's facts, areas, owners) stands in the trail."""
    told = []
    for pk, row in by_id.items():
        codes = [
            code for code in said.FACTS if code in row.new and code not in (*said.AGENCY, *said.SITE, *said.OFFICE)
        ]
        if codes:
            names = taking.places.names
            what = "; ".join(
                f"{said.FACTS[code]} from {said.say(code, row.old.get(code), names)} "
                f"to {said.say(code, row.new[code], names)}"
                for code in codes
            )
            told.append((Agency(pk=pk), {"source": taking.source.title, "what": what[:1000]}))
    record_each("register_taken", by=taking.by, objects=told)


def _change_agencies(taking, by_id):
    """Every organisation of the chunk gets a version, whichever of its parts was changed: a stale edit notices."""
    agencies = list(Agency.objects.filter(pk__in=by_id))
    touched, renamed = [], {}
    for agency in agencies:
        new = by_id[agency.pk].new
        agency.version += 1
        taking.offices |= bool(agency.partner_seat) and "ends" in new
        if new.get("name"):
            renamed[agency.pk] = (agency.name, new["name"])
        for name in ("name", "website"):
            if name in new:
                setattr(agency, name, new[name] or "")
        for name in ("starts", "ends"):
            if name in new:
                setattr(agency, name, day(new[name]))
        if new.keys() & set(said.AGENCY):
            touched.append(agency)
    fields = ["name", "website", "starts", "ends", "version"]
    if touched:
        taking.alter(touched, Agency, fields)
    keep_former(renamed)
    ids = {agency.pk for agency in touched}
    write([each for each in agencies if each.pk not in ids], ["version"])


def _change_register(taking, by_id):
    if taking.source.register:
        Registration.objects.bulk_create(
            Registration(
                agency_id=pk, register=taking.source.register, number=row.number, facts=row.new.get("register", {})
            )
            for pk, row in by_id.items()
            if "number" in row.new
        )
        rows = [
            each
            for each in Registration.objects.filter(register=taking.source.register, agency__in=by_id)
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


def _change_sites(taking, rows):
    moved = [row for row in rows if row.new.keys() & {"town", "postcode", "name"}]
    held = said.held(taking.source, [row.number for row in moved]) if moved else {}
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
        taking.alter(changed, Site, ["name", "town", "postcode"])
    taking.add(new, Site)


def _change_offices(taking, by_id):
    """What this register said of the office is changed; what people entered stands beside it."""
    rows = ContactPoint.objects.live().filter(agency__in=by_id, purpose=ContactPoint.Purpose.OFFICE)
    changed = {each.agency_id: each for each in rows.filter(source=taking.source.title)}
    for pk, each in changed.items():
        for code in said.OFFICE:
            if code in by_id[pk].new:
                setattr(each, code, by_id[pk].new[code] or "")
    if changed:
        taking.alter(list(changed.values()), ContactPoint, list(said.OFFICE))
    new = [office(taking, pk, row.new) for pk, row in by_id.items() if pk not in changed and reached(row.new)]
    taking.add(new, ContactPoint)


def _change_areas(taking, rows):
    through, gone, come = Agency.areas.through, [], []
    for row in rows:
        if "areas" in row.new:
            old, new = set(row.old["areas"]), set(row.new["areas"])
            gone += [(row.agency_id, taking.places.ids[slug]) for slug in old - new if slug in taking.places.ids]
            come += [(row.agency_id, taking.places.ids[slug]) for slug in new - old if slug in taking.places.ids]
    by_area = {}
    for agency_id, area_id in gone:
        by_area.setdefault(area_id, []).append(agency_id)
    for area_id, ids in by_area.items():
        through.objects.filter(area_id=area_id, agency_id__in=ids).delete()
    through.objects.bulk_create(
        (through(agency_id=agency_id, area_id=area_id) for agency_id, area_id in come), ignore_conflicts=True
    )


def _change_items(taking, by_id):
    """Another type of school is another item of the Schedule: the inferred one ends today, the new one begins."""
    changed = {pk: row for pk, row in by_id.items() if "item" in row.new}
    if not changed:
        return
    rows = Classification.objects.filter(agency__in=changed, ends=None, basis=Classification.Basis.INFERRED)
    rows.exclude(starts__gte=taking.today).update(ends=taking.today)
    rows.filter(starts__gte=taking.today).delete()
    Classification.objects.bulk_create(
        (
            Classification(
                agency_id=pk, item_id=row.new["item"], basis=Classification.Basis.INFERRED, starts=taking.today
            )
            for pk, row in changed.items()
        ),
        ignore_conflicts=True,
    )


def _change_owners(taking, by_id, code, kind):
    """What the register made ends today and the new owner begins; what people recorded of this kind ends too."""
    if not by_id:
        return
    ended, replaced, kept = [], [], set()
    for each in Ownership.objects.filter(agency__in=by_id, kind=kind, ends=None):
        owner = by_id[each.agency_id].new[code]
        if owner and taking.groups[owner["number"]] == each.owner_id:
            kept.add(each.agency_id)
        elif each.starts and each.starts >= taking.today:
            replaced.append(each)
        else:
            each.ends = taking.today
            ended.append(each)
    if ended:
        taking.alter(ended, Ownership, ["ends"])
    for each in replaced:
        each._history_user, each._change_reason = taking.by, taking.reason
        each.delete()
    taking.add(
        [
            Ownership(
                owner_id=taking.groups[row.new[code]["number"]],
                agency_id=pk,
                kind=kind,
                source=taking.source.title,
                starts=taking.today if row.old.get(code) else None,
            )
            for pk, row in by_id.items()
            if row.new[code] and pk not in kept
        ],
        Ownership,
    )
