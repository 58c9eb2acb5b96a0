"""The fictional people of the demo. Nobody here is real; their organisations are, but for two trusts."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.utils import timezone

from partnership.directory.accounts import open_account
from partnership.directory.demo_trusts import TRUSTS, trusts
from partnership.people.models import Agency, NamedDuty, User
from partnership.people.roles import Role

PASSWORD = "demo-portal-2026"  # noqa: S105  (printed in the README; refused beside a real host name)
DOMAIN = "portal.example"
SCHOOL, OTHER_SCHOOL = "urn-124003", "urn-124020"
TRUST, ACADEMY = TRUSTS[0].slug, TRUSTS[0].schools[0]


@dataclass(frozen=True)
class Person:
    """One of the demo's people: what they are, where, and the named duty that comes with it."""

    name: str
    what: str
    role: Role
    agency: str = ""
    duty: str = ""
    deputy: bool = False

    @property
    def email(self):
        return f"{self.name.lower().replace(' ', '.')}@{DOMAIN}"


PEOPLE = {
    "manager": Person("Alex Marlow", "Business manager", Role.BUSINESS_MANAGER),
    "officer": Person("Priya Fennel", "Business unit officer", Role.BUSINESS_UNIT),
    "admin": Person("Rowan Tull", "Directory administrator", Role.DIRECTORY_ADMIN),
    "dsp_council": Person("Morgan Ashby", "Director of Children's Services", Role.DELEGATED_PARTNER, "sotcc", "dsp"),
    "dsp_icb": Person(
        "Leila Harcombe", "Chief Nursing and Therapies Officer", Role.DELEGATED_PARTNER, "sot-staffs-icb", "dsp"
    ),
    "dsp_police": Person(
        "Theo Penhale", "Detective Chief Superintendent", Role.DELEGATED_PARTNER, "staffs-police", "dsp"
    ),
    "deputy_police": Person(
        "Nadia Corrie", "Detective Superintendent", Role.AGENCY_LEAD, "staffs-police", "dsp", deputy=True
    ),
    "author_uhnm": Person("Grace Odell", "Named nurse for safeguarding children", Role.AGENCY_STAFF, "uhnm"),
    "author_police": Person(
        "Joel Maddern", "Detective inspector, child abuse investigation", Role.AGENCY_STAFF, "staffs-police"
    ),
    "author_council": Person("Esther Calloway", "Service manager, children's social care", Role.AGENCY_STAFF, "sotcc"),
    "author_practice": Person("Anil Pargeter", "Named GP for safeguarding", Role.AGENCY_STAFF, "sot-staffs-icb"),
    "author_school": Person("Callum Brace", "Designated safeguarding lead", Role.SCHOOL_LEAD, SCHOOL, "dsl"),
    "lead_uhnm": Person("Winifred Tallow", "Associate director of nursing", Role.AGENCY_LEAD, "uhnm"),
    "colleague_uhnm": Person("Hana Lowther", "Paediatric ward sister", Role.AGENCY_STAFF, "uhnm"),
    "colleague_school": Person("Jude Farrant", "Year 4 teacher", Role.AGENCY_STAFF, SCHOOL),
    "lead_mpft": Person("Imogen Sayle", "Head of safeguarding", Role.AGENCY_LEAD, "mpft", "s11"),
    "panel_icb": Person("Dev Rathbone", "Designated nurse", Role.AGENCY_STAFF, "sot-staffs-icb"),
    "panel_council": Person("Ruth Ellwood", "Head of service, children's social care", Role.AGENCY_STAFF, "sotcc"),
    "board_member": Person("Owen Tressler", "Lead member for children's services", Role.BOARD_MEMBER),
    "operator": Person("Kit Vance", "System operator", Role.OPERATOR),
    "officer_away": Person("Tamsin Orrell", "Business unit officer", Role.BUSINESS_UNIT),
    "colleague_mpft": Person("Bryony Catterick", "Named nurse", Role.AGENCY_STAFF, "mpft"),
    "dsl_other": Person("Maya Quillan", "Designated safeguarding lead", Role.SCHOOL_LEAD, OTHER_SCHOOL, "dsl"),
    "lead_trust": Person("Felix Ardern", "Trust safeguarding lead", Role.AGENCY_LEAD, TRUST),
    "coordinator_mpft": Person("Harriet Bexley", "Training coordinator", Role.TRAINING_COORDINATOR, "mpft"),
    "dsl_academy": Person("Noor Whitlock", "Designated safeguarding lead", Role.SCHOOL_LEAD, ACADEMY, "dsl"),
}


@transaction.atomic
def people() -> dict[str, User]:
    """Create the demo's people who are missing and return all of them by key.

    Somebody who is there already is left as they are, with whatever was changed since. Raises ImproperlyConfigured
    beside a real host name: their one password is public.
    """
    if settings.SECURE:
        raise ImproperlyConfigured(
            "The demo's people have a public password, so they are never made beside a real host name."
        )
    trusts()
    here = {user.email: user for user in User.objects.filter(email__in=[person.email for person in PEOPLE.values()])}
    agencies = {a.slug: a for a in Agency.objects.filter(slug__in={p.agency for p in PEOPLE.values() if p.agency})}
    found = {key: here.get(person.email) or _create(key, person, agencies) for key, person in PEOPLE.items()}
    if made := [user for user in found.values() if user.email not in here]:
        password = make_password(PASSWORD)  # slow on purpose, so once
        for user in made:
            user.password = password
        User.objects.bulk_update(made, ["password"])
    return found


def _create(key, person, agencies):
    agency = agencies.get(person.agency)
    user = open_account(email=person.email, name=person.name, role=person.role, agency=agency, job_title=person.what)
    if key == "board_member":
        _hold(user, person, Agency.objects.get(slug="sotcc"), "lm")
    elif person.deputy:
        _deputise(user, person, agency)
    elif person.duty:
        _hold(user, person, agency, person.duty)
    return user


def _hold(user, person, agency, kind):
    """Take the duty's vacancy where there is one; a duty that somebody holds already stays theirs."""
    live = NamedDuty.objects.live().filter(agency=agency, kind=kind, deputy_for=None)
    vacancy = live.filter(holder=None).first()
    if vacancy:
        vacancy.holder = user
        vacancy.save(update_fields=["holder"])
    elif not live.exists():
        NamedDuty.objects.create(agency=agency, kind=kind, holder=user, post=person.what, starts=timezone.localdate())


def _deputise(user, person, agency):
    delegate = NamedDuty.objects.live().filter(agency=agency, kind=person.duty, deputy_for=None).first()
    if delegate:
        today = timezone.localdate()
        NamedDuty.objects.create(
            agency=agency,
            kind=person.duty,
            holder=user,
            post=person.what,
            deputy_for=delegate,
            starts=today,
            ends=today + timedelta(days=365),
        )
