"""What a deadline is about, in words and with an address: a registry that wings fill, so that this floor names none."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from django.apps import apps
from django.urls import reverse

from partnership.deadlines.registry import title_of


@dataclass(frozen=True)
class Line:
    """How one deadline stands in a list: what is due, at which address, of which case (a code word, or nothing)."""

    title: str
    url: str
    case: str = ""


_describers: dict[str, Callable] = {}


def register_subject(kind, describe: Callable) -> None:
    """kind: the model's label_lower. describe(user, ids) -> {id: Line}, by the row rule, in one query."""
    _describers[kind] = describe


def has_own_page(deadline) -> bool:
    """Whether a wing's page carries this clock: it is met, corrected and ended there."""
    return deadline.subject_kind in _describers


def record_of(deadline) -> str:
    """What the record is called that this clock belongs to ('review'); nothing for one that stands alone."""
    return apps.get_model(deadline.subject_kind)._meta.verbose_name if has_own_page(deadline) else ""


def lines(user, deadlines) -> dict:
    """deadline id -> Line. A deadline whose subject this person may not see is left out."""
    by_kind = defaultdict(list)
    for deadline in deadlines:
        by_kind[deadline.subject_kind].append(deadline)
    found = {}
    for kind, rows in by_kind.items():
        if kind not in _describers:
            found |= {row.pk: Line(title(row), reverse("deadlines:deadline", args=[row.pk])) for row in rows}
            continue
        described = _describers[kind](user, {row.subject_id for row in rows})
        found |= {row.pk: described[row.subject_id] for row in rows if row.subject_id in described}
    return found


def title(deadline) -> str:
    """A clock's own words where it has some, else the rule's title."""
    return deadline.what or title_of(deadline.rule)
