"""portal.js in Chromium: saving while one types, and long work that reports its progress.

The pages are the portal's own base page; the answers of the server are given by the test.
"""

import json
import re

import pytest
from django.template import engines

from tests import browser

pytestmark = [pytest.mark.browser, browser.needs_chromium]

FORM = """{% extends "base.html" %}{% block title %}Return{% endblock %}{% block content %}<h1>Return</h1>
<form method="post" action="/return/save" data-autosave novalidate>
  <input type="hidden" name="version" value="1">
  <label for="words">Words</label><textarea id="words" name="words"></textarea>
  <button>Save</button>
</form>
<p role="status" class="govuk-body portal-autosave" data-autosave-status></p>{% endblock %}"""


@pytest.fixture(scope="module")
def portal():
    with browser.serve() as address:
        yield address


def html(source, **context):
    return engines["django"].from_string(source).render(context)


@pytest.fixture
def form_page(chromium, portal):
    """open(answer) -> the page of a form; `answer` is what each saving is answered with, `sent` what was posted."""
    opened = []

    def start(**answer):
        page, _ = browser.open_page(chromium)
        opened.append(page)
        page.sent = []
        page.route("**/return", lambda route: route.fulfill(body=html(FORM), content_type="text/html"))

        def save(route):
            page.sent.append(route.request.post_data)
            if answer.get("offline"):
                route.abort()
            else:
                route.fulfill(**answer)

        page.route("**/return/save", save)
        page.goto(f"{portal}/return")
        browser.settled(page)
        return page

    yield start
    for page in opened:
        page.context.close()


def status(page, words):
    page.wait_for_selector(f"[data-autosave-status]:has-text('{words}')", timeout=6000)
    return page.text_content("[data-autosave-status]")


def saved(version=2):
    body = json.dumps({"saved_at": "2026-07-01T13:03:00Z", "version": version})
    return {"status": 200, "content_type": "application/json", "body": body}


def test_words_are_saved_after_a_pause_and_the_next_saving_knows_the_new_version(form_page):
    page = form_page(**saved())
    page.get_by_label("Words").press_sequentially("Seen twice")
    assert status(page, "Saved at") == "Saved at 14:03"
    assert page.input_value("[name=version]") == "2"
    assert len(page.sent) == 1
    assert "Seen twice" in page.sent[0]


def test_words_are_saved_on_leaving_the_field_and_only_when_they_changed(form_page):
    page = form_page(**saved())
    words = page.get_by_label("Words")
    words.fill("Seen")
    words.blur()
    status(page, "Saved at")
    words.focus()
    words.blur()
    page.wait_for_timeout(300)
    assert len(page.sent) == 1


@pytest.mark.parametrize("code", [403, 404])
def test_who_can_no_longer_write_is_told_to_copy_the_words_and_nothing_more_is_sent(form_page, code):
    page = form_page(status=code, body="")
    words = page.get_by_label("Words")
    words.fill("Seen")
    words.blur()
    assert "somebody else has signed in in this browser. Copy what you typed." in status(page, "no longer write here")
    words.fill("Seen twice")
    words.blur()
    page.wait_for_timeout(300)
    assert len(page.sent) == 1


def test_the_state_of_saving_stays_in_sight_and_off_paper_in_its_place(form_page):
    page = form_page(**saved())
    page.evaluate("document.querySelector('#words').style.height = '3000px'")
    words = page.get_by_label("Words")
    words.fill("Seen")
    words.blur()
    status(page, "Saved at")
    page.evaluate("window.scrollTo(0, 400)")
    box = "(() => { const b = document.querySelector('.portal-autosave').getBoundingClientRect(); return b.bottom; })()"
    assert page.evaluate(f"Math.round({box}) === window.innerHeight")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.querySelector('.portal-autosave')).position") == "static"


def test_somebody_elses_change_stops_the_saving_and_says_so(form_page):
    page = form_page(status=409, body="")
    page.get_by_label("Words").fill("Mine")
    page.get_by_label("Words").blur()
    assert "changed in another window or by somebody else" in status(page, "Not saved")
    assert page.input_value("#words") == "Mine"


def test_a_session_that_ended_keeps_the_words_and_offers_to_sign_in(form_page):
    page = form_page(status=204, headers={"HX-Redirect": "https://elsewhere.example/account/login/?next=/return"})
    page.get_by_label("Words").fill("Mine")
    page.get_by_label("Words").blur()
    assert "you have been signed out" in status(page, "Not saved")
    # Whatever the answer says, the link stays on this site.
    link = page.get_by_role("link", name="Sign in (opens in a new tab)")
    assert link.get_attribute("href") == "/account/login/?next=/return"
    assert page.input_value("#words") == "Mine"


def test_a_portal_that_cannot_be_reached_is_said_and_nothing_is_lost(form_page):
    page = form_page(offline=True)
    page.get_by_label("Words").fill("Mine")
    page.get_by_label("Words").blur()
    assert "could not be reached" in status(page, "Not saved")
    assert page.input_value("#words") == "Mine"


