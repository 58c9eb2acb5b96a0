"""The returns that are not in: rates by hand, who is listed, one click, the file, what the school reads."""

import csv
import html
import io
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from audits.chasing import ladder, reads, services
from audits.models import AuditReturn, Reminder, Round, Rung, Submission, Window
from partnership.notify.models import Outgoing
from partnership.people.models import Agency, Ownership, School
from partnership.ui.shares import share
from tests.audits import making
from tests.world import sign_in

pytestmark = pytest.mark.django_db
WHY = "a test looks"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def round(world):
    row = making.audit_round(world)
    ladder.lay_ladder(row, by=world.officer)
    return row


def submitted(round, agency, at, *, late, **facts):
    row = making.audit_return(round, agency, status="submitted", submitted_at=at, **facts)
    Submission.objects.create(
        audit_return=row, reference=f"R{row.pk.hex[:10]}", content={}, sha256="", late=late, submitted_at=at,
        folder=row.folder, agency=agency,
    )  # fmt: skip
    return row


def schools(n):
    return list(Agency.objects.filter(kind="school").order_by("name")[:n])


def get(world, name, pk, by=None, **asked):
    return sign_in(Client(), by or world.officer).get(reverse(f"audits:{name}", args=[pk]), asked)


def test_rates_by_hand(world, round):
    """Six schools: two in time, one by the second deadline, one later still; one owes, one owes no return.
    5 asked: on time 2 = 40.0 %, by the second 3 = 60.0 %, in 4 = 80.0 %."""
    closes, final = NOON, NOON + timedelta(days=14)
    Window.objects.filter(round=round).update(closes_at=closes, final_at=final)
    rows = schools(6)
    School.objects.filter(agency__in=rows[:4]).update(district="Stafford")
    School.objects.filter(agency__in=rows[4:]).update(district="")
    facts = {"closes_at": closes}
    submitted(round, rows[0], closes, late=False, **facts)
    submitted(round, rows[1], final - timedelta(days=1), late=False, closes_at=final - timedelta(days=1))  # more time
    submitted(round, rows[2], final, late=True, **facts)
    submitted(round, rows[3], final + timedelta(seconds=1), late=True, **facts)
    making.audit_return(round, rows[4], **facts)
    making.audit_return(round, rows[5], status="excused", **facts)
    found = get(world, "round_standing", round.pk).context
    total = found["total"]
    assert (total.asked, total.on_time, total.by_final, total.came, total.later, total.owing, total.excused) == (
        5, 2, 3, 4, 2, 1, 1,
    )  # fmt: skip
    assert [str(each) for each in (total.rate_on_time, total.rate_by_final, total.rate)] == ["40.0", "60.0", "80.0"]
    assert [(name, tally.came, tally.asked) for name, tally in found["groups"]] == [
        ("Stafford", 4, 4), ("No district known", 0, 1),
    ]  # fmt: skip
    only = get(world, "round_standing", round.pk, district=reads.NONE).context
    assert only["total"].asked == 1 and [one.row.agency for one, _ in only["lines"]] == [rows[4]]
    assert share(1, 16) == Decimal("6.3") and share(0, 0) is None


def test_a_return_that_was_given_back_is_owed_again_and_then_counts_from_its_first_submission(world, round):
    row = submitted(round, world.agencies["school"], NOON, late=False)
    AuditReturn.objects.unscoped(WHY).filter(pk=row.pk).update(status="begun", submitted_at=None)
    assert get(world, "round_standing", round.pk).context["total"].owing == 1
    AuditReturn.objects.unscoped(WHY).filter(pk=row.pk).update(status="submitted", submitted_at=timezone.now())
    assert get(world, "round_standing", round.pk).context["total"].on_time == 1


def test_the_list_is_narrowed_by_trust_state_and_last_reminder(world, round):
    first, second, third = schools(3)
    owner = world.agencies["mpft"]
    Ownership.objects.create(agency=first, owner=owner, kind=Ownership.Kind.TRUST, starts=None)
    rows = [making.audit_return(round, each, closes_at=NOON) for each in (first, second)]
    making.audit_return(round, third, late_joiner=True)
    services.remind(round, {rows[0].pk: 1, rows[1].pk: 1}, by=world.officer)

    def names(**asked):
        return {one.row.agency for one, _ in get(world, "round_standing", round.pk, **asked).context["lines"]}

    assert names() == {first, second, third} and names(trust=owner.name) == {first}
    assert names(state="late") == {first, second} and names(state="joined") == {third}
    assert names(rung="0") == {second, third}, "nobody is named at the second"
    assert names(rung="1") == {first} and names(state="unreached") == {second}
    assert get(world, "round_standing", round.pk, phase="nonsense").status_code == 422


def test_one_click_after_a_page_that_says_who_gets_what(world, round):
    ours, empty = making.audit_return(round, world.agencies["school"]), making.audit_return(round, schools(9)[8])
    client = sign_in(Client(), world.officer)
    url = reverse("audits:round_remind", args=[round.pk])
    page = client.get(url)
    said = html.unescape(page.content.decode())
    assert "Gentle reminder: 1 organisation" in said and "Send 1 reminder" in said
    assert "Nobody to write to: 1" in said and empty.agency.name in said and "1 more should get it" in said
    assert f"The return of {ours.agency.name} for Schools’ audit is due by the end of" in said, "what it will say"
    form = page.context["form"]
    data = {"shown": form.initial["shown"], "form_token": form["form_token"].value()}
    answers = [client.post(url, data) for _ in range(2)]
    assert [each.status_code for each in answers] == [302, 302]
    assert Reminder.objects.unscoped(WHY).filter(audit_return=ours).count() == 1
    said = html.unescape(client.get(answers[0].url).content.decode())
    assert "1 reminder on the way." in said and f"nobody to write to at {empty.agency.name}" in said
    assert "There is nobody to remind now" in client.get(url, {"only": ours.pk}).content.decode()
    assert client.post(url, {"shown": "x:y", "form_token": ""}).status_code == 422


