"""Every write to the directory. Each locks its row, checks the rule, writes the history and the event together.

Days: `starts` is the first day and `ends` the first day no longer (None: open). Every function raises ValidationError
for what people can put right, and Stale when the row was changed since `version` was read (see `version_of`).
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify
from simple_history.utils import bulk_update_with_history

from partnership.access.flow import Stale, lock
from partnership.deadlines.office import keep_offices
from partnership.directory import rules
from partnership.directory.closing import following
from partnership.directory.former_names import keep_former
from partnership.directory.leads import unit
from partnership.directory.reference import item_of_school
from partnership.directory.successions import forget_succession, record_successions
from partnership.people.finding import refresh
from partnership.people.models import (
    Agency,
    Alias,
    Classification,
    NamedDuty,
    School,
    Site,
    Succession,
)
from partnership.people.services import know_person
from partnership.trail.services import record

AGENCY_FIELDS = ("name", "kind", "partner_seat", "website", "starts", "ends", "note", "source")
SITE_FIELDS = ("name", "town", "postcode", "starts", "ends")
DUTY_FIELDS = ("kind", "post", "holder", "deputy_for", "starts", "ends", "source")


def version_of(row) -> int:
    """What a form carries to notice that somebody else was quicker: the row's version, or that of its last history."""
    if hasattr(row, "version"):
        return row.version
    return row.history.order_by("-history_id").values_list("history_id", flat=True).first() or 0


@transaction.atomic
def add_agency(*, by, areas=(), school=None, site=None, **facts) -> Agency:
    """Add an organisation. school: None, or the fields of School; it gets the Schedule's item of its type. site: None,
    or dict of town and postcode of its first site."""
    rules.name_is_free(facts["name"], kind=facts["kind"], starts=facts.get("starts"), ends=facts.get("ends"))
    rules.seat_fits(facts["kind"], facts.get("partner_seat"))
    slug = f"urn-{school['urn']}" if school else free_slug(Agency, facts["name"], "organisation")
    agency = Agency(slug=slug, **facts)
    if school and School.objects.filter(urn=school["urn"]).exists():
        raise ValidationError({"urn": "A school with this unique reference number is in the directory already."})
    save(agency, by)
    agency.areas.set(areas)
    if school:
        School.objects.create(agency=agency, **school)
        Classification.objects.create(
            agency=agency, item_id=item_of_school(school["establishment_type"]), basis=Classification.Basis.INFERRED
        )
    if site:
        save(Site(agency=agency, name=agency.name, **site), by)
    refresh([agency.pk])
    record("agency_added", by=by, obj=agency)
    if agency.partner_seat:
        keep_offices(by=by)
    return agency


@transaction.atomic
def change_agency(agency, *, by, version, areas, keep_name=True, **facts) -> Agency:
    """Change an organisation's own facts; raises ValidationError when it would end before what hangs on it.

    keep_name: whether the name until now stays as a former one; not where it was only written wrongly.
    """
    row = fresh(agency, version)
    name, ended = row.name, row.ends
    rules.name_is_free(facts["name"], kind=facts["kind"], starts=facts["starts"], ends=facts["ends"], but=row)
    if facts["ends"] != row.ends:
        rules.nothing_hangs_after(row, facts["ends"])
    changed = set_facts(row, facts)
    if {"kind", "partner_seat"} & set(changed):
        rules.seat_fits(row.kind, row.partner_seat)
    before = set(row.areas.values_list("pk", flat=True))
    if before != {area.pk for area in areas}:
        row.areas.set(areas)
        changed.append("areas")
    if changed:
        row.version += 1
        save(row, by)
        if keep_name:
            keep_former({row.pk: (name, row.name)})
        refresh([row.pk])
        record("agency_changed", by=by, obj=row, fields=sorted(changed))
    if row.ends and not ended:
        following.closed([row], by=by, also=unit())
    elif ended and not row.ends:
        following.opened_again([row], by=by, also=unit())
    if {"partner_seat", "ends"} & set(changed):
        keep_offices(by=by)
    return row


@transaction.atomic
def add_site(agency, *, by, **facts) -> Site:
    site = Site(agency=lock(agency), **facts)
    rules.site_is_new(site)
    save(site, by)
    refresh([agency.pk])
    record("site_added", by=by, obj=agency, site=site.pk)
    return site


@transaction.atomic
def change_site(site, *, by, version, **facts) -> Site:
    lock(site.agency)
    row = fresh(site, version)
    if changed := set_facts(row, facts):
        rules.site_is_new(row)
        save(row, by)
        refresh([row.agency_id])
        record("site_changed", by=by, obj=row.agency, site=row.pk, fields=sorted(changed))
    return row


@transaction.atomic
def add_duty(agency, *, by, new_holder=None, **facts) -> NamedDuty:
    """Name who holds a duty (holder None: vacant). Raises ValidationError for a double or a deputy without dates.

    new_holder: None, or dict of name, email, telephone: somebody who becomes known without a sign-in.
    """
    duty = NamedDuty(agency=lock(agency), **_with_holder(facts, new_holder, by))
    rules.duty_fits(duty)
    rules.not_to_oneself(duty, by)
    save(duty, by)
    record("duty_added", by=by, obj=agency, duty=duty.pk, kind=duty.kind, holder=duty.holder_id)
    return duty


