"""Nothing typed is lost when the session has ended; and nobody but its author gets at it (docs/adr/0012)."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partnership.access import kept, page
from partnership.access.middleware import SEEN
from partnership.access.models import Conflict, KeptForm
from partnership.access.replies import GONE, KEPT
from partnership.access.tasks import dispose
from tests.world import sign_in as sign_in_on

WORDS = "What the family told us on Tuesday."


@pytest.fixture
def path(world):
    return reverse("reviews:decide", args=[world.ours.review.pk])


@pytest.fixture
def typed(world, client, path):
    """What the officer typed into a form that was drawn for her; her session has not ended yet."""
    return typed_by(sign_in_on(client, world.officer), path)


def typed_by(client, path, words=WORDS):
    form = client.get(path).context["form"]
    fresh = {name: form[name].value() for name in ("standing", kept.FIELD)}
    return {"code": "local", "rationale": words, **fresh}


def lie_idle(client):
    session = client.session
    session[SEEN] = session.get(SEEN, 0) - settings.SESSION_IDLE_SECONDS - 60
    session.save()


def next_of(answer):
    """Where sign-in leads back to."""
    location = answer.headers.get("Location") or answer["HX-Redirect"]
    assert location.startswith("/account/login/?next=")
    return parse_qs(urlsplit(location).query)["next"][0]


@pytest.mark.parametrize("end", ["idle", "signed out in another tab", "session cleared", "switched to another browser"])
def test_what_was_typed_is_there_again_after_signing_in(world, client, path, typed, end):
    if end == "idle":
        lie_idle(client)
    elif end == "signed out in another tab":
        client.post(reverse("account_logout"))
    elif end == "session cleared":
        client.session.flush()
    else:
        client = Client()
    back = next_of(client.post(path, typed))
    assert back.startswith(f"{path}?kept=")
    sign_in_on(client, world.officer)
    page = client.get(back)
    assert page.status_code == 200
    assert WORDS in page.content.decode() and KEPT in page.content.decode()
    assert page.context["form"]["code"].value() == "local"
    assert client.get(path).context["form"]["rationale"].value() != WORDS, "and not at the page as such"


def test_its_author_is_told_of_it_at_the_form_and_nobody_else_is(world, client, path, typed):
    lie_idle(client)
    back = next_of(client.post(path, typed))
    sign_in_on(client, world.officer)
    told = f'that was not sent. <a class="govuk-link" href="{back}">Open it</a>'
    assert told in client.get(path).content.decode()
    assert "that was not sent." not in client.get(back).content.decode(), "it is open"
    assert "that was not sent." not in client.get(f"{path}?grant=1").content.decode(), "it may be about another one"
    elsewhere = reverse("reviews:add_child", args=[world.ours.review.pk])
    assert "that was not sent." not in client.get(elsewhere).content.decode()
    assert "that was not sent." not in sign_in_on(Client(), world.manager).get(path).content.decode()
    with time_machine.travel(timezone.now() + kept.LIFE + timedelta(seconds=5), tick=False):
        assert "that was not sent." not in sign_in_on(client, world.officer).get(path).content.decode()


def test_it_is_not_sent_before_its_author_sends_it_and_then_it_is_gone(world, client, path, typed):
    before = world.ours.review.decisions.unscoped("counted").count()
    lie_idle(client)
    back = next_of(client.post(path, typed))
    sign_in_on(client, world.officer)
    again = client.get(back).context["form"]
    assert world.ours.review.decisions.unscoped("counted").count() == before
    sent = {name: again[name].value() for name in again.fields}
    assert sent[kept.FIELD] == typed[kept.FIELD], "the same form: had it arrived after all, it would be one record"
    assert client.post(back, sent)["Location"] == reverse("reviews:review", args=[world.ours.review.pk])
    assert world.ours.review.decisions.unscoped("counted").count() == before + 1
    assert not KeptForm.objects.exists()


def test_showing_it_again_is_a_reading_even_where_something_in_it_is_wrong(world, client, monkeypatch):
    path = reverse("reviews:change_person", args=[world.ours.identity.pk])
    token = sign_in_on(client, world.officer).get(path).context["form"][kept.FIELD].value()
    lie_idle(client)
    back = next_of(client.post(path, {"name": "", kept.FIELD: token}))
    sign_in_on(client, world.officer)
    readings = []
    monkeypatch.setattr(page, "record_reading", lambda verb, **facts: readings.append(verb))
    answer = client.get(back)
    assert answer.status_code == 200 and answer.context["form"].errors
    assert "identity_read" in readings


def test_somebody_else_who_signs_in_instead_sees_nothing_of_it(world, client, path, typed):
    lie_idle(client)
    back = next_of(client.post(path, typed))
    for persona in ("manager", "case_officer", "panel", "stranger"):
        page = sign_in_on(Client(), world.people[persona]).get(back)
        assert WORDS not in page.content.decode(), persona
    assert WORDS not in client.get(back, follow=True).content.decode()
    lead = sign_in_on(Client(), world.manager)
    if (answer := lead.get(back)).status_code == 200:
        assert GONE in answer.content.decode()


def test_it_is_shown_at_its_own_address_alone_and_to_who_may_open_it_still(world, client, path, typed):
    lie_idle(client)
    back = next_of(client.post(path, typed))
    sign_in_on(client, world.officer)
    elsewhere = reverse("reviews:add_child", args=[world.ours.review.pk])
    assert WORDS not in client.get(f"{elsewhere}?{back.split('?')[1]}").content.decode()
    world.ours.folder.grants.filter(user=world.officer).update(ends=timezone.now())
    assert client.get(back).status_code == 404


def test_after_half_an_hour_it_is_gone_and_the_sweep_deletes_it(world, client, path, typed):
    lie_idle(client)
    back = next_of(client.post(path, typed))
    with time_machine.travel(timezone.now() + kept.LIFE - timedelta(seconds=5), tick=False):
        dispose()
        assert KeptForm.objects.exists()
    with time_machine.travel(timezone.now() + kept.LIFE + timedelta(seconds=5), tick=False):
        page = sign_in_on(client, world.officer).get(back).content.decode()
        assert WORDS not in page and GONE in page
        dispose()
    assert not KeptForm.objects.exists()


@pytest.mark.parametrize("name, field", [("access:take_off", "grant"), ("access:lift_bar", "bar")])
def test_a_question_about_one_access_or_bar_comes_back_about_the_same_one(world, client, name, field):
    grants, bars = world.ours.folder.grants.filter(user=world.panel), Conflict.objects.filter(user=world.barred)
    row = {"grant": grants, "bar": bars}[field].get()
    path = f"{reverse(name, args=[world.ours.folder.pk])}?{field}={row.pk}"
    form = sign_in_on(client, world.officer).get(path).context["form"]
    lie_idle(client)
    back = next_of(client.post(path, {name: form[name].value() for name in (field, kept.FIELD)}))
    page = sign_in_on(client, world.officer).get(back)
    assert page.status_code == 200 and row.user.name in page.content.decode() and KEPT in page.content.decode()


def test_in_the_database_it_is_ciphertext(world, client, path, typed):
    lie_idle(client)
    client.post(path, typed)
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(k)::text, encode(sealed, 'escape') FROM access_keptform k")
        stored = str(cursor.fetchall())
    assert stored != "[]" and "Tuesday" not in stored


def test_passwords_and_tokens_of_the_browser_are_never_kept(world, client, path, typed):
    lie_idle(client)
    back = next_of(client.post(path, typed | {"password1": "three random words", "csrfmiddlewaretoken": "x" * 64}))
    sign_in_on(client, world.officer)
    request = client.get(back).wsgi_request
    assert set(kept.again(request)) == set(typed)


@pytest.mark.parametrize("token", ["", "7a0d2b58-52b0-4f9b-8d3e-4f1f0b7b8a11", "forged", "a:b:c:d", "x" * 5000, "é:\0"])
def test_a_form_that_does_not_say_whose_it_is_is_not_kept(world, client, path, token):
    answer = client.post(path, {"rationale": WORDS, kept.FIELD: token})
    assert answer["Location"] == "/account/login/?next=/"
    assert not KeptForm.objects.exists()


def test_a_token_that_names_somebody_else_than_was_signed_is_worth_nothing(world, client, path, typed):
    number, _, *rest = typed[kept.FIELD].split(":")
    forged = ":".join([number, str(world.manager.pk), *rest])
    client.post(reverse("account_logout"))
    client.post(path, typed | {kept.FIELD: forged})
    assert not KeptForm.objects.exists()


def test_a_token_of_last_week_and_one_of_an_account_that_was_switched_off_keep_nothing(world, client, path, typed):
    client.post(reverse("account_logout"))
    with time_machine.travel(timezone.now() + kept.TOKEN_LIFE + timedelta(minutes=1), tick=False):
        client.post(path, typed)
    type(world.officer).objects.filter(pk=world.officer.pk).update(is_active=False)
    client.post(path, typed)
    assert not KeptForm.objects.exists()


def test_a_post_from_another_site_leaves_nothing_even_with_a_good_token(world, path, client, typed):
    strict = Client(enforce_csrf_checks=True)
    strict.get(reverse("account_login"))
    for origin in ("https://evil.example", "null"):
        assert strict.post(path, typed, headers={"Origin": origin}).status_code == 403
    assert strict.post(path, typed | {kept.FIELD: ""}).status_code == 403
    assert not KeptForm.objects.exists()


def test_who_signed_in_again_in_another_tab_finds_it_behind_the_refusal(world, path):
    client = sign_in_on(Client(enforce_csrf_checks=True), world.officer)
    data = typed_by(client, path) | {"csrfmiddlewaretoken": "a" * 64}  # the token from before the second sign-in
    answer = client.post(path, data)
    assert answer.status_code == 403
    back = answer.context["again"]
    assert back in answer.content.decode()
    assert WORDS in client.get(back).content.decode()
    # An autosave, which keeps its words on the page and tries again, does not fill what is kept.
    client.post(path, data, headers={"HX-Request": "true"})
    assert KeptForm.objects.count() == 1


def test_on_a_shared_browser_it_is_kept_for_the_author_not_for_who_signed_in_since(world, path):
    client = sign_in_on(Client(enforce_csrf_checks=True), world.officer)
    data = typed_by(client, path) | {"csrfmiddlewaretoken": "a" * 64}
    sign_in_on(client, world.case_officer)
    back = client.post(path, data).context["again"]
    assert WORDS not in client.get(back).content.decode()
    assert KeptForm.objects.get().user == world.officer
    assert WORDS in sign_in_on(client, world.officer).get(back).content.decode()


def test_an_autosave_whose_session_has_ended_is_kept_and_says_where(world, client):
    row = world.ours.returns["uhnm"]
    path = reverse("reviews:write_return", args=[row.pk])
    type(row).objects.unscoped("begins again").filter(pk=row.pk).update(status="asked")
    sign_in_on(client, world.author)
    form = client.get(path).context["form"]
    lie_idle(client)
    data = {"family": WORDS, "version": form["version"].value(), kept.FIELD: form[kept.FIELD].value(), "autosave": "1"}
    answer = client.post(path, data, headers={"HX-Request": "true", "HX-Current-URL": f"http://testserver{path}"})
    assert answer.status_code == 204
    page = sign_in_on(client, world.author).get(next_of(answer))
    assert page.context["form"]["family"].value() == WORDS


def test_too_much_is_not_kept_and_one_person_keeps_ten_at_most(world, client, path, typed):
    client.post(reverse("account_logout"))
    client.post(path, typed | {"rationale": "x" * kept.MOST_BYTES})
    assert not KeptForm.objects.exists()
    backs = [next_of(client.post(path, typed | {"rationale": f"{WORDS} {n}"})) for n in range(kept.MOST + 3)]
    assert KeptForm.objects.count() == kept.MOST
    sign_in_on(client, world.officer)
    assert f"{WORDS} 12" in client.get(backs[-1]).content.decode()
    assert WORDS not in client.get(backs[0]).content.decode()


def test_what_is_kept_under_a_lost_key_is_an_empty_form_not_a_crash(world, client, path, typed):
    lie_idle(client)
    back = next_of(client.post(path, typed))
    KeptForm.objects.update(sealed=b"gAAAAA")
    page = sign_in_on(client, world.officer).get(back)
    assert page.status_code == 200 and GONE in page.content.decode()


def test_the_sign_in_page_says_that_it_is_kept_and_leads_back_to_it(world, client, path, typed):
    client.post(reverse("account_logout"))
    answer = client.post(path, typed)
    page = client.get(answer["Location"]).content.decode()
    assert "is kept for 30 minutes" in page
    assert "is kept for 30 minutes" not in client.get(reverse("account_login")).content.decode()


def test_a_button_that_only_acts_is_not_kept(world, client, typed):
    """Its address shows no form, so there would be nothing to come back to."""
    client.post(reverse("account_logout"))
    answer = client.post(reverse("reviews:make_report", args=[world.ours.review.pk]), typed)
    assert answer["Location"] == "/account/login/?next=/"
    assert not KeptForm.objects.exists()