TWO_FORMS = """{% extends "base.html" %}{% block title %}Meeting{% endblock %}{% block content %}<h1>Meeting</h1>
<p data-live="quorum">Not quorate.</p>
{% for name in names %}<form method="post" action="/meeting/{{ name }}" data-autosave="quick" novalidate>
  <input type="hidden" name="version" value="1">
  <label for="{{ name }}">{{ name }}</label><textarea id="{{ name }}" name="text"></textarea>
  <p class="govuk-body portal-autosave" data-autosave-status></p><button>Save {{ name }}</button>
</form>{% endfor %}{% endblock %}"""


@pytest.fixture
def meeting_page(chromium, portal):
    """A page with two forms that save themselves. away: whether the network is; sent: (form, what was posted)."""
    page, _ = browser.open_page(chromium)
    page.away, page.sent = False, []
    source = html(TWO_FORMS, names=["one", "two"])
    page.route("**/meeting", lambda route: route.fulfill(body=source, content_type="text/html"))

    def save(route):
        page.sent.append((route.request.url.rsplit("/", 1)[-1], route.request.post_data))
        if page.away == "the answer":
            page.away = False
            route.abort()
        elif page.away:
            route.abort()
        else:
            reply = json.loads(saved(len(page.sent) + 1)["body"]) | {"live": {"quorum": "Quorate: <b>2</b>."}}
            route.fulfill(status=200, content_type="application/json", body=json.dumps(reply))

    page.route("**/meeting/*", save)
    page.goto(f"{portal}/meeting")
    browser.settled(page)
    yield page
    page.context.close()


def of_form(page, name, words):
    place = f"form[action$={name}] [data-autosave-status]"
    page.wait_for_selector(f"{place}:has-text('{words}')", timeout=6000)
    return page.text_content(place)


def test_ten_minutes_without_a_network_lose_nothing_and_leave_nothing_in_the_browser(meeting_page):
    page = meeting_page
    page.away = True
    page.context.set_offline(True)
    page.fill("#one", "The figures were gone through.")
    told = of_form(page, "one", "Not saved since")
    assert re.match(r"Not saved since \d\d:\d\d: the portal could not be reached. Your words are still", told)
    page.get_by_role("button", name="Save one").click()  # a page that cannot come must not take this one's place
    assert page.input_value("#one") == "The figures were gone through."
    kept = "(async () => [{...localStorage, ...sessionStorage}, await indexedDB.databases()])()"
    stored, databases = page.evaluate(kept)
    assert "figures" not in str(stored) and databases == []
    page.away = False
    page.context.set_offline(False)
    assert of_form(page, "one", "Saved at") == "Saved at 14:03"
    assert "The figures were gone through." in page.sent[-1][1]
    assert page.text_content("form[action$=two] [data-autosave-status]") == ""


def test_a_saving_whose_answer_was_lost_is_sent_again_as_it_was_before_what_was_typed_since(meeting_page):
    page = meeting_page
    page.away = "the answer"
    page.fill("#two", "First")
    of_form(page, "two", "Not saved since")
    page.fill("#two", "First and second")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    of_form(page, "two", "Saved at")
    page.wait_for_timeout(900)
    assert page.input_value("form[action$=two] [name=version]") == "4"
    words = [re.search(r'name="text"\s+(.*?)\s+--', body, re.DOTALL)[1] for _, body in page.sent]
    assert words == ["First", "First", "First and second"]


def test_what_follows_from_a_saving_is_said_elsewhere_on_the_page_as_plain_words(meeting_page):
    meeting_page.fill("#one", "Present")
    of_form(meeting_page, "one", "Saved at")
    assert meeting_page.text_content("[data-live=quorum]") == "Quorate: <b>2</b>."


def test_long_work_is_asked_about_until_it_is_done_and_then_announced(chromium, portal):
    from partnership.ui import Progress

    source = (
        '{% extends "base.html" %}{% block title %}Report{% endblock %}'
        "{% block content %}<h1>Report</h1>{% progress work %}{% endblock %}"
    )
    states = [
        Progress(10, "Drawing the report", "/work"),
        Progress(60, "Drawing the report", "/work"),
        Progress(100, "The report is ready", "/work", finished=True),
    ]
    asked = []

    def answer(route):
        work = states[min(len(asked), 2)]
        asked.append(route.request.headers.get("hx-request"))
        route.fulfill(body=html(source, work=work), content_type="text/html")

    page, console = browser.open_page(chromium)
    page.route("**/work", answer)
    page.goto(f"{portal}/work")
    page.wait_for_selector("#portal-status:has-text('The report is ready')", state="attached", timeout=10000)
    page.wait_for_timeout(2500)
    assert asked == [None, "true", "true"]
    assert page.get_attribute("[role=progressbar]", "aria-valuenow") == "100"
    assert not console
    page.context.close()
