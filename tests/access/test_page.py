"""What `@page` promises: not seen is not there, a reading is written down, a double click is one record."""

import re
import uuid
from datetime import timedelta
from urllib.parse import urljoin, urlsplit

import pytest
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partnership.access import page
from partnership.access.checks import every_view_has_a_policy
from partnership.access.models import Submission
from partnership.access.story import story
from partnership.access.tasks import dispose
from partnership.trail.models import Event
from reviews.models import Review
from tests.world import make_world
from tests.world import sign_in as sign_in_on

throwaway = pytest.mark.urls("tests.access.pages")


def bare(response):
    """The body without the masked token, which differs each time."""
    return re.sub(rb"[A-Za-z0-9]{64}", b"", response.content)


def count(verb, **facts):
    return Event.objects.filter(verb=verb, **facts).count()


@throwaway
@pytest.mark.parametrize("persona", ["manager", "officer", "directory_admin", None])
def test_a_view_without_policy_is_shut_for_everybody(world, client, persona):
    if persona:
        sign_in_on(client, getattr(world, persona))
    response = client.get("/thrown/without-policy")
    assert response.status_code == 403
    assert b"everything" not in response.content


@throwaway
def test_a_view_without_policy_is_named_by_the_system_check():
    (error,) = every_view_has_a_policy()
    assert error.id == "access.E001" and "thrown/without-policy" in error.msg


def test_what_one_may_not_see_answers_exactly_as_what_does_not_exist(world, client):
    sign_in_on(client, world.officer)
    for url, pk in [
        ("reviews:review", world.theirs.review.pk),
        ("reviews:write_section", world.theirs.review.sections.first().pk),
        ("reviews:change_person", world.theirs.identity.pk),
        ("access:people", world.theirs.folder.pk),
        ("documents:download", world.theirs.version.pk),
        ("jobs:job", world.theirs.job.pk),
    ]:
        for method in ("get", "post"):
            unseen = getattr(client, method)(reverse(url, args=[pk]))
            absent = getattr(client, method)(reverse(url, args=[uuid.uuid4()]))
            assert unseen.status_code == absent.status_code in (404, 405)
            assert bare(unseen) == bare(absent)
            assert sorted(unseen.headers) == sorted(absent.headers)


def test_a_child_row_of_another_case_is_not_reached_through_ones_own_pages(world, client):
    """The decision of their case, signed on the page of ours; their grant, taken off on the people page of ours."""
    sign_in_on(client, world.signer_icb)
    signed = client.post(
        reverse("reviews:sign_off", args=[world.ours.review.pk]),
        {"decision": world.theirs.decision.pk, "seat": "icb", "stance": "agrees"},
    )
    assert signed.status_code == 404
    sign_in_on(client, world.officer)
    (grant, *_) = world.theirs.folder.grants.filter(ends=None)
    client.post(reverse("access:take_off", args=[world.ours.folder.pk]), {"grant": grant.pk})
    grant.refresh_from_db()
    assert grant.ends is None


@throwaway
def test_a_get_cannot_write(world, client):
    sign_in_on(client, world.officer)
    client.raise_request_exception = False
    assert client.get("/thrown/writes").status_code == 500
    assert count("thrown_away") == 0


@throwaway
def test_a_post_that_is_refused_leaves_nothing_behind(world, client):
    sign_in_on(client, world.officer)
    for status in (422, 409, 400):
        assert client.post(f"/thrown/writes?status={status}").status_code == status
        assert count("thrown_away") == 0
    assert client.post("/thrown/writes?status=302").status_code == 302
    assert count("thrown_away") == 1


@throwaway
def test_rows_fetched_past_the_rule_fail_the_page(world, client):
    sign_in_on(client, world.officer)
    client.raise_request_exception = False
    response = client.get("/thrown/fetches-all")
    assert response.status_code == 500
    assert str(world.ours.review.pk).encode() not in response.content


def test_a_reading_is_written_once_in_fifteen_minutes(world, client):
    sign_in_on(client, world.panel)
    path = reverse("reviews:review", args=[world.ours.review.pk])
    for _ in range(3):
        assert client.get(path).status_code == 200
    mine = {"actor_id": world.panel.pk, "object_id": world.ours.review.pk}
    assert count("read", **mine) == 1
    assert Event.objects.get(verb="read", **mine).folder_id == world.ours.folder.pk


