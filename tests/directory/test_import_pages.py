"""The pages of an import, as the directory's administrator uses them, and as others try them."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from partnership.access.work import work_of
from partnership.directory.importing import incoming, services
from partnership.directory.models import ImportBatch
from partnership.jobs.models import Job
from partnership.jobs.services import run
from partnership.people.models import School
from tests.directory.registers import preview, school, table, take


@pytest.fixture
def admin(world, sign_in):
    return sign_in(world.people["directory_admin"])


def address(name, batch=None, query=""):
    return reverse(f"directory:{name}", args=[batch.pk] if batch else []) + query


def upload(client, content, name="edubasealldata.csv", **data):
    file = SimpleUploadedFile(name, content, "text/csv")
    return client.post(address("import_add"), {"source": "schools", "where": "kept", "file": file} | data)


def said(response):
    return " ".join(response.content.decode().split())


def test_a_file_that_waits_to_be_chosen_from_stands_on_home_of_who_uploaded_it(admin, world):
    quiet = said(admin.get(reverse("reporting:home")))
    assert "Nothing waits for you" in quiet and "Take a register or a spreadsheet in" in quiet
    assert "I am leaving my organisation" not in quiet and "I am leaving" in quiet
    upload(admin, table(school()))
    assert run(Job.objects.get(kind="import_read").pk) == "done"
    (batch,) = ImportBatch.objects.all()
    home = said(admin.get(reverse("reporting:home")))
    assert "Choose what to take in from edubasealldata.csv" in home and address("import_batch", batch) in home
    assert not [each for each in work_of(world.officer)[0] if "edubasealldata" in each.what]
    batch.status = "discarded"
    batch.save()
    assert "edubasealldata" not in said(admin.get(reverse("reporting:home")))


def test_from_upload_to_taken_by_its_pages_and_its_two_jobs(admin):
    answer = upload(admin, table(school(), school(999002)))
    reading = Job.objects.get(kind="import_read")
    assert answer.url == reverse("jobs:job", args=[reading.pk])
    assert run(reading.pk) == "done"
    assert "See what it would change" in said(admin.get(answer.url))
    batch = ImportBatch.objects.get()
    assert (batch.status, batch.scope) == ("ready", ["860", "861"])
    page = said(admin.get(address("import_batch", batch)))
    assert "2 new" in page and "Canal Bridge Primary School" in page
    first, second = batch.rows.values_list("pk", flat=True)
    ticks = {"act": "take", "shown": [first, second], "row": [second]}
    assert admin.post(address("import_choose", batch), ticks).url == address("import_take", batch)
    assert "Take 1 row in" in said(admin.get(address("import_take", batch)))
    answer = admin.post(address("import_take", batch), {"seen": 1})
    taking = Job.objects.get(kind="import_take")
    assert answer.url == reverse("jobs:job", args=[taking.pk])
    assert "Being taken" in said(admin.get(address("imports")))
    assert run(taking.pk) == "done"
    assert "1 added" in said(admin.get(address("import_batch", batch)))
    assert list(School.objects.filter(urn__gte=999001).values_list("urn", flat=True)) == [999002]


def test_an_old_file_says_that_its_rows_are_gone_and_what_nobody_took_is_discarded(admin):
    taken, waits = preview(table(school())), preview(table(school(999002)))
    take(taken)
    ImportBatch.objects.update(uploaded_at=timezone.now() - timedelta(days=91))
    services.sweep()
    page = said(admin.get(address("import_batch", taken)))
    assert "rows of this file are no longer kept" in page and "1 added" in page and "changes nothing" not in page
    waits.refresh_from_db()
    assert (waits.status, waits.rows.count()) == ("discarded", 0)
    assert "was discarded" in said(admin.get(address("import_batch", waits)))
    same = preview(table(school()))
    assert "The file changes nothing" in said(admin.get(address("import_batch", same)))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<!doctype html><html>", "This is a web page"),
        (b"%PDF-1.7", "This is a PDF"),
        (b"a,b\n1,2\n", "lacks the columns"),
        (b"", "The file is empty"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_at_its_field_and_the_other_answers_stay(admin, content, words):
    answer = upload(admin, content, where="codes", codes="861, 860")
    page = said(answer)
    assert (answer.status_code, words in page, 'value="861, 860"' in page) == (422, True, True)
    assert ImportBatch.objects.count() == 0


@pytest.mark.parametrize("codes", ["", "86", "abc", "8611", "٨٦١"])
def test_codes_that_are_none_are_refused(admin, codes):
    assert upload(admin, table(school()), where="codes", codes=codes).status_code == 422


def test_a_form_sent_twice_is_one_upload(admin):
    page = admin.get(address("import_add"))
    token = page.context["form"]["form_token"].value()
    first = upload(admin, table(school()), form_token=token)
    second = upload(admin, table(school()), form_token=token)
    assert (first.url == second.url, ImportBatch.objects.count()) == (True, 1)


@pytest.mark.parametrize("who", ["officer", "manager", "lead_same", "school_outside", "board_member", "operator"])
def test_nobody_else_may_upload_or_see_a_file(world, sign_in, who):
    client, batch = sign_in(world.people[who]), preview(table(school()))
    assert client.get(address("import_add")).status_code == 403
    assert upload(client, table(school())).status_code == 403
    assert client.get(address("import_batch", batch)).status_code == 404
    assert client.post(address("import_take", batch)).status_code == 404
    assert School.objects.filter(urn=999001).count() == 0


def test_rows_of_another_file_cannot_be_chosen_through_this_one(admin):
    mine, other = preview(table(school())), preview(table(school(999002)))
    services.choose(other, every=False)
    forged = {"act": "save", "shown": [other.rows.get().pk, "x", "9" * 30], "row": [other.rows.get().pk, "-1"]}
    assert admin.post(address("import_choose", mine), forged).status_code == 302
    assert not other.rows.get().chosen


def test_a_choice_that_was_changed_in_another_window_is_not_taken(admin):
    batch = preview(table(school(), school(999002)))
    admin.get(address("import_take", batch))
    services.choose(batch, shown=batch.rows.values_list("pk"), ticked=[batch.rows.first().pk])
    answer = admin.post(address("import_take", batch), {"seen": 2}, follow=True)
    assert "The choice was changed in another window: 1 of the rows is chosen now, not 2." in said(answer)
    assert Job.objects.filter(kind="import_take").count() == 0


def test_a_file_that_was_taken_is_neither_chosen_from_nor_taken_nor_discarded_again(admin):
    batch = preview(table(school()))
    services.take_now(batch, progress=lambda *words: None)
    for name in ("import_choose", "import_take", "import_discard"):
        assert admin.post(address(name, batch)).status_code == 302
    batch.refresh_from_db()
    assert (batch.status, batch.rows.count()) == ("taken", 1)


@pytest.mark.parametrize("query", ["?page=-1", "?page=x", "?q=%00", "?only=all", "?action=<script>", "?q=" + "x" * 101])
def test_an_address_that_was_tampered_with_breaks_nothing(admin, query):
    batch = preview(table(school()))
    answer = admin.get(address("import_batch", batch, query))
    assert answer.status_code in (200, 400, 422)
    assert "<script>alert" not in said(answer)


def test_rows_are_found_by_what_they_do_by_name_and_by_number(admin):
    batch = preview(table(school(), school(999002, EstablishmentName="Mill Lane School"), school(URN="1E5")))
    numbers = lambda query: [row.number for row in admin.get(address("import_batch", batch, query)).context["rows"]]  # noqa: E731
    assert numbers("?action=wrong") == [""]
    assert numbers("?q=mill+lane") == ["999002"]
    assert numbers("?q=999+001") == ["999001"]
    assert numbers("?only=remark") == [""]


def test_ticks_outlive_the_filter_and_the_turning_of_a_page(admin):
    batch = preview(table(*(school(n) for n in range(990001, 990090))))
    services.choose(batch, every=True)
    shown = [row.pk for row in admin.get(address("import_batch", batch)).context["rows"]]
    ticks = {"shown": shown, "row": shown[1:]}
    answer = admin.post(
        address("import_choose", batch), ticks | {"act": "show", "only": "not", "q": "", "action": "new"}
    )
    assert answer.url == address("import_batch", batch, "?action=new&only=not")
    page = admin.get(answer.url)
    assert [row.pk for row in page.context["rows"]] == [shown[0]]
    assert said(page).index('value="show"') < said(page).index('value="take"') < said(page).index("<table")
    turned = admin.post(address("import_choose", batch), ticks | {"act": "page 2", "query": "only=chosen", "q": "x"})
    assert turned.url == address("import_batch", batch, "?only=chosen&page=2")


def test_a_file_is_discarded_after_a_second_question(admin):
    batch = preview(table(school()))
    assert address("import_discard", batch) in said(admin.get(address("import_batch", batch)))
    assert "Discard this file?" in said(admin.get(address("import_discard", batch)))
    batch.refresh_from_db()
    assert batch.status == "ready"
    assert admin.post(address("import_discard", batch)).url == address("imports")
    assert admin.get(address("import_discard", batch)).url == address("import_batch", batch)


def test_markup_in_a_name_is_text(admin):
    batch = preview(table(school(EstablishmentName="<script>alert(1)</script>")), name="<b>x.csv")
    page = admin.get(address("import_batch", batch)).content.decode()
    assert "<script>alert" not in page and "<b>x" not in page


def test_a_page_of_the_preview_asks_the_same_for_one_row_and_for_many(admin):
    counts = []
    for batch in (preview(table(school())), preview(table(*(school(n) for n in range(990001, 990090))))):
        admin.get(address("import_batch", batch))
        with CaptureQueriesContext(connection) as queries:
            assert admin.get(address("import_batch", batch)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 15, counts


def test_a_reading_that_is_given_up_is_told_at_its_file(admin):
    upload(admin, table(school()))
    job = Job.objects.get(kind="import_read")
    Job.objects.filter(pk=job.pk).update(attempts=3)
    assert run(job.pk) == "failed"
    batch = ImportBatch.objects.get()
    assert batch.status == "failed"
    assert "tried three times" in said(admin.get(address("import_batch", batch)))


def test_a_refused_taking_says_on_its_job_s_page_that_nothing_was_taken_and_why(admin):
    take(preview(table(school())))
    batch = preview(table(school(EstablishmentName="Marl Bank School")))
    School.objects.get(urn=999001).agency.__class__.objects.filter(school__urn=999001).update(
        name="Somebody’s own name"
    )
    admin.post(address("import_take", batch), {"seen": 1})
    job = Job.objects.get(kind="import_take")
    assert run(job.pk) == "failed"
    page = said(admin.get(reverse("jobs:job", args=[job.pk])))
    assert "Refused: nothing was done" in page
    assert "Nothing was taken: 1 row cannot be taken as the directory is now." in page
    assert "Name: changed since the preview was made." in said(admin.get(address("import_batch", batch)))


def test_a_file_that_cannot_be_read_says_so_on_its_job_s_page(admin):
    job = Job.objects.get(pk=upload(admin, table(school())).url.split("/")[-1])
    incoming.forget(job.subject_id)  # as the sweep does after an hour
    assert run(job.pk) == "failed"
    assert "The file could not be read. The file is no longer there" in said(
        admin.get(reverse("jobs:job", args=[job.pk]))
    )


def test_choose_all_and_none_mean_the_rows_that_the_filter_shows_and_say_how_many(admin):
    rows = [school(999001 + n, EstablishmentName=f"{'Marl' if n < 2 else 'Quay'} School {n}") for n in range(5)]
    batch = preview(table(*rows))
    page = said(admin.get(address("import_batch", batch, "?q=quay")))
    assert "choose none of the 3" in page
    answer = admin.post(address("import_choose", batch), {"act": "none", "query": "q=quay"}, follow=True)
    assert "3 rows are no longer chosen." in said(answer)
    assert set(batch.rows.filter(chosen=True).values_list("label", flat=True)) == {"Marl School 0", "Marl School 1"}
    answer = admin.post(address("import_choose", batch), {"act": "all", "query": "only=not&q=School+4"}, follow=True)
    assert "1 row is chosen." in said(answer)
    assert batch.rows.filter(chosen=True).count() == 3


def test_a_file_of_other_areas_alone_says_so_and_how_to_take_them(admin):
    rows = [school(999001 + n, **{"LA (code)": "888" if n else "306"}) for n in range(3)]
    batch = preview(table(*rows), scope=("860", "861"))
    page = said(admin.get(address("import_batch", batch)))
    assert "No row of the file is of the areas that were chosen (Staffordshire (860) and Stoke-on-Trent (861))" in page
    assert "3 rows are of other areas (Lancashire (888): 2; Croydon (306): 1)." in page
    assert "‘Others, by their codes’" in page
    assert "changes nothing" not in page


def test_each_of_two_rows_of_one_number_is_named_as_its_own_line_says(admin):
    batch = preview(
        table(school(EstablishmentName="Marl School"), school(999002), school(EstablishmentName="Quay School"))
    )
    wrong = batch.rows.filter(action="wrong").values_list("line", "label")
    assert list(wrong) == [(2, "Marl School"), (4, "Quay School")]


def test_a_row_without_a_number_is_told_so_in_words(admin):
    assert preview(table(school(""))).rows.get().problem == "The row has no number (URN)."


def test_a_whole_file_without_one_of_ours_is_doubted_and_nothing_is_ticked(admin):
    batch = preview(table(*(school(999100 + number) for number in range(12))))
    assert not batch.rows.filter(chosen=True).exists()
    page = said(admin.get(address("import_batch", batch)))
    assert "is in this file. Is it another area’s file" in page and "No row was ticked" in page
    assert "looks like a part" not in page
    ours = School.objects.filter(agency__ends=None).first().urn
    known = preview(table(school(ours), *(school(999100 + number) for number in range(12))), name="again.csv")
    assert known.rows.filter(chosen=True).count() >= 12


def test_a_finished_job_leads_back_to_the_file_by_one_way(admin):
    answer = upload(admin, table(school()))
    run(Job.objects.get(kind="import_read").pk)
    page = admin.get(answer.url).content.decode().partition("<main")[2]
    link = address("import_batch", ImportBatch.objects.get())
    assert page.count(f'href="{link}"') == 1
