"""What the pages of an import show, in a fixed number of queries whatever the rows."""

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.urls import reverse

from partnership.access.reach import reach_of
from partnership.access.rows import allowing
from partnership.access.work import Work
from partnership.directory.importing import facts as said
from partnership.directory.importing.authorities import name_of
from partnership.directory.importing.comparing import ELSEWHERE, PART
from partnership.directory.importing.narrowing import narrowed
from partnership.directory.importing.sources import SOURCES
from partnership.directory.models import ImportBatch, ImportRow
from partnership.jobs.models import Job
from partnership.people.models import Area
from partnership.people.roles import Perm

PAGE_SIZE = 50
# Singular and plural of what the rows of an action are.
WORDS = {
    "new": ("new", "new"),
    "changed": ("changed", "changed"),
    "closed": ("closed", "closed"),
    "converted": ("converted: a new number that follows another", "converted: new numbers that follow others"),
    "moved": ("in another area now", "in another area now"),
    "wrong": ("that cannot be taken", "that cannot be taken"),
}
TAKEN = {
    "new": "{} added",
    "changed": "{} changed",
    "closed": "{} closed",
    "converted": "{} added or changed as the successor of another",
    "moved": "{} moved to another area",
}
MISSING_SHOWN = 20


def files_to_choose_from(user):
    """For home: the files that this person has uploaded and neither taken in nor discarded."""
    if not reach_of(user).holds(Perm.DIRECTORY_IMPORT):
        return
    rows = allowing(ImportBatch, user, Perm.DIRECTORY_IMPORT).filter(uploaded_by=user, status=ImportBatch.Status.READY)
    for row in rows.order_by("uploaded_at"):
        url = reverse("directory:import_batch", args=[row.pk])
        yield Work(f"Choose what to take in from {row.file_name}, or discard the file", url)


@dataclass(frozen=True)
class Group:
    """The rows of one action: how many, and how many of them are chosen."""

    action: str
    label: str
    total: int
    chosen: int

    @property
    def choosable(self):
        return self.action != ImportRow.Action.WRONG


def batches(user, *, page=1):
    rows = allowing(ImportBatch, user, Perm.DIRECTORY_IMPORT).select_related("uploaded_by", "taken_by")
    found = Paginator(rows, PAGE_SIZE).get_page(page)
    for row in found.object_list:
        row.title, row.where = SOURCES[row.source].title, scope_in_words(row)
    return found


def scope_in_words(batch) -> str:
    """'Staffordshire (860) and Stoke-on-Trent (861)'."""
    source = SOURCES[batch.source]
    if not source.areas:
        return ""
    return " and ".join(_area(source, code) for code in batch.scope) or "all of England"


def _area(source, code):
    return f"{source.scope} {code}" if source.scope_kept else name_of(code)


@dataclass(frozen=True)
class Elsewhere:
    """Rows of the file that lie outside the areas that were chosen. where: the areas of most of them, in words."""

    number: int
    where: str


def elsewhere(batch) -> Elsewhere | None:
    number = batch.left_out.get(ELSEWHERE, 0)
    if not number:
        return None
    source = SOURCES[batch.source]
    said = [f"{_area(source, code)}: {count:,}" for code, count in batch.counts.get("elsewhere", ()) if code]
    return Elsewhere(number, "; ".join(said))


def groups(batch) -> list[Group]:
    """How many rows there are of each action, in the order of the actions: one GROUP BY."""
    counted = dict(
        (action, (total, chosen))
        for action, total, chosen in batch.rows.order_by()
        .values_list("action")
        .annotate(total=Count("pk"), chosen=Count("pk", filter=Q(chosen=True)))
    )
    return [Group(code, label, *counted[code]) for code, label in ImportRow.Action.choices if code in counted]


def rows(batch, *, action="", q="", only="", page=1):
    """A page of the preview; each row carries `differences`: (fact, before, after) in words."""
    found = narrowed(batch.rows.select_related("agency"), action=action, q=q, only=only)
    shown = Paginator(found, PAGE_SIZE).get_page(page)
    names = dict(Area.objects.values_list("slug", "name"))
    for row in shown.object_list:
        row.differences = differences(row, names, SOURCES[batch.source])
    return shown


def choosable_found(batch, **filters) -> int:
    """How many of the rows that the filters find can be chosen."""
    return narrowed(batch.rows.exclude(action=ImportRow.Action.WRONG), **filters).count()


def differences(row, names, source):
    """(fact, before, after) in words; `before` is empty where nothing was recorded of it."""
    labels, say = source.labels or said.FACTS, source.say or said.say
    return [
        (
            labels[code],
            say(code, row.old[code], names) if row.old.get(code) or (code == "ends" and row.old) else "",
            say(code, row.new[code], names),
        )
        for code in labels
        if code in row.new and (row.old or row.new[code] not in (None, "", [], {}))
    ]


def job_of(user, batch):
    """The newest job of this batch that this person may see."""
    rows = Job.objects.allowing(user, Perm.JOB_VIEW).filter(subject_id=batch.pk)
    return rows.order_by("-created_at").first()


def left_out(batch) -> list:
    """(how many, why) of the rows that were not meant to be taken, most first."""
    return sorted(((number, why) for why, number in batch.left_out.items()), reverse=True)


@dataclass(frozen=True)
class Missing:
    """What the directory holds in the chosen areas and the file lacks. part, foreign: what the file looks like."""

    number: int
    held: int
    names: list
    part: bool
    foreign: bool

    @property
    def heading(self):
        return f"{self.number:,} in the directory and not in the file"

    @property
    def more(self):
        return self.number - len(self.names)


def missing(batch) -> Missing | None:
    number, held = batch.counts.get("missing", 0), batch.counts.get("held", 0)
    if not number:
        return None
    names = [f"{name} ({code})" for code, name in batch.missing[:MISSING_SHOWN]]
    return Missing(number, held, names, number > PART * held, batch.counts.get("foreign", False))


def summary(batch) -> list[str]:
    """What the reading found, a sentence each: for the command line, where no page shows it."""
    counts = batch.counts
    lines = [f"{each.total:,} {WORDS[each.action][each.total > 1]}" for each in groups(batch)]
    lines.append(f"{counts.get('unchanged', 0):,} unchanged")
    lines += [f"{number:,} left out: {why}" for number, why in left_out(batch)]
    return lines


def taken(batch) -> list[str]:
    """What a taking did, a sentence each."""
    done = batch.counts.get("taken", {})
    lines = [words.format(f"{done[code]:,}") for code, words in TAKEN.items() if done.get(code)]
    if new := batch.counts.get("groups"):
        lines.append(
            f"{new:,} academy trust or other group added"
            if new == 1
            else f"{new:,} academy trusts and other groups added"
        )
    return lines