@transaction.atomic
def change_duty(duty, *, by, version, new_holder=None, **facts) -> NamedDuty:
    lock(duty.agency)
    row = fresh(duty, version)
    if changed := set_facts(row, _with_holder(facts, new_holder, by)):
        rules.duty_fits(row)
        if {"holder", "kind"} & set(changed):
            rules.not_to_oneself(row, by)
        for name in {"kind", "deputy_for"} & set(changed):
            rules.no_deputies(row, name)
        if {"starts", "ends"} & set(changed):
            rules.deputies_stay_within(row)
        save(row, by)
        record("duty_changed", by=by, obj=row.agency, duty=row.pk, fields=sorted(changed), holder=row.holder_id)
    return row


def _with_holder(facts, new_holder, by):
    """The facts with somebody new as holder. Whoever has the address already is that person, and no second row."""
    if not new_holder:
        return facts
    try:
        person = know_person(**new_holder, job_title=facts.get("post", ""), by=by, of_this_name=True)
    except ValidationError as error:
        problems = error.update_error_dict({})
        raise ValidationError({f"new_{name}": told for name, told in problems.items()}) from None
    return facts | {"holder": person}


@transaction.atomic
def end_duty(duty, *, by, ends) -> NamedDuty:
    """End a duty, and the deputies' that lean on it, from `ends` on."""
    lock(duty.agency)
    row = lock(duty)
    rules.ends_no_later(row, ends)
    for each in [row, *row.deputies.select_for_update().filter(rules.runs_on_after(ends))]:
        if each.starts and each.starts >= ends:
            raise ValidationError({"ends": "A deputy for this duty begins after that day. Change the deputy first."})
        each.ends = ends
        save(each, by)
    record("duty_ended", by=by, obj=row.agency, duty=row.pk, kind=row.kind)
    return row


@transaction.atomic
def add_succession(*, by, predecessor, successor, on, kind, note="") -> Succession:
    """Say that `successor` carries on `predecessor` from the day `on`; history and records stay where they are."""
    lock_agencies(predecessor, successor)
    row = Succession(predecessor=predecessor, successor=successor, on=on, kind=kind, note=note)
    rules.succession_fits(row)
    row.full_clean()
    row.save()
    record_successions([row], by=by)
    return row


@transaction.atomic
def remove_succession(row, *, by) -> None:
    """Take back a succession that was recorded by mistake; both organisations stay as they are."""
    forget_succession(row, by=by)


@transaction.atomic
def add_classification(agency, *, by, item, basis, starts=None) -> Classification:
    """Put an organisation under an item of the Schedule (SI 2018/789) from `starts`; several items may hold at once."""
    lock(agency)
    if Classification.objects.filter(agency=agency, item=item, ends=None).exists():
        raise ValidationError({"item": "This organisation is under this item already."})
    row = Classification(agency=agency, item=item, basis=basis, starts=starts)
    row.full_clean()
    row.save()
    record("classification_added", by=by, obj=agency, item=item.pk, basis=basis)
    return row


@transaction.atomic
def end_classification(classification, *, by, ends) -> Classification:
    row = lock(classification)
    rules.ends_no_later(row, ends)
    row.ends = ends
    row.save(update_fields=["ends"])
    record("classification_ended", by=by, obj=row.agency, item=row.item_id)
    return row


@transaction.atomic
def add_alias(agency, *, by, name) -> Alias:
    lock(agency)
    if agency.name.lower() == name.lower() or agency.aliases.filter(name__iexact=name).exists():
        raise ValidationError({"name": "This organisation has this name already."})
    alias = Alias.objects.create(agency=agency, name=name)
    refresh([agency.pk])
    record("alias_added", by=by, obj=agency, alias=alias.pk, name=name)
    return alias


@transaction.atomic
def remove_alias(alias, *, by) -> None:
    lock(alias.agency)
    record("alias_removed", by=by, obj=alias.agency, alias=alias.pk, name=alias.name)
    alias.delete()
    refresh([alias.agency_id])


def touch(agencies, *, by, reason="") -> None:
    """Raise the version of organisations whose parts changed, with a line of history: a stale edit says by whom."""
    rows = list(agencies)
    for row in rows:
        row.version += 1
    bulk_update_with_history(rows, Agency, ["version"], batch_size=500, default_user=by, default_change_reason=reason)


def lock_agencies(*agencies) -> dict:
    """pk -> fresh row of each, locked in one order, so that two people who take the same ones wait and do not stick."""
    return {agency.pk: lock(agency) for agency in sorted(agencies, key=lambda each: str(each.pk))}


def fresh(row, version):
    fresh = lock(row)
    if version_of(fresh) != version:
        raise Stale("Somebody else changed this while you were editing it.")
    return fresh


def set_facts(row, facts):
    changed = [name for name, value in facts.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, facts[name])
    return changed


def save(row, by):
    row.full_clean()
    row._history_user = by
    row.save()


def free_slug(model, name, otherwise) -> str:
    base = slugify(name)[:40] or otherwise
    slug, number = base, 1
    while model.objects.filter(slug=slug).exists():
        number += 1
        slug = f"{base}-{number}"
    return slug
