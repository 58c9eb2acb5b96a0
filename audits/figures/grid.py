"""The grid: organisations by questions. It is drawn here and not by a template, because it has 40,000 cells."""

from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from audits.figures import reads
from audits.figures.counting import MET, NA, NOT, PARTLY, Answered, One
from audits.figures.findings import number, said_in_words
from audits.figures.forms import APART_BY
from audits.models import AuditReturn
from partnership.ui.listing import cut_page
from partnership.ui.shares import rounded

PAGE = 50
NIL = UUID(int=0)
LETTERS = {MET: "M", PARTLY: "P", NOT: "N"}
LOOKS = {MET: "g-m", PARTLY: "g-p", NOT: "g-n"}
LEGEND = (
    ("M", "g-m", "Met: in place"), ("P", "g-p", "Partly met"), ("N", "g-n", "Not met"), ("A", "g-o", "Answered"),
    ("Y", "g-o", "The first letter of what was answered, of a question that asks what there was"),
    ("O", "g-o", "Answered otherwise: left out of percentages"), ("N/A", "g-o", "Does not apply"),
    ("–", "g-o", "Not answered yet"), ("", "g-o", "Not asked"),
)  # fmt: skip


@dataclass
class Grid:
    """page: of returns, as Django's; every: how many the filters leave; columns: those that are shown."""

    page: object
    every: int
    columns: list
    answered: Answered
    before: dict  # (id of an agency, key of a question) -> what was said a year earlier
    all_at_once: bool


def light(user, round) -> list[One]:
    """The returns of a round that `user` reads, without what they answered; one question."""
    return reads.bare(reads.returns_of(user, round))


def grid(user, round, rows, *, asked, number=1, every=False) -> Grid:
    """The grid of `rows` (of `light`), narrowed by what a form asks; one question, two more with last year.

    asked: APART_BY and status: values; section: its id; gaps, before: whether. every: on one page.
    """
    plan = reads.plan_of(round)
    names = [name for name in (*APART_BY, "status") if asked.get(name)]
    rows = [one for one in rows if all(getattr(one, name) == asked[name] for name in names)]
    columns = [each for each in plan.columns if asked.get("section") in (None, "", str(each.wording.section_id))]
    if asked.get("gaps"):
        filled = Answered(plan, reads.filled(rows, plan))
        gaps = [filled.columns[column.key] for column in columns]
        keep = {
            one.pk
            for at, one in enumerate(filled.returns)
            if any(column.is_gap(said[at]) for column, said in zip(columns, gaps, strict=True))
        }
        rows = [one for one in filled.returns if one.pk in keep]
    size = max(1, len(rows)) if every else PAGE
    number = min(number, max(1, -(-len(rows) // size)))
    cut = rows[(number - 1) * size : number * size]
    if not asked.get("gaps"):
        cut = reads.filled(cut, plan)
    before = _before(user, round, cut) if asked.get("before") and round.before_id else {}
    page = cut_page(cut, len(rows), number, size)
    return Grid(page, len(rows), columns, Answered(plan, cut), before, every)


def _before(user, round, rows) -> dict:
    """(agency, key) -> what it, or the one whose place it took, submitted a year before; two questions."""
    ids = [one.agency_id for one in rows]
    earlier = reads.returns_of(user, round.before).filter(
        Q(agency__in=ids) | Q(agency__successions__successor__in=ids), status=AuditReturn.Status.SUBMITTED
    )
    known, whose = set(ids), {}
    for pk, agency, successor in earlier.values_list("pk", "agency_id", "agency__successions__successor"):
        whose[pk] = agency if agency in known else successor
        if agency in known:
            known.discard(agency)
    plan = reads.plan_of(round.before)
    said = reads.answers_of(whose, plan)
    return {
        (agency, key): (plan.of_key[key], each)
        for pk, agency in whose.items()
        for key, each in said.get(pk, {}).items()
        if key in plan.of_key
    }


def letter(column, said) -> tuple[str, str]:
    """(what a cell says, its look)."""
    if said is None:
        return "", "g-o"
    if not column.answers(said):
        return "–", "g-o"
    if said == NA:
        return "N/A", "g-o"
    if column.fact:
        return column.labels.get(said[1:], "O")[:1].upper(), "g-o"
    if column.chosen:
        bucket = column.bucket.get(said[1:])
        return (LETTERS[bucket], LOOKS[bucket]) if bucket else ("O", "g-o")
    return (number(rounded(said[1:])), "g-o") if column.numeric else ("A", "g-o")


def head_drawn(found: Grid, round) -> SafeString:
    """The headings: each question by its number, which leads to its figures."""
    address, cells = reverse("audits:question_figures", args=[round.pk, NIL]), []
    for column in found.columns:
        question = column.wording.question
        label, href = escape(question.label), address.replace(str(NIL), str(question.pk))
        cells.append(
            f'<th scope="col"><a class="govuk-link" href="{href}" title="{label}">{escape(column.wording.ref)}'
            f'<span class="govuk-visually-hidden"> {label}</span></a></th>'
        )
    return mark_safe("".join(cells))  # noqa: S308  (labels and numbers are escaped where they are put in)


def rows_drawn(found: Grid, query="") -> SafeString:
    """The rows of the table's body. On a page of fifty every answer leads to its own page, else gaps alone do. query:
    of this grid's address, to which that page leads back."""
    known, lines = {}, []
    home = reverse("audits:audit_return", args=[NIL])
    columns = [(column.key, column, found.answered.columns[column.key]) for column in found.columns]
    back = f"?{urlencode({'grid': query})}"
    places = {column.key: place_of(column) + back for column in found.columns}
    before, linked = found.before, not found.all_at_once
    for at, one in enumerate(found.answered.returns):
        cells = [_head(one, home)]
        for key, column, said in columns:
            then = before.get((one.agency_id, key)) if before else None
            mark = (key, said[at], then and then[1])
            if mark not in known:
                cell = _cell(column, said[at], places[key], linked=linked)
                known[mark] = _with_before(cell, *then) if then else cell
            cells.append(known[mark])
        lines.append(f"<tr>{''.join(cells)}</tr>".replace(str(NIL), str(one.pk)))
    return mark_safe("".join(lines))  # noqa: S308  (names and words are escaped where they are put in)


def place_of(column) -> str:
    """The address of an answer of the return NIL: the same as of any other, and looked up once."""
    return reverse("audits:return_answer", args=[NIL, column.key])


def _head(one, home) -> str:
    stands = "" if one.status == AuditReturn.Status.SUBMITTED else f"<br>{AuditReturn.Status(one.status).label}"
    return f'<th scope="row"><a class="govuk-link" href="{home}">{escape(one.name)}</a>{stands}</th>'


def _cell(column, said, place, *, linked) -> str:
    text, look = letter(column, said)
    shown = escape(text)
    if column.is_gap(said) or (linked and said):
        shown = f'<a href="{place}" aria-label="{escape(said_in_words(column, said))}">{shown}</a>'
    return f'<td class="{look}">{shown}</td>'


def _with_before(cell, column, said) -> str:
    return cell.replace("</td>", f"<small>{escape(letter(column, said)[0]) or '–'}</small></td>")
