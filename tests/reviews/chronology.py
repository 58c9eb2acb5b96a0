"""What the tests of the chronology share: what is told, what a page shows, and what is sent to be read."""

import io

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from reviews.chronology import reads, rows, services
from reviews.models import AgencyReturn

WORDS = "The mother told the midwife that she was afraid at home."


def told(review, when, event="Seen at home", source="Helpline", *, by, **more):
    read = rows.Reader(review.children.all())
    read.learn([source])
    facts, _ = read.facts({"when": when, "source": source, "event": event} | more)
    return services.add_entry(review, by=by, facts=facts)


def page_of(world, user=None, **asked):
    return reads.page(user or world.officer, world.ours.review, **asked).object_list


def sheet(*lines, then=None):
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    page = book.add_worksheet("Chronology")
    for at, line in enumerate(lines):
        page.write_row(at, 0, line)
    if then:
        then(book, page)
    book.close()
    return SimpleUploadedFile("chronology.xlsx", out.getvalue())


def reader(world, agency=None):
    return rows.Reader([world.ours.child], answer=AgencyReturn(agency=agency) if agency else None)


def received(world, text):
    found, remarks = rows.of_paste(text, reader(world))
    return services.receive(world.ours.review, by=world.officer, name="", rows=found, remarks=remarks)
