"""What holds for every answer: deny by default, the idle limit, the second factor, headers, cross-site forms."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from partnership.access.middleware import BEFORE_SECOND_FACTOR, SEEN
from tests.world import PERSONAS
from tests.world import sign_in as sign_in_on

CSP = {
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "font-src 'self'",
    "connect-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'",
}  # fmt: skip


def idle(client, seconds):
    session = client.session
    session[SEEN] = session.get(SEEN, 0) - seconds
    session.save()


def test_a_session_that_lay_idle_has_ended(world, client):
    sign_in_on(client, world.officer)
    assert client.get("/home").status_code == 200
    idle(client, settings.SESSION_IDLE_SECONDS - 60)
    assert client.get("/home").status_code == 200
    idle(client, settings.SESSION_IDLE_SECONDS + 60)
    assert client.get("/home")["Location"] == "/account/login/?next=/home"
    assert client.get("/home").status_code == 302, "and stays ended"


def test_polling_keeps_no_session_alive(world, client):
    sign_in_on(client, world.officer)
    client.get("/home")
    poll = reverse("jobs:job", args=[world.ours.job.pk])
    idle(client, settings.SESSION_IDLE_SECONDS - 60)
    before = client.session[SEEN]
    assert client.get(poll, headers={"HX-Request": "true"}).status_code == 200
    assert client.session[SEEN] == before
    idle(client, 120)
    assert client.get(poll, headers={"HX-Request": "true"}).status_code == 204


def test_nobody_goes_on_without_a_second_factor(world):
    door = reverse("mfa_activate_totp")
    for persona in PERSONAS:
        client = sign_in_on(Client(), world.people[persona], second_factor=False)
        for path in ("/home", reverse("reviews:review", args=[world.ours.review.pk]), "/directory/"):
            response = client.get(path)
            assert (response.status_code, response["Location"]) == (302, door), persona
            response = client.post(path, headers={"HX-Request": "true"})
            assert (response.status_code, response["HX-Redirect"]) == (204, door), persona


def test_what_is_open_before_the_second_factor_is_signing_in_and_nothing_else():
    assert {name.split("_")[0] for name in BEFORE_SECOND_FACTOR} == {"account", "mfa"}
    assert not {name for name in BEFORE_SECOND_FACTOR if "codes" in name or "password" in name or "index" in name}


def test_a_session_record_of_another_method_is_no_second_factor(world):
    client = sign_in_on(Client(), world.officer, second_factor=False)
    session = client.session
    session["account_authentication_methods"] = [
        *session["account_authentication_methods"], {"method": "demo", "at": 1.0}, {"method": "password", "at": 2.0},
    ]  # fmt: skip
    session.save()
    assert client.get("/home").status_code == 302


@pytest.mark.parametrize("path", ["/home", "/reviews/", "/directory/", "/account/login/", "/ui/gallery", "/nowhere"])
def test_every_answer_carries_the_same_safe_headers(world, client, path):
    sign_in_on(client, world.officer)
    response = client.get(path)
    assert set(response["Content-Security-Policy"].split("; ")) == CSP
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in response["Permissions-Policy"]


@pytest.mark.parametrize("signed_in", [True, False])
def test_no_answer_of_a_page_is_kept_by_a_browser(world, client, signed_in):
    if signed_in:
        sign_in_on(client, world.officer)
    paths = ["/home", "/reviews/", reverse("reviews:review", args=[world.ours.review.pk]), "/directory/"]
    for path in paths:
        assert "no-store" in client.get(path)["Cache-Control"], path
        assert "no-store" in client.get(path, headers={"HX-Request": "true"})["Cache-Control"], path


def test_a_download_runs_nothing_and_is_kept_by_nobody(world, client):
    sign_in_on(client, world.officer)
    response = client.get(reverse("documents:download", args=[world.ours.version.pk]))
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert (response["X-Content-Type-Options"], response["Cross-Origin-Resource-Policy"]) == ("nosniff", "same-origin")
    assert "no-store" in response["Cache-Control"]


def test_a_fragment_and_its_page_are_never_mistaken_for_each_other(world, client):
    """One address, two bodies: a cache or the Back button must not show a fragment as a page."""
    sign_in_on(client, world.officer)
    page = client.get("/directory/")
    fragment = client.get("/directory/", headers={"HX-Request": "true", "HX-Target": "results"})
    assert b"<html" in page.content and b"<html" not in fragment.content
    for response in (page, fragment):
        assert "no-store" in response["Cache-Control"]


class TestForgedForms:
    """Bad inputs 43 and 44."""

    @pytest.fixture
    def strict(self, world):
        client = sign_in_on(Client(enforce_csrf_checks=True), world.officer)
        page = client.get(reverse("reviews:add_child", args=[world.ours.review.pk])).content.decode()
        self.token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
        self.path = reverse("reviews:add_child", args=[world.ours.review.pk])
        self.children = world.ours.review.children.unscoped("counted")
        return client

    data = {"age_band": "0", "legal_status": "cp", "outcome": "concern"}

    def test_a_form_without_its_token_is_refused(self, strict):
        for data in (self.data, self.data | {"csrfmiddlewaretoken": "a" * 64}):
            response = strict.post(self.path, data)
            assert response.status_code == 403
        assert self.children.count() == 1
        assert strict.post(self.path, self.data | {"csrfmiddlewaretoken": self.token}).status_code == 302

    def test_another_sessions_token_is_refused(self, strict, world):
        other = sign_in_on(Client(enforce_csrf_checks=True), world.officer)
        other.get("/home")
        assert other.post(self.path, self.data | {"csrfmiddlewaretoken": self.token}).status_code == 403

    @pytest.mark.parametrize("origin", ["null", "https://evil.example", "http://testserver.evil.example"])
    def test_a_form_from_another_site_is_refused(self, strict, origin):
        data = self.data | {"csrfmiddlewaretoken": self.token}
        assert strict.post(self.path, data, headers={"Origin": origin}).status_code == 403
        assert self.children.count() == 1

    def test_a_body_that_is_no_form_is_refused(self, strict):
        body = f"age_band=0&legal_status=cp&csrfmiddlewaretoken={self.token}"
        assert strict.post(self.path, body, content_type="text/plain").status_code == 403

    @pytest.mark.parametrize(
        "headers",
        [{"Host": "evil.example"}, {"Host": "testserver@evil.example"}, {"Host": "testserver:80:90"}],
        ids=lambda headers: headers["Host"],
    )
    def test_a_forged_host_is_refused(self, db, client, headers):
        assert client.get("/account/login/", headers=headers).status_code == 400

    def test_a_proxys_headers_are_not_believed_from_anybody(self, world, client):
        response = client.get("/home", headers={"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"})
        assert "evil" not in response["Location"] and response["Location"].startswith("/account/login/")


@pytest.mark.parametrize(
    "path", ["///evil.example/", "/reviews/..%2f..%2fetc", "/reviews;x=1", "/reviews/%2e%2e/home ", "/%00"]
)
def test_crooked_paths_lead_nowhere(world, client, path):
    sign_in_on(client, world.officer)
    response = client.get(path)
    assert response.status_code in (301, 400, 404)
    assert "evil" not in response.headers.get("Location", "")
