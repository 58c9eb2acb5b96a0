"""Risks as they are shown: the list, the matrix, what arose from one. By the row rule of whoever asks."""

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db.models import F
from django.urls import reverse

from partnership.access.models import Folder
from partnership.actions.models import Impact, Likelihood, Risk

ON_A_PAGE = 50
HIGH, MEDIUM = 15, 8  # from which score a risk is high, and medium: the common bands of a 5 by 5 matrix
MOST = max(Likelihood.values) * max(Impact.values)
BANDS = (
    ("high", f"High, {HIGH} to {MOST}"),
    ("medium", f"Medium, {MEDIUM} to {HIGH - 1}"),
    ("low", f"Low, 1 to {MEDIUM - 1}"),
)
COLOURS = {"High": "red", "Medium": "yellow", "Low": "green"}


def band_of(score) -> str:
    return "High" if score >= HIGH else "Medium" if score >= MEDIUM else "Low"


@dataclass(frozen=True)
class Line:
    """A risk in the list. whose: its group, in words, to those alone who may see that folder."""

    row: Risk
    whose: str

    @property
    def band(self):
        return band_of(self.row.score)

    @property
    def colour(self):
        return COLOURS[self.band]


@dataclass(frozen=True)
class Cell:
    """One field of the matrix."""

    likelihood: int
    impact: int
    count: int

    @property
    def label(self):
        return column_of(Impact(self.impact))

    @property
    def band(self):
        return band_of(self.likelihood * self.impact)

    @property
    def colour(self):
        return COLOURS[self.band]


def column_of(impact) -> str:
    """The heading of a column of the matrix."""
    return impact.label.replace(",", "")


def found(user, *, group=None, status=Risk.Status.OPEN, score="", likelihood=None, impact=None):
    """The risks that `user` may see, narrowed; the highest score first."""
    rows = Risk.objects.visible_to(user).annotate(scored=F("likelihood") * F("impact"))
    rows = rows.filter(folder=group) if group else rows
    rows = rows.filter(status=status) if status else rows.exclude(status=Risk.Status.TAKEN_BACK)
    if score == "high":
        rows = rows.filter(scored__gte=HIGH)
    elif score == "medium":
        rows = rows.filter(scored__gte=MEDIUM, scored__lt=HIGH)
    elif score == "low":
        rows = rows.filter(scored__lt=MEDIUM)
    rows = rows.filter(likelihood=likelihood) if likelihood else rows
    return rows.filter(impact=impact) if impact else rows


def page_of(user, rows, number):
    """A page of Lines."""
    rows = rows.select_related("owner", "agency").order_by("-scored", "reference")
    page = Paginator(rows, ON_A_PAGE).get_page(number)
    names = titles(user, [row.folder_id for row in page])
    page.object_list = [Line(row, names.get(row.folder_id, "")) for row in page]
    return page


def groups(user) -> list:
    """(id, title) of the folders whose risks `user` may see, of those that he may see."""
    rows = Folder.objects.visible_to(user).filter(pk__in=Risk.objects.visible_to(user).order_by().values("folder"))
    return list(rows.order_by("title").values_list("pk", "title"))


def titles(user, ids) -> dict:
    """folder id -> its title, of those that `user` may see."""
    rows = Folder.objects.visible_to(user).filter(pk__in=set(ids)).order_by()
    return dict(rows.values_list("pk", "title"))


def matrix(rows) -> list:
    """[(words of a likelihood, five Cells)], the likeliest first. rows: of `found`; one question."""
    counts = {}
    for pair in rows.order_by().values_list("likelihood", "impact"):
        counts[pair] = counts.get(pair, 0) + 1
    return [
        (
            likely.label,
            [Cell(likely, grave, counts.get((likely, grave), 0)) for grave in Impact],
        )
        for likely in reversed(Likelihood)
    ]


def tell(user, ids) -> dict:
    """For the registry of sources: (words, address) of those risks that `user` may see."""
    rows = Risk.objects.visible_to(user).filter(pk__in=ids)
    return {row.pk: (f"{row.reference}: {row.what}", reverse("actions:risk", args=[row.pk])) for row in rows}
