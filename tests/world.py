"""One small world with named personas: who is on a case, who was, who never was. Every text of a case is a canary."""

import io
import itertools
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from allauth.account.internal.flows.login import record_authentication
from django.test import Client, RequestFactory
from django.utils import timezone
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from partnership.access import services as access
from partnership.access.models import FolderGrant
from partnership.documents.models import Marking
from partnership.documents.services import keep
from partnership.jobs.models import Job
from partnership.people.models import Agency, DutyKind, NamedDuty, Partnership, SharingAgreement, User
from partnership.people.roles import Perm, Role
from partnership.people.services import create_person, join
from reviews import returns, services
from reviews.answering import signing
from reviews.models import AgencyReturn, Review
from reviews.report import services as report

CANARY = "canary"
WRITTEN = ("facts", "lives", "immediate_action", "improvements")  # the sections of a report in which somebody wrote
AGREED = date(2024, 4, 1)
ALONE = "Nobody else here was told of this case."  # why a return is declared where the body has other people
_count = itertools.count(1)


def canary(case, what):
    """A marker that names the case and the field: found where it should not be, it says whence it came."""
    return f"{CANARY}-{case}-{what}"


@dataclass
class Case:
    """One review with everything that hangs on it."""

    name: str
    review: Review
    returns: dict = field(default_factory=dict)
    child: object = None
    identity: object = None
    decision: object = None
    version: object = None
    job: object = None

    @property
    def folder(self):
        return self.review.folder


@dataclass
class World:
    """people: persona -> User. cases: 'ours', where the personas are, and 'theirs', where none of them is."""

    partnership: Partnership
    agencies: dict
    people: dict
    cases: dict

    def __getattr__(self, name):
        people = self.__dict__.get("people", {})
        if name in people:
            return people[name]
        raise AttributeError(name)

    @property
    def ours(self):
        return self.cases["ours"]

    @property
    def theirs(self):
        return self.cases["theirs"]


AGENCIES = {"council": "sotcc", "icb": "sot-staffs-icb", "police": "staffs-police", "uhnm": "uhnm", "mpft": "mpft"}
# persona -> (role, agency or None). Named on the case or not, each is said in tests/walk/README.md.
PERSONAS = {
    "manager": (Role.BUSINESS_MANAGER, None),
    "officer": (Role.BUSINESS_UNIT, None),
    "officer_outside": (Role.BUSINESS_UNIT, None),
    "directory_admin": (Role.DIRECTORY_ADMIN, None),
    "board_member": (Role.BOARD_MEMBER, None),
    "case_officer": (Role.BUSINESS_UNIT, None),
    "panel": (Role.AGENCY_STAFF, "icb"),
    "scrutineer": (Role.BOARD_MEMBER, None),
    "signer_council": (Role.DELEGATED_PARTNER, "council"),
    "signer_icb": (Role.DELEGATED_PARTNER, "icb"),
    "signer_police": (Role.DELEGATED_PARTNER, "police"),
    "deputy_police": (Role.AGENCY_LEAD, "police"),
    "partner_outside": (Role.DELEGATED_PARTNER, "icb"),
    "author": (Role.AGENCY_STAFF, "uhnm"),
    "author_other": (Role.SCHOOL_LEAD, "school"),
    "colleague": (Role.AGENCY_STAFF, "uhnm"),
    "lead_same": (Role.AGENCY_LEAD, "uhnm"),
    "lead_other": (Role.AGENCY_LEAD, "mpft"),
    "school_outside": (Role.SCHOOL_LEAD, "school"),
    "ended": (Role.BUSINESS_UNIT, None),
    "barred": (Role.BUSINESS_UNIT, None),
    "nobody": (None, None),
    "operator": (Role.OPERATOR, None),
    "stranger": (Role.BUSINESS_MANAGER, None),
}


def person(name, role=None, agency=None, partnership=None):
    user = create_person(email=f"{name}-{next(_count)}@portal.example", name=name.replace("_", " ").title())
    if role:
        join(user, role=role, partnership=partnership or Partnership.objects.get(), agency=agency)
    return user