def test_a_page_that_stood_open_tells_who_has_submitted_meanwhile(world, round):
    row = making.audit_return(round, world.agencies["school"])
    client = sign_in(Client(), world.officer)
    url = reverse("audits:round_remind", args=[round.pk])
    form = client.get(url).context["form"]
    AuditReturn.objects.unscoped(WHY).filter(pk=row.pk).update(status="submitted", submitted_at=timezone.now())
    answer = client.post(url, {"shown": form.initial["shown"], "form_token": form["form_token"].value()}, follow=True)
    said = html.unescape(answer.content.decode())
    assert f"{row.agency.name} (submitted)" in said and "Nothing was sent." in said
    assert not Outgoing.objects.filter(template="audit_remind").exists()


def test_the_school_reads_what_was_sent_to_it_and_nothing_of_another(world, round):
    ours, theirs = (making.audit_return(round, agency) for agency in (world.agencies["school"], schools(9)[8]))
    services.remind(round, {ours.pk: 1}, by=world.officer)
    said = get(world, "return_reminders", ours.pk, by=world.school_outside).content.decode()
    assert "Lead in the portal (2)" in said and "Remind now" not in said
    assert get(world, "return_reminders", theirs.pk, by=world.school_outside).status_code == 404
    assert get(world, "round_standing", round.pk, by=world.school_outside).status_code == 403
    assert get(world, "round_standing", round.pk, by=world.board_member).status_code == 403


def test_the_file_holds_what_the_page_shows_and_runs_no_formula(world, round):
    agency = world.agencies["school"]
    Agency.objects.filter(pk=agency.pk).update(name="=cmd|'/c calc'!A1")
    making.audit_return(round, agency, closes_at=NOON)
    submitted(round, schools(9)[8], NOON, late=False)
    client = sign_in(Client(), world.officer)
    url = reverse("audits:round_standing", args=[round.pk])
    answer = client.post(f"{url}?by=window", {"take": "csv"})
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert rows[3][0] == "Window" and rows[-1][0] == "'=cmd|'/c calc'!A1" and len(rows) == 4 + 1 + 2 + 1
    taken = client.post(url, {"take": "xlsx"})
    assert taken["Content-Disposition"].endswith('.xlsx"') and b"".join(taken.streaming_content)[:2] == b"PK"


def test_of_a_closed_round_it_is_said_who_did_not_return_and_no_days(world, round):
    making.audit_return(round, world.agencies["school"], closes_at=NOON)
    body = get(world, "round_standing", round.pk).content.decode()
    assert "Who owes a return" in body and "days late" in body
    Round.objects.filter(pk=round.pk).update(status="closed", closed_at=timezone.now())
    body = get(world, "round_standing", round.pk).content.decode()
    assert "Who did not return" in body and "days late" not in body and "did not come before" in body


def test_a_stale_change_of_a_rung_keeps_both_texts(world, round):
    rung = Rung.objects.get(round=round, position=1)
    ladder.change_rung(rung, by=world.manager, version=1, words="Words of a colleague")
    client = sign_in(Client(), world.officer)
    data = {"version": 1, "name": rung.name, "days": -12, "subject": "Due", "words": "Words of mine"}
    answer = client.post(reverse("audits:rung_edit", args=[rung.pk]), data)
    said = answer.content.decode()
    assert answer.status_code == 409 and "Words of a colleague" in said and "Words of mine" in said


def test_a_list_of_four_hundred_asks_as_many_questions_as_a_list_of_four(world, round):
    def asked(**more):
        client = sign_in(Client(), world.officer)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            answer = client.get(reverse("audits:round_standing", args=[round.pk]), more)
        assert answer.status_code == 200
        found = [each["sql"] for each in queries if not each["sql"].startswith(("SAVEPOINT", "RELEASE", "SET "))]
        return len(found), answer

    rows = list(Agency.objects.filter(merged_into=None).order_by("kind", "name")[:400])
    window = round.windows.get()
    shared = {"folder": round.folder, "round": round, "window": window, "closes_at": window.closes_at}

    def more(agencies):
        made = AuditReturn.objects.bulk_create([AuditReturn(agency=each, **shared) for each in agencies])
        rung, facts = Rung.objects.get(round=round, position=1), {"folder": round.folder}
        Reminder.objects.bulk_create(
            [Reminder(agency=row.agency, audit_return=row, rung=rung, nobody=True, **facts) for row in made]
        )

    more(rows[:4])
    few, _ = asked(all="1")
    more(rows[4:])
    many, answer = asked(all="1")
    assert len(answer.context["lines"]) == len(rows) > 300
    assert few == many <= 12, (few, many)


def test_one_click_sends_to_as_many_as_the_page_showed(world, round):
    for each in schools(12):
        making.audit_return(round, each)
    client, address = sign_in(Client(), world.officer), reverse("audits:round_remind", args=[round.pk])
    shown = client.get(address).context["form"]["shown"].value()
    answer = client.post(address, {"shown": shown})
    assert answer.status_code == 302, "more than a line of text"
    assert Reminder.objects.unscoped(WHY).filter(audit_return__round=round).count() == 12
