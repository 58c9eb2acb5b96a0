"""Items and papers of an agenda, for tests of what becomes of them."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from pypdf import PdfReader

from boards.agenda import packs, papers, reads, services
from boards.models import Pack, Paper
from partnership.access import scope
from partnership.documents import checking
from partnership.documents import services as documents
from partnership.documents.models import State, Version
from partnership.jobs import services as jobs
from tests.world import small_pdf

SECRET = "A child of whom nobody else may read"
FACTS = {
    "about": "", "purpose": "note", "minutes_allowed": 30, "presenter": None, "presenter_words": "", "priority": None,
    "duty": None,
}  # fmt: skip


def add(meeting, title, by, **facts):
    return services.add_item(meeting, by=by, **FACTS | {"title": title} | facts)


def secret(meeting, world, *people, title=SECRET):
    return add(meeting, title, world.officer, restricted=True, people=people, reason="It is about their case.")


def sent(item, by, content=None, name="paper.pdf", title="The report", **facts):
    """A paper that is there and was found clean."""
    facts = {"asked_of": None, "asked_words": "", "due_on": None} | facts
    upload = SimpleUploadedFile(name, content or small_pdf(title))
    row = papers.add_paper(item, by=by, title=title, upload_file=upload, marking="official", **facts)
    for version in Version.objects.filter(document=row.document, state=State.QUARANTINED):
        checking.check(version.pk)
    return Paper.objects.get(pk=row.pk)


def lines(user, meeting):
    with scope.entered():
        return reads.agenda(user, meeting)


def titles(user, meeting):
    return [(line.number, line.item.title) for line in lines(user, meeting)]


def ask(meeting, by, *, whole=True, runs=True, anew=False):
    """The pack that is asked for, drawn by its job."""
    with scope.entered():
        found = reads.agenda(by, meeting)
        job = packs.ask(meeting, by=by, lines=found, whole=whole, runs=runs, anew=anew)
    assert jobs.run(job.pk) == "done", job
    return Pack.objects.get(pk=job.subject_id)


def text_of(pack):
    content = documents.read(packs.file_of(pack))
    return [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]