def test_after_fifteen_minutes_a_reading_is_written_again(world, client):
    sign_in_on(client, world.panel)
    path = reverse("documents:download", args=[world.ours.version.pk])
    page = reverse("reviews:review", args=[world.ours.review.pk])
    client.get(page)
    first = Event.objects.filter(verb="read", actor_id=world.panel.pk).values().get()
    earlier = timezone.now() - timedelta(minutes=16)
    world_of = {key: value for key, value in first.items() if key not in ("id", "actor_id")}
    other = world.signer_icb
    Event.objects.create(**world_of | {"actor_id": other.pk, "recorded_at": earlier, "happened_at": earlier})
    sign_in_on(client, other)
    client.get(page)
    assert count("read", actor_id=other.pk) == 2
    for _ in range(2):
        client.get(path)
    assert count("downloaded", actor_id=other.pk) == 2, "every download is written down"


def test_a_list_writes_one_event_with_the_ids_that_it_showed(world, client):
    sign_in_on(client, world.officer)
    assert client.get(reverse("reviews:reviews")).status_code == 200
    (event,) = Event.objects.filter(verb="listed", actor_id=world.officer.pk)
    assert event.data == {"ids": [str(world.ours.review.pk)], "folders": [str(world.ours.folder.pk)]}


def test_a_list_stands_in_the_story_of_each_folder_that_it_showed(world, client):
    sign_in_on(client, world.panel)
    client.get(reverse("reviews:reviews"))
    assert ("Panel", "saw it in a list") in {(each.who, each.what) for each in story(folder_id=world.ours.folder.pk)}
    assert "Panel" not in {each.who for each in story(folder_id=world.theirs.folder.pk)}


def test_an_empty_post_reads_nothing_in_secret(world, client):
    sign_in_on(client, world.officer)
    answer = client.post(reverse("reviews:change_person", args=[world.ours.identity.pk]))
    assert answer.status_code == 422
    assert Event.objects.filter(verb="identity_read", actor_id=world.officer.pk).count() == 1


def test_reading_identifiers_is_an_event_of_its_own(world, client):
    sign_in_on(client, world.author)
    assert client.get(reverse("reviews:search_record", args=[world.ours.returns["uhnm"].pk])).status_code == 200
    (event,) = Event.objects.filter(verb="identity_read", actor_id=world.author.pk)
    assert event.data["ids"] == [str(world.ours.identity.pk)] and event.folder_id == world.ours.folder.pk


@pytest.mark.parametrize("url, row", [("reviews:review", "review"), ("documents:download", "version")])
def test_a_page_whose_reading_cannot_be_written_is_not_shown(world, client, monkeypatch, url, row):
    def broken(*args, **kwargs):
        raise DatabaseError("disk full")

    monkeypatch.setattr(page, "record_reading", broken)
    monkeypatch.setattr(page, "record", broken)
    sign_in_on(client, world.officer)
    client.raise_request_exception = False
    response = client.get(reverse(url, args=[getattr(world.ours, row).pk]))
    assert response.status_code == 500
    assert b"canary" not in response.content and world.ours.folder.reference.encode() not in response.content


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_refusal_is_written_after_the_rollback(world, client, method):
    sign_in_on(client, world.panel)
    unseen, seen = world.theirs.review.pk, world.ours.review.pk
    assert getattr(client, method)(reverse("reviews:decide", args=[unseen])).status_code == 404
    assert getattr(client, method)(reverse("reviews:decide", args=[seen])).status_code == 403
    refused = Event.objects.filter(verb="refused", actor_id=world.panel.pk).order_by("pk")
    assert [event.object_id for event in refused] == [unseen, seen]
    # Those who let people in see who was turned away; the others on the case do not.
    assert [event.folder_id for event in refused] == [world.theirs.folder.pk, world.ours.folder.pk]
    page = reverse("access:folder_story", args=[world.ours.folder.pk])
    assert "was refused a page" not in client.get(page).content.decode()
    sign_in_on(client, world.officer)
    assert "was refused a page" in client.get(page).content.decode()


