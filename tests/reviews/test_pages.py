"""What two people, two tabs and an old page meet: nothing is overwritten, and what was typed stays."""

from datetime import timedelta

import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from partnership.documents.models import Marking, Version
from partnership.documents.services import keep
from reviews import reads, returns, services
from reviews.forms import NotifyForm
from reviews.models import AgencyReturn, Decision, Notification, Review, Sending
from reviews.notifying import services as notifying
from tests.walk.post import day
from tests.world import open_case

LOADED = ("folder", "notification__authority", "sending")


def form_of(answer) -> dict:
    """What the form of an answer would send: its hidden fields and its texts, as they stand on the page."""
    form = answer.context["form"]
    return {field.name: field.value() for field in form if field.kind in ("hidden", "count") and field.value()}


def at(name, row):
    return reverse(f"reviews:{name}", args=[row.pk])


def test_a_decision_from_an_old_page_is_refused_and_both_are_shown(world, sign_in):
    case = world.ours
    services.decide(case.review, by=world.manager, code="national", rationale="Decided meanwhile.")
    sent = {"standing": 1, "code": "lcspr", "rationale": "Typed on an old page."}
    client = sign_in(world.officer)
    answer = client.post(at("decide", case.review), sent)
    assert answer.status_code == 409
    page = answer.content.decode()
    for words in ("Typed on an old page.", "Decided meanwhile.", "Refer as a possible national review"):
        assert words in page
    assert f"{world.manager.name} recorded decision 2 at" in page
    assert Decision.objects.filter(review=case.review).first().code == "national"
    again = form_of(answer) | {"code": "lcspr", "rationale": "Typed on an old page."}
    assert client.post(at("decide", case.review), again).status_code == 302
    assert Decision.objects.filter(review=case.review).first().code == "lcspr"


def test_a_sending_names_the_file_whose_hash_was_read(world, sign_in):
    case = world.ours
    newer = keep(
        b"newer", folder=case.folder, title="Rapid review report", name="r.pdf", content_type="application/pdf",
        marking=Marking.SENSITIVE, by=world.officer, document=case.version.document,
    )  # fmt: skip
    now = timezone.localtime()
    sent = {
        "sent_at_day": now.day, "sent_at_month": now.month, "sent_at_year": now.year, "sent_at_time": f"{now:%H:%M}",
        "version": case.version.pk,
    }  # fmt: skip
    client = sign_in(world.officer)
    assert client.post(at("record_sending", case.review), sent).status_code == 409
    assert not Sending.objects.filter(review=case.review).exists()
    assert client.post(at("record_sending", case.review), sent | {"version": newer.pk}).status_code == 302
    assert Sending.objects.get(review=case.review).sha256 == newer.sha256


@pytest.mark.parametrize("end", ["submit", "withdraw", "leave"])
def test_the_identifiers_close_to_an_author_with_her_return(world, sign_in, end):
    row = world.ours.returns["uhnm"]
    client = sign_in(world.author)
    assert client.get(at("search_record", row)).status_code == 200
    if end == "leave":
        world.author.memberships.update(ends=timezone.localdate())
    else:
        AgencyReturn.objects.filter(pk=row.pk).update(status={"submit": "submitted", "withdraw": "withdrawn"}[end])
    answer = client.get(at("search_record", row))
    assert answer.status_code == (403 if end == "submit" else 404)
    assert "canary-ours-name" not in answer.content.decode()


def test_a_window_left_open_after_submitting_keeps_what_was_typed(world, sign_in):
    row = world.ours.returns["school"]
    answer = sign_in(world.author_other).post(
        at("write_return", row), {"version": row.version, "learning": "Late words."}
    )
    assert answer.status_code == 409
    assert "Late words." in answer.content.decode()


def test_an_author_is_not_told_who_else_is_on_the_case(world, sign_in):
    row = world.ours.returns["uhnm"]
    sign_in(world.panel).get(at("agency_return", row))
    page = sign_in(world.author).get(at("agency_return", row)).content.decode()
    assert world.panel.name not in page
    assert world.officer.name in page