def small_pdf(words) -> bytes:
    """One page with a line on it."""
    writer = PdfWriter()
    page = writer.add_blank_page(595, 842)
    helvetica = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
    font = DictionaryObject({NameObject(key): NameObject(value) for key, value in helvetica.items()})
    fonts = DictionaryObject({NameObject("/F1"): writer._add_object(font)})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    line = DecodedStreamObject()
    line.set_data(f"BT /F1 11 Tf 60 700 Td ({words}) Tj ET".encode())
    page[NameObject("/Contents")] = writer._add_object(line)
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def make_world() -> World:
    partnership = Partnership.objects.get()
    agencies = {key: Agency.objects.get(slug=slug) for key, slug in AGENCIES.items()}
    agencies["school"] = Agency.objects.filter(kind="school").order_by("name").first()
    for agency in agencies.values():
        SharingAgreement.objects.create(agency=agency, title="Sharing agreement", officer="A post", starts=AGREED)
    people = {}
    # The stranger leads the other case alone, so he becomes a manager only after ours is opened.
    for name, (role, agency) in PERSONAS.items():
        people[name] = person(name, None if name == "stranger" else role, agencies.get(agency), partnership)
    world = World(partnership, agencies, people, {})
    _duties(world)
    world.cases["ours"] = _our_case(world)
    join(people["stranger"], role=Role.BUSINESS_UNIT, partnership=partnership)
    world.cases["theirs"] = _their_case(world)
    return world


def _duties(world):
    today = timezone.localdate()
    for seat in ("council", "icb", "police"):
        NamedDuty.objects.create(
            agency=world.agencies[seat], kind=DutyKind.DELEGATED_PARTNER, holder=world.people[f"signer_{seat}"]
        )
    appoint(world.scrutineer)
    delegate = NamedDuty.objects.get(holder=world.signer_police)
    NamedDuty.objects.create(
        agency=world.agencies["police"], kind=DutyKind.DELEGATED_PARTNER, holder=world.deputy_police,
        deputy_for=delegate, starts=today - timedelta(days=1), ends=today + timedelta(days=20),
    )  # fmt: skip


def appoint(user, **dates):
    """Enter somebody in the directory as an independent scrutineer of the partnership."""
    agency = Agency.objects.get(slug="sotscp")
    return NamedDuty.objects.create(agency=agency, kind=DutyKind.SCRUTINEER, holder=user, **dates)


def open_case(world, name, *, by, days_ago=12) -> Case:
    aware = timezone.now() - timedelta(days=days_ago + 2)
    facts = {
        "authority": world.agencies["council"],
        "incident_on": timezone.localdate(aware) - timedelta(days=1),
        "aware_at": aware,
        "sent_at": aware + timedelta(days=1),
        "harm": "harm",
    } | {each: canary(name, each) for each in ("setting", "what_happened", "safety", "parallel", "panel_reference")}
    review = services.open_review(
        by=by, partnership=world.partnership, facts=facts, child={"age_band": "1-4", "legal_status": "cin"}
    )
    case = Case(name, Review.objects.select_related("folder", "notification").get(pk=review.pk))
    case.child = review.children.get()
    case.identity = services.identify_child(
        case.child, by=by,
        facts={key: canary(name, key) for key in ("name", "other_names", "addresses", "other")},
    )  # fmt: skip
    for code in WRITTEN:
        report.write(review.sections.get(code=code), by=by, version=1, text=canary(name, code))
    return case


def ask(world, case, persona, agency, *, by) -> AgencyReturn:
    return returns.ask_agency(
        case.review, by=by, agency=world.agencies[agency], author=world.people[persona],
        due_on=timezone.localdate() + timedelta(days=5), purpose=canary(f"{case.name}-{agency}", "purpose"),
    )  # fmt: skip


TEXTS = [name for name in returns.ANSWERS if AgencyReturn._meta.get_field(name).get_internal_type() == "TextField"]


