"""Question sets, rounds and returns, made directly: for tests of pages and services that begin with them."""

from datetime import timedelta

from django.test import Client
from django.utils import timezone

from audits.asking import asked_by, progress
from audits.models import Answer, AuditReturn, Question, QuestionSet, Round, Section, SetVersion, Window, Wording
from audits.population import snapshots
from partnership.access.models import FolderKind
from partnership.access.services import open_folder
from partnership.people.models import Agency
from tests.world import sign_in

WHY = "a test looks"
MET = [
    {"code": "met", "label": "Met", "counts": True},
    {"code": "partly", "label": "Partly met", "counts": False},
    {"code": "not", "label": "Not met", "counts": False},
]
# (section, ref, code, kind, more): a small set with one of each that behaves differently.
ASKED = (
    ("leading", "1a", "policy", "scale", {"scale": MET, "gap_codes": ["partly", "not"], "may_not_apply": True}),
    ("leading", "1b", "governors", "yes_no", {"of_trust": True, "gap_codes": ["no", "partly"]}),
    ("leading", "1c", "why-not", "text", {"shown_if": "governors", "shown_codes": ["no", "partly"]}),
    ("training", "2a", "trained", "percent", {}),
    ("training", "2b", "trained-on", "date", {}),
    ("training", "2c", "early-years", "yes_no", {"applies": {"early_years": ["yes"]}}),
    ("training", "2d", "incidents", "number", {"required": False}),
)
SECTIONS = {"leading": "Leadership", "training": "Training"}


def browse(user) -> Client:
    return sign_in(Client(), user)


def schools(number) -> list:
    """So many schools of the directory, by name."""
    return list(Agency.objects.filter(kind="school").order_by("name")[:number])


def question_set(code="schools", *, duty="s175", asked=ASKED, status="in_use", edition=1, mark=str) -> SetVersion:
    """A version of a set. mark: what words of it are put through (a canary, say)."""
    row, _ = QuestionSet.objects.get_or_create(code=code, defaults={"title": mark("Schools"), "duty": duty})
    version = SetVersion.objects.create(question_set=row, edition=edition, status=status)
    codes = list(dict.fromkeys(section for section, *_ in asked))
    sections = Section.objects.bulk_create(
        Section(set_version=version, code=code, title=mark(SECTIONS.get(code, "More")), position=position)
        for position, code in enumerate(codes)
    )
    section_of, questions = dict(zip(codes, sections, strict=True)), _questions(row, asked, mark)
    Wording.objects.bulk_create(
        Wording(
            set_version=version, section=section_of[section], question=questions[name], ref=ref, position=position,
            kind=kind, text=mark(f"Is it so with {name}?"),
            **more | ({"shown_if": questions[more["shown_if"]]} if "shown_if" in more else {}),
        )
        for position, (section, ref, name, kind, more) in enumerate(asked)
    )  # fmt: skip
    return version


def _questions(row, asked, mark) -> dict:
    """code -> Question of a set, made where it has none."""
    found = {each.code: each for each in Question.objects.filter(question_set=row)}
    new = [name for _, _, name, *_ in asked if name not in found]
    made = (Question(question_set=row, code=name, label=mark(f"What is asked by {name}")) for name in new)
    return found | {each.code: each for each in Question.objects.bulk_create(made)}


def audit_round(world, version=None, *, by=None, status="open", days=20, title="Schools’ audit", **facts) -> Round:
    """A round that closes in so many days, with one window for everybody."""
    folder = open_folder(
        kind=FolderKind.AUDIT, title=title, partnership=world.partnership, by=by or world.officer, sealed=False
    )
    version = version or SetVersion.objects.filter(question_set__code="schools").first() or question_set()
    today = timezone.localdate()
    facts = {"year": today.year, "opens_on": today - timedelta(days=10)} | facts
    if status != "planned":
        facts = {"opened_at": timezone.now() - timedelta(days=10)} | facts
    row = Round.objects.create(folder=folder, set_version=version, title=title, status=status, **facts)
    Window.objects.create(round=row, name="Everybody", closes_at=timezone.now() + timedelta(days=days))
    return row


def audit_return(round, agency, *, status="asked", answers=None, by=None, **facts) -> AuditReturn:
    """answers: code of a question -> the fields of its answer, {"code": "met"}."""
    window = round.windows.get()
    found = snapshots([agency], timezone.localdate())[agency.pk]
    asking = asked_by(round.set_version)
    facts = {"closes_at": window.closes_at} | facts
    if status == "submitted":
        facts = {"submitted_at": timezone.now()} | facts
    row = AuditReturn.objects.create(
        folder=round.folder, round=round, agency=agency, window=window, status=status, phase=found.phase,
        establishment=found.establishment, district=found.district, area_id=found.area_id, trust_id=found.trust_id,
        facts=found.facts, **facts,
    )  # fmt: skip
    by_code = {wording.question.code: wording for wording in asking.wordings}
    for code, values in (answers or {}).items():
        wording = by_code[code]
        Answer.objects.create(
            folder=round.folder, agency=agency, audit_return=row, question=wording.question, wording=wording,
            changed_by=by, **values,
        )  # fmt: skip
    return counted(row)


def counted(row) -> AuditReturn:
    """The return, with its counters as its answers make them."""
    answers = {each.question_id: each for each in Answer.objects.unscoped(WHY).filter(audit_return=row)}
    found = progress(asked_by(row.round.set_version), row.facts, answers)
    row.wanted, row.answered, row.to_confirm = found.wanted, found.answered, found.to_confirm
    row.save(update_fields=["wanted", "answered", "to_confirm"])
    return row