def test_after_sending_nothing_of_the_review_changes(world):
    case = world.ours
    services.REVIEW.take(case.review, "send", by=world.officer)
    with pytest.raises(services.Stale, match="was sent"):
        services.add_child(case.review, by=world.officer, age_band="0", legal_status="none")
    with pytest.raises(services.Stale, match="was sent"):
        services.sign_off(case.decision, by=world.signer_icb, seat="icb", stance="agrees")
    with pytest.raises(services.Stale, match="was sent"):
        returns.ask_agency(
            case.review, by=world.officer, agency=world.agencies["mpft"], author=world.lead_other,
            due_on=timezone.localdate() + timedelta(days=2), purpose="More.",
        )  # fmt: skip


def test_no_record_beside_a_written_answer_is_refused_so_that_nothing_is_dropped(world, sign_in):
    row = world.ours.returns["uhnm"]
    row = returns.save_return(row, by=world.author, version=1, answers={"family": "Known."})
    sent = {"version": row.version, "records_secured": "on", "declared": "on"} | day(
        "searched_on", timezone.localdate()
    )
    client = sign_in(world.author)
    page = client.get(at("nil_return", row)).content.decode()
    assert "empty what you wrote" in page and at("write_return", row) in page and at("finish_return", row) in page
    answer = client.post(at("nil_return", row), sent)
    assert answer.status_code == 422
    row = returns.save_return(row, by=world.author, version=row.version, answers={"family": ""})
    assert client.post(at("nil_return", row), sent | {"version": row.version}).status_code == 302


def test_the_list_begins_with_the_review_that_must_be_sent_next_and_ends_with_those_sent(world):
    ours, others = world.ours.review, [open_case(world, f"order-{n}", by=world.officer).review for n in range(3)]
    for review, days, status in zip(others, (40, 3, 90), ("open", "open", "sent"), strict=True):
        Review.objects.filter(pk=review.pk).update(notified_on=ours.notified_on - timedelta(days=days), status=status)
    rows = reads.list_of_reviews(world.officer)
    assert [row.pk for row in rows] == [others[0].pk, others[1].pk, ours.pk, others[2].pk]


def test_a_child_too_many_or_for_a_review_that_went_is_refused_in_words(world, sign_in):
    case, client = world.ours, sign_in(world.officer)
    typed = {"outcome": "harmed", "age_band": "1-4", "legal_status": "cin"}
    for _ in range(23):
        services.add_child(case.review, by=world.officer, age_band="1-4", legal_status="cin")
    answer = client.post(at("add_child", case.review), typed)
    assert answer.status_code == 422 and "at most 24 children" in answer.content.decode()
    Review._base_manager.filter(pk=case.review.pk).update(status=Review.Status.SENT)
    answer = client.post(at("add_child", case.review), typed)
    assert answer.status_code == 409 and "can no longer be changed" in answer.content.decode()


LEAVER = {"kind": "leaver", "harm": "death", "age_band": "18-24", "legal_status": "leaver"}
LOOKED_AFTER = {"kind": "lac", "harm": "death", "age_band": "1-4", "legal_status": "lac"}


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (LEAVER, {"harm": "harm"}),
        (LEAVER, {"age_band": "1-4"}),
        (LEAVER, {"legal_status": "none"}),
        (LOOKED_AFTER, {"legal_status": "none"}),
        (LOOKED_AFTER | {"kind": "incident"}, {"age_band": "18-24"}),
    ],
)
def test_a_kind_of_death_asks_for_a_death_at_its_age_and_standing(world, right, wrong):
    (name,) = wrong
    assert name in NotifyForm(QueryDict(urlencode(right | wrong)), user=world.officer).errors
    assert not right.keys() & NotifyForm(QueryDict(urlencode(right)), user=world.officer).errors.keys()


def test_the_report_is_marked_as_old_once_what_it_prints_has_changed(world):
    """Each deed that changes what the report says, by itself."""
    case = world.ours
    old = lambda: reads.review_page(world.officer, Review.objects.select_related(*LOADED).get(pk=case.review.pk))  # noqa: E731
    for change in (
        lambda: services.add_child(case.review, by=world.officer, age_band="1-4", legal_status="cin"),
        lambda: returns.withdraw(AgencyReturn.objects.get(pk=case.returns["uhnm"].pk), by=world.officer, note="No."),
        lambda: notifying.change_notification(
            Notification.objects.get(review=case.review), by=world.officer, version=1, what_happened="Another account."
        ),
        lambda: notifying.change_child(case.child, by=world.officer, version=1, age_band="15-17"),
    ):
        Version._base_manager.filter(pk=case.version.pk).update(made_at=timezone.now())
        assert not old().changed_since_report
        change()
        assert old().changed_since_report
