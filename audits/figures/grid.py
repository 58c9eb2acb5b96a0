"""The grid: organisations by questions. It is drawn here and not by a template, because it has 40,000 cells."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from audits.figures import reads
from audits.figures.counting import MET, NA, NOT, PARTLY, Answered, Plan
from audits.figures.findings import number, rounded, said_in_words
from audits.models import AuditReturn
from partnership.people.models import Succession
from partnership.ui.listing import cut_page

PAGE = 50
LETTERS = {MET: "M", PARTLY: "P", NOT: "N"}
LOOKS = {MET: "g-m", PARTLY: "g-p", NOT: "g-n"}
LEGEND = (
    ("M", "g-m", "Met: in place"), ("P", "g-p", "Partly met"), ("N", "g-n", "Not met"), ("A", "g-o", "Answered"),
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


def light(user, round) -> list[reads.One]:
    """The returns of a round that `user` reads, without what they answered; one question."""
    fields = ("pk", "agency_id", *reads.NAMED)
    rows = reads.returns_of(user, round).order_by("agency__name", "pk").values_list(*fields)
    return [reads.one(row[0], row[1], {}, *row[2:], said={}) for row in rows]


def grid(user, round, rows, *, asked, number=1, every=False) -> Grid:
    """The grid of `rows` (of `light`), narrowed by what a form asks; three questions, three more with last year.

    asked: area, phase, trust, status: values; section: its id; gaps, before: whether. every: on one page.
    """
    plan = reads.plan_of(round)
    names = [name for name in ("area", "phase", "trust", "status") if asked.get(name)]
    rows = [one for one in rows if all(getattr(one, name) == asked[name] for name in names)]
    columns = [each for each in plan.columns if asked.get("section") in (None, "", str(each.wording.section_id))]
    if asked.get("gaps"):
        filled = Answered(plan, _filled(user, rows, plan))
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
        cut = _filled(user, cut, plan)
    before = _before(user, round, cut) if asked.get("before") and round.before_id else {}
    page = cut_page(cut, len(rows), number, size)
    return Grid(page, len(rows), columns, Answered(plan, cut), before, every)


def _filled(user, rows, plan: Plan) -> list[reads.One]:
    """The same returns with their facts and answers; two questions."""
    ids = [one.pk for one in rows]
    facts = dict(AuditReturn.objects.visible_to(user).filter(pk__in=ids).values_list("pk", "facts"))
    said = reads.answers_of(facts, plan)
    return [reads.with_answers(one, facts[one.pk], said.get(one.pk, {})) for one in rows if one.pk in facts]


def _before(user, round, rows) -> dict:
    """(agency, key) -> what it, or the one whose place it took, submitted a year before; three questions."""
    ids = [one.agency_id for one in rows]
    taken = dict(Succession.objects.filter(successor__in=ids).order_by("on").values_list("successor", "predecessor"))
    agency_of = {other: one for one, other in taken.items()} | {one: one for one in ids}
    earlier = reads.returns_of(user, round.before).filter(status="submitted", agency__in=list(agency_of))
    agencies = dict(earlier.values_list("pk", "agency_id"))
    plan = reads.plan_of(round.before)
    said = reads.answers_of(agencies, plan)
    order = sorted(said, key=lambda pk: agencies[pk] in ids)  # its own beats its predecessor's
    return {
        (agency_of[agencies[pk]], key): (plan.of_key[key], each)
        for pk in order
        for key, each in said[pk].items()
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
    if column.chosen:
        bucket = column.bucket.get(said[1:])
        return (LETTERS[bucket], LOOKS[bucket]) if bucket else ("O", "g-o")
    return (number(rounded(said[1:])), "g-o") if column.numeric else ("A", "g-o")


def rows_drawn(found: Grid) -> SafeString:
    """The rows of the table's body. On a page of fifty every answer leads to its question, else gaps alone do."""
    known, lines = {}, []
    columns = [(column, found.answered.columns[column.key]) for column in found.columns]
    sections = {column.key: _place(column) for column in found.columns}
    for at, one in enumerate(found.answered.returns):
        home = reverse("audits:audit_return", args=[one.pk])
        cells = [_head(one, home)]
        for column, said in columns:
            mark = (column.key, said[at])
            if mark not in known:
                known[mark] = _cell(column, said[at], linked=not found.all_at_once)
            cell = known[mark]
            if found.before and (then := found.before.get((one.agency_id, column.key))):
                cell = _with_before(cell, *then)
            cells.append(cell.replace("@", f"{home}{sections[column.key]}", 1) if "@" in cell else cell)
        lines.append(f"<tr>{''.join(cells)}</tr>")
    return mark_safe("".join(lines))  # noqa: S308  (names and words are escaped where they are put in)


def _place(column) -> str:
    """What follows the address of a return, to one of its questions."""
    return f"/sections/{column.wording.section_id}#q-{column.wording.pk}"


def _head(one, home) -> str:
    stands = "" if one.status == AuditReturn.Status.SUBMITTED else f"<br>{AuditReturn.Status(one.status).label}"
    return f'<th scope="row"><a class="govuk-link" href="{home}">{escape(one.name)}</a>{stands}</th>'


def _cell(column, said, *, linked) -> str:
    text, look = letter(column, said)
    shown = escape(text)
    if text and (column.is_gap(said) or linked):
        words = escape(said_in_words(column, said))
        shown = f'<a href="@" aria-label="{words.replace("@", "&#64;")}">{shown}</a>'
    return f'<td class="{look}">{shown}</td>'


def _with_before(cell, column, said) -> str:
    return cell.replace("</td>", f"<small>{escape(letter(column, said)[0]) or '–'}</small></td>")
