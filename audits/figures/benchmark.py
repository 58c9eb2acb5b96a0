"""A school's own answers beside its phase and its area: the figures that a board sees, and no other."""

from dataclasses import dataclass

from django.utils.text import slugify

from audits.figures import reads
from audits.figures.counting import MET, NA, Kind, One
from audits.figures.findings import NAMELESS, NOT_SHOWN, Year, in_words, said_in_words, titled, waits
from audits.models import AuditReturn
from partnership.access import scope
from partnership.documents import services as documents
from partnership.documents.models import Document, Marking, Version
from partnership.jobs import services as jobs
from partnership.people.models import AgencyKind
from partnership.people.roles import Perm
from partnership.ui.shares import rounded

JOB = "audit_benchmark"
KIND = "audit_benchmark"  # of the documents
HALF = 50  # per cent: what more than half of the others have in place is expected
WHY = "the benchmark of a return that the page let through"


BELOW, AHEAD = "below", "ahead"


@dataclass(frozen=True)
class Line:
    """One question: one's own answer, whether it is a gap, and what all, the group and the area come to. stands: BELOW,
    AHEAD, '' for neither, None for what cannot be compared."""

    wording: object
    own: str
    gap: bool
    every: str
    group: str
    area: str
    stands: str | None


@dataclass(frozen=True)
class Part:
    section: object
    lines: list

    @property
    def summary(self) -> str:
        """'2 Training: 7 questions, 1 below'."""
        many, below = len(self.lines), sum(line.stands == BELOW for line in self.lines)
        said = f"{self.section.called}: {many} question{'' if many == 1 else 's'}"
        return f"{said}, {below} below" if below else said


@dataclass(frozen=True)
class Benchmark:
    """group_is: 'phase' of a school, else 'kind'. group, area: what they are called; '' where the return has none.
    parts: of each section that it was asked."""

    group_is: str
    group: str
    area: str
    returned: int
    parts: list

    @property
    def lines(self) -> list:
        return [line for part in self.parts for line in part.lines]

    @property
    def below(self) -> list:
        return [line for line in self.lines if line.stands == BELOW]

    @property
    def ahead(self) -> list:
        return [line for line in self.lines if line.stands == AHEAD]

    @property
    def heads(self) -> str:
        return f"Question,Own answer,{self.group_is.title()},Area,All"

    @property
    def compared(self) -> int:
        return sum(line.stands is not None for line in self.lines)

    @property
    def beside(self) -> str:
        """'its phase (Primary) or its area (Stoke-on-Trent)'."""
        named = ((f"its {self.group_is}", self.group), ("its area", self.area))
        return " or ".join(f"{what} ({name})" for what, name in named if name) or "all"


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
            parts.append(Part(section, lines))
    group_is = "phase" if own.facts.get("kind") == AgencyKind.SCHOOL else "kind"
    return Benchmark(group_is, own.group, own.area, len(year.answered.returns), parts)


def _line(year, column, own: One) -> Line:
    said = own.said.get(column.key, "")
    every = year.tally(column)
    beside = [_group(year, column, name, getattr(own, name)) for name in NAMELESS]
    shown = [tally for tally in beside if tally and tally.of] or [tally for tally in [every] if tally and tally.of]
    stands = _stands(column, said, shown)
    named = [_words(tally) if value else "" for tally, value in zip(beside, (own.group, own.area), strict=True)]
    whole = _words(every) if every else year.few(column)
    return Line(column.wording, said_in_words(column, said), column.is_gap(said), whole, *named, stands)


def _group(year, column, name, value):
    return dict(year.by(column, name)).get(value) if value else None


def _stands(column, said, beside) -> str | None:
    """Below: one's own answer does not count, and more than half of those of the group or the area do; of a percentage,
    it is less than what one of them comes to on average. Ahead: the opposite, of all of them. beside: what is shown of
    these two; where neither is, of all. Of a fact neither is said."""
    if not beside or not column.answers(said) or said == NA or column.fact:
        return None
    if column.chosen:
        bucket = column.bucket.get(said[1:])
        if bucket is None:
            return None
        over = [tally.share > HALF for tally in beside]
        return (AHEAD if not any(over) else "") if bucket == MET else (BELOW if any(over) else "")
    if column.kind != Kind.PERCENT:
        return None
    own, means = rounded(said[1:]), [tally.mean for tally in beside]
    return BELOW if own < max(means) else AHEAD if own > max(means) else ""


def _words(tally) -> str:
    """Every figure with the number that it is of."""
    if tally is None:
        return NOT_SHOWN
    said = in_words(tally)
    if not tally.told_of or not (tally.chosen or tally.numeric):
        return said
    return f"{said} of {tally.of}" if tally.chosen else f"{said}, of {tally.of}"


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