def test_refusals_of_one_row_are_one_event_in_a_quarter_of_an_hour(world, client):
    sign_in_on(client, world.colleague)
    for _ in range(3):
        client.get(reverse("reviews:review", args=[world.ours.review.pk]))
    assert Event.objects.filter(verb="refused", actor_id=world.colleague.pk).count() == 1


def test_a_progress_poll_is_neither_logged_nor_counted_as_use(world, client):
    sign_in_on(client, world.officer)
    before = dict(client.session)
    last = Event.objects.latest("pk").pk
    response = client.get(reverse("jobs:job", args=[world.ours.job.pk]), headers={"HX-Request": "true"})
    assert response.status_code == 200
    assert dict(client.session) == before
    assert not Event.objects.filter(pk__gt=last).exists()


def test_head_answers_as_get_without_a_body_and_other_methods_are_refused(world, client):
    sign_in_on(client, world.officer)
    path = reverse("reviews:review", args=[world.ours.review.pk])
    head = client.head(path)
    assert head.status_code == 200 and head.content == b""
    for method in ("PUT", "DELETE", "PATCH", "TRACE", "OPTIONS", "PROPFIND"):
        response = client.generic(method, path)
        assert response.status_code == 405, method
        assert b"canary" not in response.content


class TestSignInFirst:
    def test_a_page_leads_to_sign_in_and_back(self, world, client):
        path = reverse("reviews:review", args=[world.ours.review.pk])
        response = client.get(path + "?tab=1")
        assert response.status_code == 302
        assert response["Location"] == f"/account/login/?next={path}%3Ftab%3D1"

    def test_a_posted_form_is_not_posted_again_after_sign_in(self, world, client):
        response = client.post(reverse("reviews:decide", args=[world.ours.review.pk]), {"code": "none"})
        assert response["Location"] == "/account/login/?next=/"

    def test_a_fragment_asked_for_without_a_session_leads_the_whole_page_to_sign_in(self, world, client):
        path = reverse("reviews:reviews")
        headers = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{path}?page=2"}
        response = client.get(reverse("jobs:job", args=[world.ours.job.pk]), headers=headers)
        assert (response.status_code, response.content) == (204, b"")
        assert response["HX-Redirect"] == f"/account/login/?next={path}"

    @pytest.mark.parametrize(
        "forged",
        [
            "https://evil.example/x",
            "//evil.example/x",
            "/\\evil.example",
            "javascript:alert(1)",
            "https:evil.example",
            "",
        ],
    )
    def test_a_forged_current_url_leads_nowhere_else(self, db, client, forged):
        response = client.get("/home", headers={"HX-Request": "true", "HX-Current-URL": forged})
        assert response.status_code == 204
        assert "evil" not in response["HX-Redirect"] and "alert" not in response["HX-Redirect"]

    @pytest.mark.parametrize(
        "evil",
        ["//evil.example", "/\\evil.example", "https:evil.example", "https://evil.example", "javascript:alert(1)",
         "%2f%2fevil.example", "http:///evil.example", "\t//evil.example"],
    )  # fmt: skip
    def test_signing_in_leads_to_no_other_site(self, world, client, evil):
        sign_in_on(client, world.officer)
        for response in (
            client.get("/account/login/", {"next": evil}),
            client.post("/account/login/", {"next": evil, "login": world.officer.email, "password": "x"}),
        ):
            target = response.headers.get("Location", "/home")
            assert urlsplit(urljoin("http://testserver/account/", target.replace("\\", "/"))).netloc == "testserver"


