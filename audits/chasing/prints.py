"""The rungs that are letters on paper: a job draws those that were not drawn yet, each by itself and all as one file to
be printed, and keeps them in the round's folder. Whoever has submitted meanwhile gets none."""

from django.db import transaction
from django.utils import timezone

from audits.chasing import letters
from audits.models import AuditReturn, Reminder, Round, Rung
from partnership.documents import services as documents
from partnership.documents.models import Document, Marking, Version
from partnership.jobs import services as jobs
from partnership.people.models import AgencyKind, Site
from partnership.people.roles import Perm
from partnership.trail.services import record
from partnership.ui import brand
from partnership.ui.dates import clock_time, plain

KIND = "audit_letters"  # of the job, and of the file that holds all letters of one
LETTER = "audit_letter"
WHY = "the job asked for its requester's power on the round"
NONE = "There is no letter to make any more: the returns came in, or somebody else has made them."


def waiting(reminders):
    """Those of `reminders` that are letters on paper, not drawn yet, of returns that are still owed."""
    return reminders.filter(
        rung__to=Rung.To.LETTER, letter=None, audit_return__status__in=AuditReturn.OWES,
        audit_return__round__status=Round.Status.OPEN,
    )  # fmt: skip


def make(round, *, by, progress):
    """([(reminder id, PDF)], the PDF of them all)."""
    from partnership.ui import pdf  # only a worker draws

    rows = waiting(Reminder.objects.unscoped(WHY).filter(folder=round.folder_id))
    rows = list(rows.select_related("rung", "agency", "audit_return__round").order_by("agency__name", "pk"))
    places = _places([row.agency_id for row in rows])
    shared = {"logo": brand.logo_data(), "colour": brand.colour(), "made_on": timezone.localdate(), "by": by}
    shared |= {"marking": "OFFICIAL", "of_letters": True}
    drawn, all_of_them = [], []
    for number, row in enumerate(rows):
        progress(5 + 80 * number // len(rows), f"Letter {number + 1} of {len(rows)}")
        title = letters.subject_of(row.rung, row.audit_return, timezone.localdate())
        letter = {"row": row, "title": title, "place": places.get(row.agency_id), "to": _addressed(row.agency)}
        all_of_them.append(letter)
        context = shared | {"title": title, "letters": [letter]}
        drawn.append((row.pk, pdf.render("audits/reminder_letter_pdf.html", context)))
    progress(90, "Putting them together")
    together = shared | {"title": f"Letters for {round.title}", "letters": all_of_them}
    return drawn, pdf.render("audits/reminder_letter_pdf.html", together) if drawn else b""


def _addressed(agency) -> str:
    return "The Headteacher" if agency.kind == AgencyKind.SCHOOL else "The Chief Executive"


def _places(ids) -> dict:
    """agency id -> its first site by name."""
    rows = Site.objects.live().filter(agency__in=ids).order_by("-name", "-pk")
    return {row.agency_id: row for row in rows}


@transaction.atomic
def keep(round, made, *, by):
    """Keep each letter with its reminder, and all of them as one file. Returns the round's id."""
    drawn, together = made
    rows = Reminder.objects.unscoped(WHY).select_for_update(of=("self",)).filter(letter=None)
    rows = rows.select_related("agency").in_bulk([pk for pk, _ in drawn])
    if not rows:
        return jobs.Refused(round.pk, NONE)
    for pk, content in drawn:
        if row := rows.get(pk):
            row.letter = _kept(content, round, f"Letter to {row.agency.name}", LETTER, by)
    Reminder.objects.bulk_update(rows.values(), ["letter"])
    local = timezone.localtime()
    _kept(together, round, f"Letters of {plain(local)} at {clock_time(local)}: {len(drawn)}", KIND, by)
    record("audit_letters_made", by=by, obj=round, count=len(rows))
    return round.pk


def _kept(content, round, title, kind, by):
    version = documents.keep(
        content, folder=round.folder, title=title[:200], name=f"{title[:150]}.pdf", content_type="application/pdf",
        marking=Marking.OFFICIAL, by=by, kind=kind, goes_out=True,
    )  # fmt: skip
    return version.document


def files(user, documents) -> dict:
    """document id -> its newest Version, of the letters among these documents that this person may see."""
    rows = Version.objects.visible_to(user).filter(document__in=documents).select_related("document").order_by("number")
    return {row.document_id: row for row in rows if is_letter(user, row)}


def bundles(user, round) -> list[Version]:
    """The files that hold all letters of one job, newest first."""
    rows = Document.objects.visible_to(user).filter(folder=round.folder_id, kind=KIND).values("pk")
    return sorted(files(user, rows).values(), key=lambda version: version.made_at, reverse=True)


def is_letter(user, version) -> bool:
    return version.document.kind in (KIND, LETTER)


def ask(round, *, by):
    return jobs.ask(KIND, round, by=by)


def register():
    jobs.register(
        KIND,
        jobs.Kind(
            title="Letters of reminder", model=Round, perm=Perm.AUDIT_RUN, make=make, keep=keep,
            result_url="audits:round_letters", back_url="audits:round_letters", result_words="Open the letters",
            back_words="the letters of the round",
        ),
    )  # fmt: skip
