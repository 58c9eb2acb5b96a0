"""A school's own answers beside its phase and its area: the figures that a board sees, and no other."""

from dataclasses import dataclass

from django.utils.text import slugify

from audits.figures import reads
from audits.figures.counting import One
from audits.figures.findings import NOT_SHOWN, Year, in_words, said_in_words, titled, waits
from audits.models import AuditReturn
from partnership.access import scope
from partnership.documents import services as documents
from partnership.documents.models import Document, Marking, Version
from partnership.jobs import services as jobs
from partnership.people.roles import Perm

JOB = "audit_benchmark"
KIND = "audit_benchmark"  # of the documents
WHY = "the benchmark of a return that the page let through"


@dataclass(frozen=True)
class Line:
    """One question: one's own answer, whether it is a gap, and what all, the phase and the area come to."""

    wording: object
    own: str
    gap: bool
    every: str
    phase: str
    area: str


@dataclass(frozen=True)
class Benchmark:
    """phase, area: what they are called; '' where the return has none. parts: [(Section, [Line])]."""

    phase: str
    area: str
    returned: int
    parts: list


def ready(row) -> bool:
    """Whether there is something to compare: the round is over, and the return is among those that count."""
    return not waits(row.round) and row.status == AuditReturn.Status.SUBMITTED


def benchmark(user, row) -> Benchmark:
    """row: a return of `ready` that `user` may read, with its round, version and area; four questions.

    All organisations are shown the same figures of a group, their own among them, so that none can take another's out
    of what two of them were shown.
    """
    year = Year(user, row.round, named=False)
    mine = AuditReturn.objects.visible_to(user).filter(pk=row.pk)
    (own,) = reads.ones(mine, year.plan)
    asked, parts = year.plan.asked(own.facts, own.said), []
    for section in year.plan.sections:
        columns = [column for column in year.plan.columns if column.wording.section_id == section.pk]
        lines = [_line(year, column, own) for column in columns if column.key in asked]
        if lines:
            parts.append((section, lines))
    return Benchmark(own.phase, own.area, len(year.answered.returns), parts)


def _line(year, column, own: One) -> Line:
    said = own.said.get(column.key, "")
    groups = [_group(year, column, name, getattr(own, name)) for name in ("phase", "area")]
    words = said_in_words(column, said)
    every = year.tally(column)
    return Line(column.wording, words, column.is_gap(said), _words(every) if every else year.few(column), *groups)


def _group(year, column, name, value) -> str:
    return _words(dict(year.by(column, name)).get(value)) if value else ""


def _words(tally) -> str:
    if tally is None or not tally.of:
        return NOT_SHOWN
    if tally.chosen:
        return f"{tally.percent} % of {tally.of}"
    return in_words(tally)


def kept_for(user, row) -> Version | None:
    """The PDF of this benchmark that was made for `user` since the round was closed; None without one."""
    since = max(filter(None, (row.round.closed_at, row.submitted_at)))
    rows = Version.objects.visible_to(user).filter(
        document__kind=KIND, document__shown_to=user, shown_at=row.agency_id, folder=row.folder_id, made_at__gte=since
    )  # fmt: skip
    return rows.order_by("-made_at").first()


def make(row, *, by, progress) -> bytes:
    """The `make` of the job: PDF/UA-1, for governors."""
    from partnership.ui import pdf  # only a worker draws

    progress(20, "Counting the answers")
    with scope.entered():
        rows = AuditReturn.objects.visible_to(by).select_related("round__folder", "round__set_version", "agency")
        row = rows.get(pk=row.pk)
        if not ready(row):
            raise ValueError("the round is open, or the return was given back")
        found = benchmark(by, row)
    progress(60, "Drawing the pages")
    context = {"title": title_of(row), "marking": "OFFICIAL", "found": found, "row": row, "round": row.round,
               "small": NOT_SHOWN}  # fmt: skip
    return pdf.render("audits/benchmark_pdf.html", context)


def title_of(row) -> str:
    return f"Benchmark of {row.agency.name}, {titled(row.round)}"


def keep(row, content, *, by):
    """Kept in the round's folder, and shown to whoever asked for it while they belong to the organisation."""
    row = AuditReturn.objects.unscoped(WHY).select_related("folder", "agency", "round").get(pk=row.pk)
    own = Document.objects.create(
        folder=row.folder, title=title_of(row)[:200], marking=Marking.OFFICIAL, kind=KIND, shown_to=by,
        shown_at=row.agency,
    )  # fmt: skip
    name = f"benchmark-{slugify(row.agency.name)[:60]}-{row.round.year}.pdf"
    version = documents.keep(
        content, folder=row.folder, title=own.title, name=name, content_type="application/pdf",
        marking=Marking.OFFICIAL, by=by, document=own,
    )  # fmt: skip
    return version.pk


def register() -> None:
    jobs.register(
        JOB,
        jobs.Kind(
            title="Benchmark for governors (PDF)",
            model=AuditReturn,
            perm=Perm.ANSWERS_VIEW,
            make=make,
            keep=keep,
            result_url="documents:download",
            back_url="audits:benchmark",
            back_words="the benchmark",
            personal=True,
        ),
    )
