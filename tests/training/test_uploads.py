"""Uploads of completed courses: whom a line means, what is asked, what is wrong, taken once, taken back."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partnership.access.flow import Stale
from partnership.documents.tables.limits import Unreadable
from partnership.jobs.services import run
from tests.training import making
from tests.world import sign_in
from training.models import Completion, Learner, Upload
from training.uploads import receiving, rows, services

pytestmark = pytest.mark.django_db
HEAD = "Name,Email address,Course,Completed on,Hours\n"
WHY = "a test looks"


def csv(*lines, head=HEAD):
    return SimpleUploadedFile("list.csv", (head + "\n".join(lines)).encode("utf-8-sig"))


def sent(world, file, key="uhnm", by=None):
    by = by or world.lead_same
    return services.receive(world.agencies[key], by=by, name="list.csv", received=receiving.of_file(file))


def read(upload):
    return {row.line: row for row in rows.rows_of(making.fresh(upload))}


def take(world, upload, by=None):
    row = making.fresh(upload)
    seen = len(services.chosen_of(rows.rows_of(row)))
    return services.accept(row, by=by or world.lead_same, version=row.version, seen=seen)


def completions():
    return Completion.objects.unscoped(WHY)


def people():
    return Learner.objects.unscoped(WHY)


def test_people_are_found_by_address_and_a_name_alone_is_asked_about(world):
    course = making.course(world, "Neglect")
    uhnm = world.agencies["uhnm"]
    ann = making.learner(world, uhnm, "Ann Lee", email="Ann.Lee@uhnm.example")
    making.learner(world, uhnm, "Bo Ray", email="bo@uhnm.example")
    making.learner(world, world.agencies["mpft"], "Cy Fox", email="cy@mpft.example")
    row = sent(
        world,
        csv(
            "Ann  Lee,ann.lee@UHNM.example,Neglect,3/4/2026,",  # 2: known by the folded address
            "Ann Lee,ANN.LEE@uhnm.example,neglect,3 April 2026,",  # 3: the same, twice
            "Bo Ray,,Neglect,3/4/2026,",  # 4: a name alone
            "Bo Ray,other@uhnm.example,Neglect,3/4/2026,",  # 5: a known name with another address
            "Somebody,bo@uhnm.example,Neglect,3/4/2026,",  # 6: a known address with another name
            "Cy Fox,cy@mpft.example,Neglect,3/4/2026,",  # 7: somebody of another organisation is new here
            "Ελένη Παπαδοπούλου,eleni@uhnm.example,Neglect,3/4/2026,",  # 8
        ),
    )
    found = read(row)
    assert [found[n].state for n in range(2, 9)] == ["new", "double", "asked", "asked", "asked", "new", "new"]
    assert found[2].learner == ann and found[7].learner is None and "line 2" in found[3].why
    take(world, row)
    assert set(people().filter(agency=uhnm).values_list("name", flat=True)) == {
        "Ann Lee", "Bo Ray", "Cy Fox", "Ελένη Παπαδοπούλου"
    }  # fmt: skip
    assert completions().filter(course=course).count() == 3
    assert people().get(agency=world.agencies["mpft"]).completions.count() == 0


def test_answers_count_for_all_rows_and_unknown_courses_are_asked_about(world):
    course = making.course(world, "Neglect")
    bo = making.learner(world, world.agencies["uhnm"], "Bo Ray")
    row = sent(world, csv("Bo Ray,,Negelct,3/4/2026,", "Bo Ray,,Negelct,4/4/2026,", "Di Cox,,Neglect,4/4/2026,"))
    asked = dict(rows.questions(rows.rows_of(row)))
    assert sorted(asked.values()) == [1, 2, 2]
    [about] = [each for each in asked if each.kind == "course"]
    services.answer(row, by=world.lead_same, version=1, answers={about.key: str(course.pk)})
    with pytest.raises(Stale):
        services.answer(row, by=world.lead_same, version=1, answers={})
    services.each_is_of_its_name(row, by=world.lead_same, version=2)
    take(world, row)
    assert bo.completions.count() == 2 and people().get(name="Di Cox").completions.count() == 1


def test_the_same_file_twice_makes_nothing_and_is_taken_back_whole(world):
    making.course(world, "Neglect")
    kept = making.learner(world, world.agencies["uhnm"], "Ann Lee", email="ann@uhnm.example")
    lines = ("Ann Lee,ann@uhnm.example,Neglect,3/4/2026,", "New Person,new@uhnm.example,Neglect,3/4/2026,2.5")
    row = sent(world, csv(*lines))
    take(world, row)
    again = sent(world, csv(*lines))
    assert {each.state for each in read(again).values()} == {"there"}
    row = making.fresh(row)
    assert (row.took, len(row.made), row.lines) == (2, 1, [])
    services.take_back(row, by=world.lead_same)
    assert not completions().exists() and list(people()) == [kept]


def test_what_is_wrong_is_named_by_its_line(world):
    making.course(world, "Neglect")
    row = sent(
        world,
        csv(
            "Ann Lee,ann@uhnm.example,Neglect,50%,",
            "Ann Lee,ann@uhnm.example,Neglect,March 2026,",
            "Ann Lee,ann@uhnm.example,Neglect,30/11/2026,",
            "Ann Lee,ann@uhnm.example,Neglect,46000,",
            "Ann Lee,no address,Neglect,3/4/2026,",
            "Ann Lee,ann@uhnm.example,Neglect,3/4/2026,8%",
            ",,Neglect,3/4/2026,",
            "Bo Ray,ANN@uhnm.example,Neglect,3/4/2026,",
        ),
    )
    found = read(row)
    words = ["not read as a date", "no single day", "future", "", "not an email", "no number of hours", "no name"]
    for line, said in enumerate(words, 2):
        if said:
            assert found[line].state == "wrong" and said in found[line].why
    assert "another name" in found[9].why and "another name" in found[5].why


def test_a_spreadsheet_with_two_sheets_merged_headings_formulas_and_serial_days(world):
    making.course(world, "Neglect")
    book = openpyxl.Workbook()
    book.active.title = "Notes"
    sheet = book.create_sheet("Staff")
    sheet.append(["Staff", None, "Training", None])
    sheet.merge_cells("A1:B1")
    sheet.append(["Name", "Email", "Course", "Completion date"])
    sheet.append(["Ann Lee", "ann@uhnm.example", "Neglect", 46000])
    sheet.append(["Bo Ray", "bo@uhnm.example", "Neglect", "=TODAY()"])
    out = io.BytesIO()
    book.save(out)
    row = sent(world, SimpleUploadedFile("list.xlsx", out.getvalue()))
    found = read(row)
    assert found[3].state == "new" and "46000 was read as the day" in found[3].remark
    assert found[4].state == "wrong" and "formula" in found[4].why
    assert any("Only the sheet ‘Staff’" in each for each in row.remarks)


def test_wrong_files_are_refused_in_a_sentence_and_nobody_else_sees_an_upload(world):
    client = sign_in(Client(), world.lead_same)
    url = reverse("training:uploads")
    for name, body, said in (
        ("x.csv", b"%PDF-1.7 not a table", "This is a PDF"),
        ("x.xlsx", b"\x89PNG\r\n", "not a table"),
        ("x.csv", b"Name,Course\nAnn,Neglect", "lacks the column ‘Completed on’"),
        ("x.csv", b"Name,Course,Completed on\n", "no row under the headings"),
        ("x.csv", b"\n,,\n", "Nothing is written in the file"),
    ):
        page = client.post(url, {"file": SimpleUploadedFile(name, body)})
        assert page.status_code == 422 and said in page.content.decode()
    big = SimpleUploadedFile("x.csv", HEAD.encode())
    big.size = receiving.FILE_BYTES + 1
    with pytest.raises(Unreadable, match="larger than 10 MB"):
        receiving.of_file(big)
    made = client.post(url, {"file": csv("Ann Lee,ann@uhnm.example,Neglect,3/4/2026,")})
    row = Upload.objects.unscoped(WHY).get()
    assert made.url == reverse("training:upload", args=[row.pk]) and client.get(made.url).status_code == 200
    assert sign_in(Client(), world.lead_other).get(made.url).status_code == 404
    empty = client.post(url, {"take": "csv"}).content.decode("utf-8-sig")
    assert "Completed on" in empty


def test_thousands_of_rows_are_taken_by_a_job_in_few_questions(world, django_assert_max_num_queries):
    making.course(world, "Neglect")
    lines = [f"Person {n},p{n}@uhnm.example,Neglect,3/4/2026," for n in range(600)]
    row = sent(world, csv(*lines))
    job = take(world, row)
    assert job.kind == services.TAKE
    with django_assert_max_num_queries(80):
        assert run(job.pk) == "done"
    assert making.fresh(row).took == completions().count() == 600


def test_rows_that_nobody_takes_are_let_go(world):
    row = sent(world, csv("Ann Lee,ann@uhnm.example,Neglect,3/4/2026,"))
    assert services.sweep() == 0
    Upload.objects.unscoped(WHY).filter(pk=row.pk).update(at=timezone.now() - timezone.timedelta(days=400))
    assert services.sweep() == 1 and not Upload.objects.unscoped(WHY).exists()
