"""The forward plan as a PDF: a job's work, for the person who asked, by what that person may see when it is made."""

from django.db import transaction

from partnership.access import scope
from partnership.actions.models import PlanPrint
from partnership.actions.planning.calendar import KINDS, forward_plan
from partnership.deadlines.office import office_of
from partnership.documents import services as documents
from partnership.documents.models import Document, Marking, Version
from partnership.jobs import services as jobs
from partnership.people.models import Partnership
from partnership.people.roles import Perm
from partnership.ui.dates import plain

PRINT = "forward_plan"
WHY = "a person's own print"


@transaction.atomic
def ask_for(user, *, year, group=None, kind="") -> jobs.Job:
    """Ask for the plan of a year as a PDF."""
    office = office_of(Partnership.objects.order_by("pk").first())
    row = PlanPrint.objects.create(folder=office, made_by=user, year=year, group=group, kind=kind)
    return jobs.ask(PRINT, row, by=user)


def make(row, *, by, progress) -> bytes:
    """The PDF's bytes (PDF/UA-1)."""
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
    return pdf.render("actions/forward_plan_pdf.html", context)


def keep(row, content, *, by):
    """Keep it apart from the folder, for this person; their earlier ones go."""
    document = Document.objects.create(
        folder=row.folder, title=f"Forward plan {row.year}", marking=Marking.OFFICIAL, apart=True
    )
    row.version = documents.keep(
        content, folder=row.folder, title=document.title, name=f"forward-plan-{row.year}.pdf",
        content_type="application/pdf", marking=Marking.OFFICIAL, by=by, document=document,
    )  # fmt: skip
    row.save(update_fields=["version"])
    earlier = PlanPrint.objects.unscoped(WHY).filter(made_by=by).exclude(pk=row.pk).exclude(version=None)
    files = list(earlier.values_list("version_id", flat=True))
    earlier.delete()
    documents.dispose(Version.objects.unscoped(WHY).filter(pk__in=files))
    return row.pk


def version_of(row) -> Version | None:
    """The file of a print that the page let through; None until it is made."""
    rows = Version.objects.unscoped("the page asked whose print it is").select_related("document", "folder")
    return rows.filter(pk=row.version_id).first()


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
        ),
    )
