"""The forward plan as a PDF: a job's work, for the person who asked, by what that person may see when it is made."""

import hashlib

from django.db import transaction

from partnership.access import scope
from partnership.actions.models import PlanPrint
from partnership.actions.planning.calendar import KINDS, forward_plan
from partnership.deadlines.office import office_of
from partnership.documents import services as documents
from partnership.documents.models import Document, Marking, Version
from partnership.jobs import services as jobs
from partnership.jobs.models import Job
from partnership.people.models import Partnership
from partnership.people.roles import Perm
from partnership.ui.dates import plain

PRINT = "forward_plan"
WHY = "a person's own print"
CHANGED = "The plan as you may see it has changed since this PDF was made. Ask for it again."


@transaction.atomic
def ask_for(user, *, year, group=None, kind="") -> jobs.Job:
    """Ask for the plan of a year as a PDF. Those that were asked for before and never made go."""
    _let_go(user, version=None)
    office = office_of(Partnership.objects.order_by("pk").first())
    row = PlanPrint.objects.create(folder=office, made_by=user, year=year, group=group, kind=kind)
    return jobs.ask(PRINT, row, by=user)


def make(row, *, by, progress) -> tuple[bytes, str]:
    """The PDF's bytes (PDF/UA-1), and the mark of its lines."""
    from partnership.ui import pdf  # only a worker draws

    progress(20, "Reading what is due")
    with scope.entered():
        plan = forward_plan(by, row.year, group=row.group, kind=row.kind)
    progress(50, "Drawing the pages")
    context = {
        "title": f"Forward plan {plan.words}",
        "marking": "OFFICIAL",
        "plan": plan,
        "group": row.group.title if row.group else "",
        "kind": KINDS.get(row.kind, ""),
        "made_on": plain(row.made_at),
        "made_by": by.name,
    }
    return pdf.render("actions/forward_plan_pdf.html", context), _mark(plan)


def _mark(plan) -> str:
    """What its lines say, in short: the same as long as its reader would be shown the same."""
    lines = [
        (each.day, each.kind, each.words, each.who, each.group, each.key, each.begins_at)
        for quarter in plan.quarters
        for each in (*quarter.work, *(entry for month in quarter.months for entry in month.entries))
    ]
    return hashlib.sha256(repr(lines).encode()).hexdigest()


def keep(row, made, *, by):
    """Keep it apart from the folder, for this person; their earlier ones go."""
    content, row.lines = made
    document = Document.objects.create(
        folder=row.folder, title=f"Forward plan {row.year}", marking=Marking.OFFICIAL, apart=True
    )
    row.version = documents.keep(
        content, folder=row.folder, title=document.title, name=f"forward-plan-{row.year}.pdf",
        content_type="application/pdf", marking=Marking.OFFICIAL, by=by, document=document,
    )  # fmt: skip
    row.save(update_fields=["version", "lines"])
    _let_go(by, but=row.pk)
    return row.pk


def _let_go(user, *, but=None, **which) -> None:
    """Remove prints of this person with their files, but for those that a job is still about."""
    unfinished = Job.objects.unscoped(WHY).filter(
        kind=PRINT, requester=user, status__in=(Job.Status.QUEUED, Job.Status.RUNNING)
    )
    rows = PlanPrint.objects.unscoped(WHY).filter(made_by=user, **which).exclude(pk=but)
    rows = rows.exclude(pk__in=unfinished.values("subject_id"))
    files = list(rows.exclude(version=None).values_list("version_id", flat=True))
    rows.delete()
    documents.dispose(Version.objects.unscoped(WHY).filter(pk__in=files))


def version_of(row) -> Version | None:
    """The file of a print that the page let through; None until it is made."""
    rows = Version.objects.unscoped("the page asked whose print it is").select_related("document", "folder")
    return rows.filter(pk=row.version_id).first()


def mark_now(user, row) -> str:
    return _mark(forward_plan(user, row.year, group=row.group, kind=row.kind))


def is_as_it_was(user, row) -> bool:
    """Whether `user` would be shown the lines of this print still: only then is its file given."""
    return row.lines == mark_now(user, row)


def why_not(user, job) -> str:
    row = PlanPrint.objects.visible_to(user).filter(pk=job.result_id).select_related("group").first()
    return "" if row and is_as_it_was(user, row) else CHANGED


def register() -> None:
    jobs.register(
        PRINT,
        jobs.Kind(
            title="Forward plan (PDF)",
            model=PlanPrint,
            perm=Perm.PLAN_VIEW,
            make=make,
            keep=keep,
            result_url="actions:forward_plan_file",
            back_url="actions:forward_plan_asked",
            back_words="Forward plan",
            personal=True,
            why_not=why_not,
        ),
    )