def answer(case, row, *, by, submit=True):
    label = f"{case.name}-{row.agency.slug}"
    answers = {name: canary(label, name) for name in TEXTS}
    answers |= {"searched_on": timezone.localdate(), "records_secured": True}
    return submit_return(row, by=by, answers=answers) if submit else save_return(row, by=by, answers=answers)


def save_return(row, *, by, answers):
    return returns.save_return(row, by=by, version=row.version, answers=answers)


def submit_return(row, *, by, answers):
    """As a sole practitioner submits: nobody else has to sign."""
    version = save_return(row, by=by, answers=answers).version
    return signing.submit_alone(row, by=by, version=version, sole_reason=ALONE)


def _our_case(world) -> Case:
    officer = world.officer
    case = open_case(world, "ours", by=officer)
    folder = case.folder
    why = canary("ours", "reason")
    access.grant(folder, world.case_officer, Role.CASE_OFFICER, by=officer, reason=why)
    access.grant(folder, world.panel, Role.PANEL_MEMBER, by=officer, reason=why)
    access.grant(folder, world.scrutineer, Role.SCRUTINEER, by=officer, reason=why)
    for name in ("signer_council", "signer_icb", "signer_police", "deputy_police"):
        access.grant(folder, world.people[name], Role.SIGNATORY, by=officer, reason=why)
    ended = access.grant(folder, world.ended, Role.CASE_OFFICER, by=officer, reason=why)
    FolderGrant.objects.filter(pk=ended.pk).update(
        starts=timezone.now() - timedelta(days=3), ends=timezone.now() - timedelta(days=1)
    )
    access.grant(folder, world.barred, Role.CASE_LEAD, by=officer, reason=why)
    access.bar(folder, world.barred, by=officer, reason="personal")
    case.returns["uhnm"] = ask(world, case, "author", "uhnm", by=officer)
    case.returns["school"] = answer(case, ask(world, case, "author_other", "school", by=officer), by=world.author_other)
    return _finish(case, by=officer)


def _their_case(world) -> Case:
    case = open_case(world, "theirs", by=world.stranger)
    # The business managers of the day were let in; this case is the stranger's and his second's.
    second = person("second", Role.BUSINESS_UNIT, None, world.partnership)
    access.grant(case.folder, second, Role.CASE_LEAD, by=world.stranger, reason=canary("theirs", "reason"))
    for grant in FolderGrant.objects.live().filter(content_object=case.folder, user=world.manager):
        access.revoke(grant, by=second)
    writer = person("writer", Role.AGENCY_STAFF, world.agencies["mpft"], world.partnership)
    world.people["writer_of_theirs"] = writer
    case.returns["mpft"] = answer(case, ask(world, case, "writer_of_theirs", "mpft", by=world.stranger), by=writer)
    del world.people["writer_of_theirs"]
    return _finish(case, by=world.stranger)


def _finish(case, *, by):
    case.decision = services.decide(case.review, by=by, code="none", rationale=canary(case.name, "rationale"))
    case.version = keep(
        small_pdf(canary(case.name, "file")), folder=case.folder, title="Rapid review report", name="report.pdf",
        content_type="application/pdf", marking=Marking.SENSITIVE, by=by, goes_out=True,
    )  # fmt: skip
    case.job = Job.objects.create(
        kind="review_report", folder=case.folder, requester=by, perm=Perm.REPORT_MAKE, subject_id=case.review.pk
    )
    case.review = Review.objects.select_related("folder", "notification").get(pk=case.review.pk)
    return case


def sign_in(client: Client, user, *, second_factor=True) -> Client:
    """Sign in as the real log-in does it: session, password record and, unless told otherwise, the second factor."""
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    request = RequestFactory().get("/")
    request.session = client.session
    for method in ("password", "mfa") if second_factor else ("password",):
        record_authentication(request, user, method)
    request.session.save()
    return client


def london(*parts) -> datetime:
    return timezone.make_aware(datetime(*parts))  # noqa: DTZ001 (made aware in the same breath)


def everybody(world) -> list[User]:
    return list(world.people.values())
