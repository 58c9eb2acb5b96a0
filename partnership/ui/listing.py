"""A list that is an address: which page is asked for, how it is sorted, which of its filters are folded away.

A view hands `ui/folded_filters.html` its form (`FoldedFilters`) and extends `ui/results.html` for what was found, with
`form`, `found` (count and page; None where the form is wrong), `title` (the filters in words), `asked` (whether there
are any), `query` (of `asked_of`) and `sorts` (of `sort_links`).
"""

from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Paginator

RESULTS = "results"  # the id of what htmx replaces


def page_number(said) -> int:
    """The page that an address asks for; 1 for what is no number."""
    said = str(said)
    return int(said[:9]) or 1 if said.isdecimal() else 1


def id_of(said) -> UUID | None:
    """The id that an address or a form names, as the portal writes it; None for anything else."""
    try:
        found = UUID(said or "")
    except ValueError:
        return None
    return found if str(found) == said else None


class _Cut:
    """What a Paginator asks of its list, for rows that are cut already."""

    def __init__(self, rows, total):
        self.rows, self.total = rows, total

    def __getitem__(self, cut):
        return self.rows[: cut.stop - cut.start]

    def count(self):
        return self.total


def cut_page(rows, total, number, size):
    """The Django page `number` of `total` rows, of which `rows` are those that it shows."""
    return Paginator(_Cut(rows, total), size).page(number)


def wants_results(request) -> bool:
    """Whether htmx asks for what was found alone."""
    return bool(request.htmx) and request.htmx.target == RESULTS


def asked_of(request) -> str:
    """The address's query without what was left empty and without the page: the list itself, to keep or to take out."""
    return urlencode([(name, value) for name, value in request.GET.items() if value and name != "page"])


def address_with(request, **changed) -> str:
    """The address's query with these changed, from the first page on."""
    query = request.GET.copy()
    query.pop("page", None)
    for name, value in changed.items():
        query[name] = value
    return f"?{query.urlencode()}"


def sort_links(request, orders, chosen) -> list:
    """The sorting links: label, address, and 'ascending', 'descending' or '' for how it is sorted now.

    orders: name -> (label, whether it begins downwards). chosen: a name, with '-' before it where it is turned round.
    """
    links = []
    for name, (label, downwards) in orders.items():
        ways = ("ascending", "descending")
        now = {name: ways[downwards], f"-{name}": ways[not downwards]}.get(chosen, "")
        href = address_with(request, order_by=f"-{name}" if chosen == name else name)
        links.append({"label": label, "href": href, "now": now})
    return links


class FoldedFilters:
    """For a form of filters: those named in `first` stand open, the others are folded away."""

    first: tuple[str, ...] = ()

    @property
    def first_fields(self):
        return [self[name] for name in self.first]

    @property
    def more_fields(self):
        return [field for field in self.visible_fields() if field.name not in self.first]

    @property
    def more_asked(self):
        """Whether one of the filters that are folded away is set, or wrong."""
        asked = getattr(self, "cleaned_data", {})
        return any(field.errors or asked.get(field.name) for field in self.more_fields)
