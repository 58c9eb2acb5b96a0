"""The ground of the audits' lines: a set of 100 questions, 400 schools that return them, one answer a cell."""

from datetime import timedelta

from django.utils import timezone

SCHOOLS, QUESTIONS, SECTIONS = 406, 100, 10
MET = [
    {"code": "met", "label": "Met", "counts": True},
    {"code": "partly", "label": "Partly met", "counts": False},
    {"code": "not", "label": "Not met", "counts": False},
]
CODES = ("met", "met", "met", "partly", "met", "not", "met")
WHY = "the bench lays its own ground"


def ground(user):
    """(the version, its round, its returns with their answers)."""
    version = question_set()
    row = open_round(version, by=user)
    rows = returns(row, schools(SCHOOLS))
    answered(rows, version)
    return version, row, rows


def question_set(code="bench"):
    """A version in use with QUESTIONS of a scale, in ten sections."""
    from audits.models import Question, QuestionSet, Section, SetVersion, Wording

    row = QuestionSet.objects.create(code=code, title="Safeguarding in schools", duty="s175")
    version = SetVersion.objects.create(question_set=row, edition=1, status=SetVersion.Status.IN_USE)
    sections = Section.objects.bulk_create(
        Section(set_version=version, code=f"part-{n}", ref=str(n + 1), title=f"Section {n + 1}", position=n)
        for n in range(SECTIONS)
    )
    asked = Question.objects.bulk_create(
        Question(question_set=row, code=f"question-{n}", label=f"What is asked by question {n}")
        for n in range(QUESTIONS)
    )
    each = QUESTIONS // SECTIONS
    Wording.objects.bulk_create(
        Wording(
            set_version=version, section=sections[n // each], question=question, position=n,
            ref=f"{n // each + 1}.{n % each + 1}", kind="scale", scale=MET, gap_codes=["partly", "not"],
            text="Is this done by everybody who works here, and do the leaders of the school know how well?",
        )
        for n, question in enumerate(asked)
    )  # fmt: skip
    return version


def open_round(version, *, by, title="Audit of schools"):
    """A round that was sent ten days ago and is due in twenty, without returns."""
    from audits.models import Round, Window
    from partnership.access.models import FolderKind
    from partnership.access.services import open_folder
    from partnership.people.models import Partnership

    now, today = timezone.now(), timezone.localdate()
    folder = open_folder(kind=FolderKind.AUDIT, title=title, partnership=Partnership.objects.get(), by=by, sealed=False)
    row = Round.objects.create(
        folder=folder, set_version=version, title=title, year=today.year, opens_on=today - timedelta(days=10),
        population={"kind": ["school"]}, status=Round.Status.OPEN, opened_at=now - timedelta(days=10),
    )  # fmt: skip
    Window.objects.create(round=row, name="Everybody", closes_at=now + timedelta(days=20))
    return row


def returns(row, agencies, *, status="begun"):
    """A return without answers of each of these schools."""
    from audits.models import AuditReturn, Wording
    from audits.population import snapshots
    from partnership.trail.models import new_id

    window, found = row.windows.get(), snapshots(agencies, timezone.localdate())
    wanted = Wording.objects.filter(set_version=row.set_version, required=True).count()
    now = timezone.now()
    made = [
        AuditReturn(
            id=new_id(), folder=row.folder, round=row, agency=agency, window=window, closes_at=window.closes_at,
            status=status, begun_at=None if status == "asked" else now, facts=found[agency.pk].facts,
            phase=found[agency.pk].phase, district=found[agency.pk].district, area_id=found[agency.pk].area_id,
            establishment=found[agency.pk].establishment, wanted=wanted,
        )
        for agency in agencies
    ]  # fmt: skip
    return AuditReturn.objects.bulk_create(made, batch_size=1000)


def answered(rows, version):
    """Each return gets from none to all of its answers; who has all of them has submitted."""
    from audits.models import Answer, AuditReturn, Wording

    asked = list(Wording.objects.filter(set_version=version).order_by("position"))
    now, answers = timezone.now(), []
    for n, row in enumerate(rows):
        many = len(asked) if n % 3 else len(asked) * (n % 12) // 12
        row.answered, row.status = many, "submitted" if n % 3 else "begun" if many else "asked"
        row.submitted_at = now - timedelta(hours=n) if n % 3 else None
        answers += [
            Answer(
                folder_id=row.folder_id, agency_id=row.agency_id, audit_return=row, question_id=wording.question_id,
                wording=wording, code=CODES[(n + place * place) % len(CODES)],
            )
            for place, wording in enumerate(asked[:many])
        ]  # fmt: skip
    AuditReturn.objects.bulk_update(rows, ["answered", "status", "submitted_at"], batch_size=1000)
    Answer.objects.bulk_create(answers, batch_size=2000)


def schools(number):
    """So many schools of the directory, by name."""
    from partnership.people.models import Agency

    return list(Agency.objects.live().filter(kind="school").order_by("name", "pk")[:number])


def leads_of(agencies) -> list:
    """A new person who leads on safeguarding at each of these schools, in their order."""
    from partnership.people.models import Membership, Partnership, User
    from partnership.people.roles import Role

    partnership = Partnership.objects.get()
    users = User.objects.bulk_create(
        (
            User(email=f"lead-{each.slug}@portal.example", name=f"Lead of {each.slug}", password="!")
            for each in agencies
        ),
        batch_size=2000,
    )
    members = zip(users, agencies, strict=True)
    Membership.objects.bulk_create(
        (Membership(user=user, partnership=partnership, agency=each, role=Role.SCHOOL_LEAD) for user, each in members),
        batch_size=2000,
    )
    return users


def grown(number) -> int:
    """The directory has at least so many schools, each that was added with a lead; how many it has."""
    from bench import world
    from partnership.people.models import Agency

    schools = Agency.objects.live().filter(kind="school")
    world.grow_directory(Agency.objects.count() + max(0, number - schools.count()))
    new = schools.filter(slug__startswith="grown-", memberships=None)
    leads_of(list(new.order_by("pk")))
    return schools.count()