class TestSentTwice:
    """One form_token, one record: a second click, the back button, a retry after a time-out (bad input 33)."""

    data = {"age_band": "0", "legal_status": "cp", "outcome": "concern"}

    def test_a_form_sent_again_lands_where_the_first_did(self, world, client):
        sign_in_on(client, world.officer)
        path, token = reverse("reviews:add_child", args=[world.ours.review.pk]), uuid.uuid4()
        first = client.post(path, self.data | {"form_token": token})
        again = client.post(path, self.data | {"form_token": token})
        added = world.ours.review.children.unscoped("the newest").latest("pseudonym")
        assert first["Location"] == again["Location"] == reverse("reviews:identify_child", args=[added.pk])
        assert world.ours.review.children.unscoped("counted").count() == 2

    def test_a_form_that_was_refused_can_be_sent_again_with_the_same_token(self, world, client):
        sign_in_on(client, world.officer)
        path, token = reverse("reviews:add_child", args=[world.ours.review.pk]), uuid.uuid4()
        assert client.post(path, {"age_band": "0", "form_token": token}).status_code == 422
        assert client.post(path, self.data | {"form_token": token}).status_code == 302
        assert world.ours.review.children.unscoped("counted").count() == 2

    def test_another_persons_token_neither_tells_anything_nor_drops_what_is_sent(self, world, client):
        token = uuid.uuid4()
        path = reverse("reviews:add_child", args=[world.ours.review.pk])
        sign_in_on(client, world.officer)
        first = client.post(path, self.data | {"form_token": token})
        sign_in_on(client, world.case_officer)
        response = client.post(path, self.data | {"form_token": token})
        assert response.status_code == 302 and response["Location"] != first["Location"]
        assert world.ours.review.children.unscoped("counted").count() == 3

    def test_a_token_never_stands_in_for_the_right_to_post(self, world, client):
        token = uuid.uuid4()
        Submission.objects.create(token=token, user=world.panel, location="/reviews/")
        sign_in_on(client, world.panel)
        client.post(reverse("reviews:add_child", args=[world.ours.review.pk]), self.data | {"form_token": token})
        assert world.ours.review.children.unscoped("counted").count() == 1

    def test_what_was_sent_is_forgotten_when_no_page_can_send_it_again(self, world):
        for days in (6, 8):
            at = timezone.now() - timedelta(days=days)
            Submission.objects.create(token=uuid.uuid4(), user=world.panel, created_at=at)
        dispose()
        assert Submission.objects.get().created_at > timezone.now() - timedelta(days=7)

    def test_two_clicks_at_the_same_moment_make_one_record(self, committed, at_once):
        world = make_world()
        token = uuid.uuid4()
        path = reverse("reviews:add_child", args=[world.ours.review.pk])
        clients = [sign_in_on(Client(), world.officer) for _ in range(2)]
        answers = at_once(*[lambda c=c: c.post(path, self.data | {"form_token": token}) for c in clients])
        assert [answer.status_code for answer in answers] == [302, 302]
        assert answers[0]["Location"] == answers[1]["Location"]
        review = Review.objects.unscoped("counted").get(pk=world.ours.review.pk)
        assert review.children.unscoped("counted").count() == 2


@pytest.mark.parametrize(
    "query",
    ["page=-1", "page=99999999999999999999", "page=abc", "status=nothing", "order_by=password", 
     "status=open&status=sent", "_connector=OR", "pk=1 OR 1=1", f"page={2**63}", "q=%F0%9F%92%A9"],
)  # fmt: skip
def test_odd_questions_of_a_list_are_answered_plainly(world, client, query):
    sign_in_on(client, world.officer)
    assert client.get(f"/reviews/?{query}").status_code == 200


@pytest.mark.parametrize("query", ["status=%00", "page=%00", "%00=1", "status=%ED%A0%80"])
def test_bytes_that_no_text_can_hold_are_a_plain_400(world, client, query):
    sign_in_on(client, world.officer)
    assert client.get(f"/reviews/?{query}").status_code in (200, 400)
    assert client.get("/reviews/?status=%00").status_code == 400


def test_a_thousand_and_one_fields_are_refused_and_a_forged_field_changes_nothing(world, client):
    sign_in_on(client, world.officer)
    path = reverse("reviews:add_child", args=[world.ours.review.pk])
    client.raise_request_exception = False
    assert client.post(path, {f"f{n}": "x" for n in range(2001)}).status_code == 400
    forged = {"status": "sent", "folder": world.theirs.folder.pk, "is_active": "", "review": world.theirs.review.pk}
    assert client.post(path, TestSentTwice.data | forged).status_code == 302
    review = Review.objects.unscoped("looked at").get(pk=world.ours.review.pk)
    assert review.status == "decided"
    assert world.theirs.review.children.unscoped("counted").count() == 1
