"""The section 175/157 round of 2018/19, from data/round_2018_19.toml: once, as rows like any other.

Not a part of `portal_setup`: it enters made-up schools into the directory, and a partnership may do without them.
"""

import re
import tomllib
from pathlib import Path

from django.db import transaction
from simple_history.utils import bulk_create_with_history

from audits.asking import asked_by, progress, scale_of
from audits.models import Answer, AuditReturn, Round, SetVersion, Submission, Window, Wording
from audits.past.allotting import number_of, spared, spread
from audits.past.freezing import frozen
from audits.population import Snapshot, snapshots
from partnership.access.models import FolderKind
from partnership.access.services import open_folder
from partnership.deadlines.periods import end_of_day
from partnership.directory.reference import AREA_OF_AUTHORITY, LOADED, PARTNERSHIP
from partnership.people.finding import refresh
from partnership.people.models import Agency, AgencyKind, Area, Partnership, School
from partnership.people.models.dated import after
from partnership.trail.models import new_id
from partnership.trail.services import record
from partnership.ui.dates import midnight

FILE = Path(__file__).resolve().parent.parent / "data" / "round_2018_19.toml"
INVENTED = "Invented school {:03} (for the figures of 2018/19)"
MADE_UP = (
    "Made up by the portal: the report of 2018/19 counts more schools than the directory knows. No such school existed."
)
# One in eight of the made-up schools is a secondary one and one a special one; the others have early years.
PHASES = ("Primary",) * 5 + ("Secondary", "Primary", "Special")
GIVEN = "Given; the report prints how many schools gave them, and not the numbers."
YOUNG = re.compile(r"\b(Nursery|Primary|Infants?|First)\b")


@transaction.atomic
def load() -> int:
    """Enter the round with its returns and answers; returns how many returns. 0: it is there, or its set is not."""
    data = tomllib.loads(FILE.read_text())
    partnership = Partnership.objects.select_for_update().filter(slug=PARTNERSHIP).first()
    version = SetVersion.objects.filter(question_set__code=data["set"], status=SetVersion.Status.IN_USE)
    version = version.select_related("question_set").first()
    if not (partnership and version) or Round.objects.filter(source=data["source"]).exists():
        return 0
    row, window = _round(data, version, partnership)
    returns, invented = _returns(data, row, window)
    came = returns[: data["returned"]]  # who is missing is a made-up school
    answers = _answers(data, version, came, invented)
    _counted(version, returns, answers)
    AuditReturn.objects.bulk_create(returns, batch_size=500)
    Answer.objects.bulk_create((each for rows in answers.values() for each in rows), batch_size=1000)
    names = dict(Agency.objects.filter(audit_returns__in=came).values_list("pk", "name"))
    Submission.objects.bulk_create(_submissions(data, version, came, answers, names), batch_size=500)
    record("audit_round_taken_in", obj=row, count=len(returns))
    return len(returns)


def _round(data, version, partnership):
    opened, closed = midnight(data["opens_on"]), end_of_day(data["closes_on"])
    folder = open_folder(kind=FolderKind.AUDIT, title=data["title"], partnership=partnership, by=None, sealed=False)
    row = Round.objects.create(
        folder=folder, set_version=version, title=data["title"], year=data["year"], message=data["message"],
        opens_on=data["opens_on"], population={"kind": ["school"], "area": [data["area"]]}, status=Round.Status.CLOSED,
        opened_at=opened, closed_at=closed, source=data["source"],
    )  # fmt: skip
    return row, Window.objects.create(
        round=row, name=f"The year {data['year']}/{data['year'] % 100 + 1}", closes_at=closed
    )


def _returns(data, row, window):
    """(a return each of the schools that lived then, then of the made-up ones; the ids of the latter)."""
    day = data["closes_on"]
    code = next(code for code, slug in AREA_OF_AUTHORITY.items() if slug == data["area"])
    known = Agency.objects.on(day).filter(kind=AgencyKind.SCHOOL, school__local_authority_code=code)
    known = list(known.order_by("school__urn")[: data["asked"]])
    found = snapshots(known, day)
    districts = sorted({each.district for each in found.values() if each.district}) or [""]
    area = Area.objects.get(slug=data["area"])
    made_up = _made_up(data, data["asked"] - len(known), area)
    unsaid = set(School.objects.filter(agency__in=known, low_age=None).values_list("agency_id", flat=True))
    for agency in known:
        if agency.pk in unsaid:  # the register gave no ages: what the name says, as its phase is read off it
            found[agency.pk].facts["early_years"] = "yes" if YOUNG.search(agency.name) else "no"
    for n, agency in enumerate(made_up):
        phase, district = PHASES[n % len(PHASES)], districts[n % len(districts)]
        facts = {"kind": agency.kind, "phase": phase, "establishment": "", "trust": "no", "area": area.slug}
        facts |= {"early_years": "yes" if phase == "Primary" else "no", "district": district}
        found[agency.pk] = Snapshot(agency.pk, facts, phase, "", district, area.pk)
    invented = {agency.pk for agency in made_up}
    rows = [
        _return(row, window, agency, found[agency.pk], n < data["returned"], agency.pk in invented)
        for n, agency in enumerate([*known, *made_up])
    ]
    return rows, invented


