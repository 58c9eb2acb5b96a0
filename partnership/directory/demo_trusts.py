"""Academy trusts of the demo: the lists that the portal starts with name none. Only their schools are real."""

from dataclasses import dataclass

from partnership.directory.particulars.services import add_ownership
from partnership.directory.services import add_agency
from partnership.people.models import Agency, AgencyKind, Area, Ownership

SOURCE = "Demonstration: this trust is invented, and does not run these schools."


@dataclass(frozen=True)
class Trust:
    """An invented trust and the academies that it runs in the demo."""

    slug: str
    name: str
    area: str
    schools: tuple[str, ...]


TRUSTS = (
    Trust(
        "kiln-lane-trust-fictional", "Kiln Lane Trust (fictional)", "stoke-on-trent",
        ("urn-138497", "urn-138548", "urn-138549", "urn-138550", "urn-139228"),
    ),
    Trust(
        "chase-view-trust-fictional", "Chase View Trust (fictional)", "staffordshire",
        ("urn-137384", "urn-138982", "urn-139602", "urn-140195"),
    ),
)  # fmt: skip


def trusts() -> None:
    """Make those that are missing, each with its schools; what people changed of one that is there stays."""
    for trust in TRUSTS:
        if Agency.objects.filter(slug=trust.slug).exists():
            continue
        areas = Area.objects.filter(slug=trust.area)
        owner = add_agency(by=None, name=trust.name, kind=AgencyKind.GROUP, areas=areas, source=SOURCE)
        for school in Agency.objects.filter(slug__in=trust.schools):
            add_ownership(by=None, owner=owner, agency=school, kind=Ownership.Kind.TRUST, source=SOURCE)
