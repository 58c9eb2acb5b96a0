"""A pack of 300 pages from 40 papers of 20 items, as the worker's job draws it, and the page of their meeting.

There is no floor: the target stands in its place, and the ratio is the share of it. `python -m bench.packs` measures it
alone, in a scratch database of its own.
"""

import io
import random
import resource
import time
from datetime import timedelta

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

ITEMS, PAPERS, PAGES = 20, 40, 300
TARGET_SECONDS, MOST_MEMORY, MOST_QUERIES = 20, 300, 15  # seconds; megabytes above what was there before; the page's
_random = random.Random(7)


def lines():
    from bench import measure

    meeting, by = _fill()
    seconds, pages, more = _drawn(meeting, by)
    assert pages >= PAGES, pages
    assert more <= MOST_MEMORY, f"{more} MB"
    queries = _asked(meeting, by)
    assert queries <= MOST_QUERIES, queries
    result = measure.Result(
        f"pack of {PAPERS} papers", pages, round(seconds * 1000), queries, TARGET_SECONDS * 1000,
        round(seconds / TARGET_SECONDS, 2),
    )  # fmt: skip
    yield measure.Line(result, 1.0, None)


def _fill():
    """A group's meeting with 20 open items, two papers each, of seven and eight pages with a page of text each."""
    from boards.agenda import papers, services
    from boards.groups.services import add_group
    from boards.models import Meeting, Paper
    from partnership.documents.services import keep
    from partnership.people.models import Partnership, User
    from partnership.people.roles import Role
    from partnership.people.services import create_person, join

    partnership = Partnership.objects.get()
    by = User.objects.filter(memberships__role=Role.BUSINESS_MANAGER).first()
    if by is None:
        by = create_person(email="bench@portal.example", name="Bench")
        join(by, role=Role.BUSINESS_MANAGER, partnership=partnership)
    facts = {"purpose": "", "meets": "", "chair_rule": "", "source": "", "starts": None, "parent": None}
    group = add_group(by=by, partnership=partnership, name="A group with long packs", **facts)
    starts = timezone.now() + timedelta(days=10)
    meeting = Meeting.objects.create(folder=group.folder, group=group, title="Meeting", starts_at=starts)
    for number in range(ITEMS):
        item = services.add_item(meeting, by=by, title=f"Item {number}", minutes_allowed=10)
        for paper in range(PAPERS // ITEMS):
            row = papers.add_paper(
                item, by=by, title=f"Paper {number} {paper}", asked_of=None, asked_words="", due_on=None
            )
            kept = keep(
                _paper(7 + paper), folder=group.folder, title=row.title, name="paper.pdf", by=by, kind=papers.KIND,
                content_type="application/pdf", marking="official",
            )  # fmt: skip
            Paper.objects.filter(pk=row.pk).update(document=kept.document, received_at=timezone.now())
    return meeting, by


def _paper(pages) -> bytes:
    """A PDF of so many pages with text, and a picture of half a megabyte on the first, as a scan has."""
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject, NumberObject

    from partnership.ui import pdf

    text = "".join(f"<p style='break-after:page'>{'Words of a paper. ' * 120}</p>" for _ in range(pages - 1))
    drawn = pdf.from_html(f"<!DOCTYPE html><html lang='en-GB'><title>Paper</title>{text}<p>The end.</p></html>")
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(drawn)))
    picture = DecodedStreamObject()
    picture.set_data(_random.randbytes(400 * 400 * 3))
    picture.update({
        NameObject("/Type"): NameObject("/XObject"), NameObject("/Subtype"): NameObject("/Image"),
        NameObject("/ColorSpace"): NameObject("/DeviceRGB"), NameObject("/BitsPerComponent"): NumberObject(8),
        NameObject("/Width"): NumberObject(400), NameObject("/Height"): NumberObject(400),
    })  # fmt: skip
    resources = writer.pages[0]["/Resources"]
    resources[NameObject("/XObject")] = DictionaryObject({NameObject("/Scan"): writer._add_object(picture)})
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def _drawn(meeting, by) -> tuple:
    """(seconds, pages, megabytes at the peak above those before) of the whole job, keeping included."""
    from boards.agenda import packs, reads
    from boards.models import Pack
    from partnership.access import scope
    from partnership.jobs import services as jobs

    with scope.entered():
        job = packs.ask(meeting, by=by, lines=reads.agenda(by, meeting), whole=False, runs=True)
    before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
    assert jobs.run(job.pk) == "done"
    seconds = time.perf_counter() - start
    more = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024
    return seconds, Pack.objects.get(pk=job.subject_id).last_page, more


def _asked(meeting, by) -> int:
    """How many questions the page of the meeting asks of whoever has opened it before."""
    from bench import measure
    from tests.world import sign_in

    client, url = sign_in(Client(SERVER_NAME="localhost"), by), reverse("boards:meeting", args=[meeting.pk])
    assert client.get(url).status_code == 200
    with CaptureQueriesContext(connection) as queries:
        client.get(url)
    return measure.asked(queries)


def alone():
    from bench import run

    return run.alone(lines)


if __name__ == "__main__":
    raise SystemExit(alone())