def _made_up(data, many, area):
    rows = [
        Agency(
            slug=f"invented-{data['year']}-{n:03}", name=INVENTED.format(n), kind=AgencyKind.SCHOOL, source=MADE_UP,
            starts=data["opens_on"], ends=after(data["closes_on"]),
        )
        for n in range(1, many + 1)
    ]  # fmt: skip
    bulk_create_with_history(rows, Agency, default_change_reason=LOADED)
    where = Agency.areas.through
    where.objects.bulk_create(where(agency=each, area=area) for each in rows)
    refresh(each.pk for each in rows)
    return rows


def _return(row, window, agency, what, came, invented):
    status, at = (AuditReturn.Status.SUBMITTED, window.closes_at) if came else (AuditReturn.Status.ASKED, None)
    return AuditReturn(
        id=new_id(), folder=row.folder, round=row, agency=agency, window=window, status=status,
        closes_at=window.closes_at, phase=what.phase, establishment=what.establishment, district=what.district,
        area_id=what.area_id, trust_id=what.trust_id, facts=what.facts, invented=invented, asked_at=row.opened_at,
        begun_at=at, submitted_at=at,
    )  # fmt: skip


def _answers(data, version, came, invented) -> dict:
    """id of a return -> its answers."""
    of_code = {each.question.code: each for each in asked_by(version).wordings}
    found, turn = {each.pk: [] for each in came}, 0
    for figure in data["figure"]:
        base = [row for row in came if "of" not in figure or row.facts[figure["of"]] == "yes"]
        for code in figure["questions"]:
            holds = _holds(figure, base, invented, turn)
            for row in base:
                if values := _values(of_code[code], row.pk in holds, fair=figure.get("fair", False)):
                    found[row.pk].append(_answer(row, of_code[code], values))
            turn += 1
    return found


def _holds(figure, base, invented, turn) -> set:
    ids, many = [row.pk for row in base], number_of(figure, len(base))
    if figure.get("fair"):
        return spread(ids, many, turn)
    known = [row.pk for row in base if row.agency_id not in invented]
    others = [row.pk for row in base if row.agency_id in invented]
    return set(ids) - spared(known, others, len(ids) - many, turn)


def _values(wording, holds, *, fair):
    """The fields of an answer; none where a question that is not of a scale was left open."""
    if wording.kind == Wording.Kind.TABLE:
        return {"rows": [[GIVEN] + [""] * (len(wording.columns) - 1)]} if holds else {}
    codes = [code for code, _, counts in scale_of(wording) if counts is holds]
    return {"code": codes[-1] if fair else codes[0]}  # the mildest of those that do not count, or the plain no


def _answer(row, wording, values):
    return Answer(
        folder_id=row.folder_id, agency_id=row.agency_id, audit_return_id=row.pk, question_id=wording.question_id,
        wording=wording, changed_at=row.submitted_at, **values,
    )  # fmt: skip


def _counted(version, returns, answers):
    asking = asked_by(version)
    for row in returns:
        found = progress(asking, row.facts, {each.question_id: each for each in answers.get(row.pk, ())})
        row.wanted, row.answered = found.wanted, found.answered


def _submissions(data, version, came, answers, names):
    asking = asked_by(version)
    for row in came:
        given = {each.question_id: each for each in answers[row.pk]}
        content, mark = frozen(row, version, asking, given, names[row.agency_id])
        yield Submission(
            folder_id=row.folder_id, agency_id=row.agency_id, audit_return_id=row.pk, content=content, sha256=mark,
            reference=f"{data['year']}-{row.pk.hex[-12:]}", submitted_at=row.submitted_at,
        )  # fmt: skip
