"""What a merging would move, in words, before anybody does it."""

from dataclasses import dataclass

from partnership.access.reach import reach_of
from partnership.access.rows import allowing
from partnership.directory.merging.rows import links
from partnership.directory.rules import life
from partnership.people.matching import best_first, same_thing, searched
from partnership.people.models import Agency
from partnership.people.roles import LABELS, Perm, Role

MOST_OFFERED = 20
MOST_NAMED = 200  # of one kind of thing
HEADINGS = {
    "people.Alias": "Other names",
    "people.Classification": "Schedule items",
    "people.NamedDuty": "Named duties",
    "people.School": "The school’s facts",
    "people.Registration": "Register numbers",
    "people.ContactPoint": "Contacts",
    "people.Closure": "Closed days",
    "people.SharingAgreement": "Sharing agreements",
    "people.Membership": "People",
    "people.Succession": "Before and after",
    "people.Ownership": "Who runs whom",
}
RELATED = {
    "people.Membership": ("user",),
    "people.NamedDuty": ("holder",),
    "people.Succession": ("predecessor", "successor"),
    "people.Ownership": ("owner", "agency"),
}


@dataclass(frozen=True)
class Moving:
    """One kind of thing that moves: its heading, and each of it in words."""

    heading: str
    things: list


def may_merge(user) -> bool:
    """Whoever changes the directory, and the business unit; `services.hindrances` says what is the unit's alone."""
    reach = reach_of(user)
    return reach.holds_wide(Perm.DIRECTORY_EDIT) or reach.holds_wide(Perm.PEOPLE_APPROVE)


def offered(user, agency, q=""):
    """Records that `agency` may be a second record of; without words, those named alike or at its postcode."""
    if q.strip():
        rows = allowing(Agency, user, Perm.DIRECTORY_VIEW).filter(merged_into=None).exclude(pk=agency.pk)
        rows = best_first(searched(rows, q), q)
    else:
        rows = same_thing(agency).order_by("name")
    found = list(rows.select_related("school").prefetch_related("registrations", "sites")[:MOST_OFFERED])
    for row in found:
        row.apart = tells_apart(row)
    return found


def tells_apart(agency) -> str:
    """What tells a record from others of its name: its numbers, where it lies, its days."""
    numbers = [f"URN {agency.school.urn}"] if hasattr(agency, "school") else []
    numbers += [f"{each.get_register_display()} {each.number}" for each in agency.registrations.all()]
    sites = dict.fromkeys(" ".join(filter(None, (each.town, each.postcode))) for each in agency.sites.all())
    days = life(agency.starts, agency.ends, open_words="")
    return "; ".join(filter(None, (*numbers, *sites, days))) or "no number and no address recorded"


def moving(user, agency) -> list[Moving]:
    """What hangs on `agency` and would follow. Of guarded rows only what this person may see is told, and no other
    number: the page says in general that there may be more."""
    found = {}
    for link in links():
        if not link.moves:
            continue
        guarded = link.declared.access.guarded
        if guarded:
            rows = link.declared.objects.visible_to(user).filter(**{link.name: agency})
            count = rows.count()
            things = [f"{count} that you may see"] if count else []
        else:
            rows = link.model._base_manager.filter(**{link.column: agency})
            rows = rows.select_related(*RELATED.get(link.label, ()))
            things = [_words(link, row) for row in rows[:MOST_NAMED]]
            if len(things) == MOST_NAMED and (more := rows.count() - MOST_NAMED):
                things.append(f"and {more:,} more")
        if things:
            heading = HEADINGS.get(link.label, link.declared._meta.verbose_name_plural.capitalize())
            found.setdefault(heading, []).extend(things)
    return [Moving(heading, things) for heading, things in found.items()]


def _words(link, row) -> str:
    """A row as the preview names it."""
    match link.label.removeprefix("people."):
        case "Membership":
            return f"{row.user.name}: {LABELS[Role(row.role)].lower()}"
        case "NamedDuty":
            return f"{row.get_kind_display()}: {row.holder or row.post or 'vacant'}"
        case "Classification":
            return f"Item {row.item_id}"
        case "Succession":
            other = row.successor if link.name == "predecessor" else row.predecessor
            return f"{'Followed by' if link.name == 'predecessor' else 'Follows'} {other.name}"
        case "Ownership":
            return f"{row.owner.name} runs {row.agency.name}"
        case "ContactPoint":
            return f"{row.get_purpose_display()}: {row.email or row.telephone}"
        case "Registration":
            return f"{row.get_register_display()}: {row.number}"
        case "Site":
            return ", ".join(filter(None, (row.name, row.town, row.postcode)))
    return str(row)
