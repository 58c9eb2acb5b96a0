"""The list as a spreadsheet or CSV: what is in it follows who asks, and nothing in it can run as a formula."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.utils import timezone

from partnership.access.reach import reach_of
from partnership.directory.listing.rows import Found, annotated, dress, find
from partnership.directory.particulars.visibility import shown_to
from partnership.people.models import (
    AgencyKind,
    ContactPoint,
    DutyKind,
    NamedDuty,
    Registration,
    Site,
)
from partnership.people.roles import Perm
from partnership.trail.services import record
from partnership.ui import sheets

LICENCE = "Schools: contains public sector information licensed under the Open Government Licence v3.0."
AT_ONCE = 2000


def export(user, form, *, kind, query, order_by=""):
    """(open file, its name, its content type) of everything that the valid `form` finds; one event with the count."""
    found = find(user, **form.asked(), order_by=order_by)
    reach = reach_of(user)
    internal = reach.holds_wide(Perm.DIRECTORY_INTERNAL)
    emails = bool(found.duty) and reach.holds_wide(Perm.COLLEAGUES)
    columns = _columns(found.duty, internal, emails)
    head = [
        [form.in_words()],
        [sheets.taken_out(user, _audience(internal, emails))],
        [LICENCE],
        [],
        [title for title, _ in columns],
    ]
    rows = _rows(found, columns, internal, emails)
    file, count = sheets.made(kind, "Directory", head, rows, [45] + [22] * (len(columns) - 1))
    record("directory_exported", by=user, count=count, format=kind, filter=query[:500])
    return file, f"directory-{timezone.localdate():%Y-%m-%d}.{kind}", sheets.FORMATS[kind]


def _audience(internal, emails):
    if emails:
        return "the business unit"
    return "the business unit and the directory’s administrators" if internal else "partners who sign in"


def _rows(found: Found, columns, internal, emails):
    rows = annotated(found).annotate(**_more(found.day, internal)).defer(None).defer("words")
    if emails:
        duties = NamedDuty.objects.on(found.day).filter(agency_id=OuterRef("pk"), kind=found.duty)
        reached = duties.filter(holder__closed_at=None, holder__email__isnull=False).order_by("starts", "pk")
        unreached = duties.filter(holder__closed_at=None, holder__email=None, holder__isnull=False).order_by("pk")
        rows = rows.annotate(
            holder_emails=ArraySubquery(reached.values("holder__email")),
            unreached=ArraySubquery(unreached.values("holder__name")),
        )
    for row in rows.iterator(chunk_size=AT_ONCE):
        dress(row, found)
        yield [value(row) for _, value in columns]


def _more(day, internal):
    """What the list on the screen does not show."""
    me = OuterRef("pk")
    contacts = ContactPoint.objects.on(day).filter(agency_id=me, shown__in=shown_to(internal))
    facts = {"purpose": "purpose", "post": "post", "email": "email", "telephone": "telephone"}
    sites = Site.objects.on(day).filter(agency_id=me).exclude(postcode="")
    numbers = Registration.objects.filter(agency_id=me)
    return {
        "contact_rows": ArraySubquery(contacts.order_by("purpose", "pk").values(data=JSONObject(**facts))),
        "postcodes": ArraySubquery(sites.order_by("postcode").values("postcode").distinct()),
        "numbers": ArraySubquery(
            numbers.order_by("register", "number").values(data=JSONObject(register="register", number="number"))
        ),
    }


def _columns(duty, internal, emails):
    """(heading, row -> value). A list that was asked for a duty has its holders; how they are reached is for those who
    look after everybody's accounts."""
    columns = [
        ("Name", lambda row: row.name),
        ("Type", lambda row: AgencyKind(row.kind).label),
        ("Other names", lambda row: "; ".join(row.other_names)),
        ("Formerly", lambda row: "; ".join(row.former_names)),
        ("School number (URN)", lambda row: _school(row, "urn")),
        ("Other register numbers", lambda row: "; ".join(f"{n['register']} {n['number']}" for n in row.numbers)),
        ("Phase", lambda row: _phase(row)),
        ("Areas", lambda row: "; ".join(row.area_names)),
        ("Schedule items", lambda row: ", ".join(map(str, row.items))),
        ("Towns", lambda row: "; ".join(row.towns)),
        ("Postcodes", lambda row: "; ".join(row.postcodes)),
        ("Website", lambda row: row.website),
        ("First day", lambda row: row.starts),
        ("Dates", lambda row: row.life.replace("–", "")),
        ("Contacts", _contacts),
    ]
    if duty:
        columns += [
            ("Duty", lambda row: DutyKind(duty).label),
            ("Held by", lambda row: "; ".join(each.name for each in row.holders if each.name)),
            ("Post", lambda row: "; ".join(dict.fromkeys(each.post for each in row.holders if each.post))),
            ("Standing", lambda row: row.standing),
        ]
    if emails:
        columns += [
            ("Their email addresses", lambda row: "; ".join(dict.fromkeys(row.holder_emails))),
            ("Those without an address", lambda row: "; ".join(dict.fromkeys(row.unreached))),
        ]
    if internal:
        columns += [("Note", lambda row: row.note), ("Source", lambda row: row.source)]
    return columns


def _school(row, name):
    return getattr(row.school, name) if getattr(row, "school", None) else ""


def _phase(row):
    school = getattr(row, "school", None)
    if not school or not school.phase:
        return ""
    return f"{school.phase} (from its name)" if school.phase_from_name else school.phase


def _contacts(row):
    return "; ".join(
        f"{ContactPoint.Purpose(each['purpose']).label}: "
        + ", ".join(filter(None, (each["post"], each["email"], each["telephone"])))
        for each in row.contact_rows
    )
