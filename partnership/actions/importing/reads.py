"""Logs as they are shown: the list, and one that waits with its rows."""

from collections import Counter
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.urls import reverse

from partnership.access.work import Work
from partnership.actions.importing import services
from partnership.actions.importing.rows import STATES, questions, rows_of
from partnership.actions.models import Action, LogImport, Risk
from partnership.people.roles import Perm
from partnership.ui.dates import plain

ON_A_PAGE = 100
FEW = 3  # words below a heading, to know it by


def logs(user, number):
    rows = LogImport.objects.visible_to(user).select_related("folder", "by", "taken_by")
    return Paginator(rows.defer("lines"), ON_A_PAGE).get_page(number)


@dataclass(frozen=True)
class Preview:
    """A log that waits, read. counts: (state, words, how many). asked: what must be answered first."""

    rows: list
    counts: list
    asked: list
    chosen: int


def preview(user, log) -> Preview:
    found = rows_of(log, user)
    number = Counter(row.state for row in found)
    counts = [(code, label, number[code]) for code, label in STATES.items() if number[code]]
    return Preview(found, counts, questions(found), len(services.chosen_of(log, found)))


def page_of(found, only, number):
    rows = [row for row in found.rows if not only or row.state == only]
    return Paginator(rows, ON_A_PAGE).get_page(number)


def samples(log) -> dict:
    """Place of a column -> the first words below its heading."""
    found = {}
    for _, cells, _ in log.lines[:30]:
        for place, words in enumerate(cells):
            if words and len(found.setdefault(place, [])) < FEW:
                found[place].append(" ".join(words.split())[:40])
    return found


def came_in(user, log) -> dict:
    """What came in by a log, of what `user` may see."""
    actions = Action.objects.visible_to(user).filter(source_kind=log._meta.label_lower, source_id=log.pk)
    return {
        "actions": actions.select_related("owner", "agency").order_by("due_on", "reference")[:500],
        "risks": Risk.objects.visible_to(user).filter(log=log).order_by("reference")[:500],
    }


def waiting(user):
    """For home: the logs that somebody sent in and that still wait for them."""
    rows = LogImport.objects.visible_to(user).filter(by=user, status=LogImport.Status.WAITING)
    for log in rows.select_related("folder").defer("lines").order_by("at"):
        yield Work(
            what=f"Check the {log.get_kind_display().lower()} of {log.folder.title} that you sent in",
            url=reverse("actions:import_log", args=[log.pk]),
            due_on=services.last_day(log.at),
            note="After that day its rows go.",
            perm=Perm.ACTION_IMPORT,
            folder_id=log.folder_id,
        )


def tell(user, ids) -> dict:
    """For the registry of sources: (words, address) of those logs that `user` may see."""
    rows = LogImport.objects.visible_to(user).filter(pk__in=ids).defer("lines")
    return {
        log.pk: (f"{log.get_kind_display()} of {plain(log.as_of)}", reverse("actions:import_log", args=[log.pk]))
        for log in rows
    }
