"""A lead answers on her phone: what she types saves itself, and where it cannot the page says so and keeps it.

Chromium's requests for pages are answered in this process, so that they meet the test's own transaction.
"""

from contextvars import copy_context
from urllib.parse import urlsplit

import pytest
from django.urls import reverse

from audits.answering import services
from tests import browser
from tests.audits import making
from tests.audits.test_answers import answers, asked

pytestmark = [pytest.mark.browser, browser.needs_chromium, pytest.mark.django_db]


class Network:
    """What stands between a browser's page and the portal. down: nothing gets through."""

    def __init__(self, page, client):
        self.client, self.down = client, False
        self.here = copy_context()  # the test's connection is kept in it, and requests are told of in another
        page.route("**/audits/**", self.carry)

    def carry(self, route):
        asked_for = route.request
        address = urlsplit(asked_for.url)
        path = f"{address.path}?{address.query}" if address.query else address.path
        if self.down:
            route.abort()
            return
        if asked_for.method == "POST":
            hx = {"HX-Request": "true"} if asked_for.headers.get("hx-request") else {}
            kind = asked_for.headers["content-type"]
            answer = self.here.run(self.client.post, path, asked_for.post_data_buffer, content_type=kind, headers=hx)
        else:
            answer = self.here.run(self.client.get, path)
        route.fulfill(status=answer.status_code, headers=dict(answer.headers), body=answer.content)


@pytest.fixture
def portal():
    with browser.serve() as address:
        yield address


def test_on_a_phone_what_is_typed_is_saved_and_a_lost_connection_loses_nothing(chromium, portal, world, sign_in):
    row = making.audit_return(making.audit_round(world), world.agencies["school"], status="begun")
    page, console = browser.open_page(chromium, width=390, height=800)
    network = Network(page, sign_in(world.school_outside))
    page.goto(portal + reverse("audits:return_section", args=[row.pk, "leading"]))
    browser.settled(page)
    assert browser.wrong_with(page, console) == []
    question = page.locator(f"#q-{asked(row, 'policy').pk.hex}")
    words = question.get_by_label("what shows it")

    question.get_by_label("Partly met").check()
    question.get_by_text("Saved at").wait_for()
    assert answers(row)["policy"].code == "partly"

    network.down = True
    words.press_sequentially("Reviewed in May", delay=5)
    words.blur()
    question.get_by_text("Not saved since").wait_for()
    page.get_by_role("button", name="Save", exact=True).click()  # the page stays, and what is on it
    assert words.input_value() == "Reviewed in May" and answers(row)["policy"].text == ""

    network.down = False
    page.evaluate("window.dispatchEvent(new Event('online'))")
    question.get_by_text("Saved at").wait_for()
    assert (answers(row)["policy"].text, answers(row)["policy"].version) == ("Reviewed in May", 2)

    further = page.locator(f"#q-{asked(row, 'why-not').pk.hex}")
    assert not further.is_visible()
    page.locator(f"#q-{asked(row, 'governors').pk.hex}").get_by_label("No", exact=True).check()
    further.wait_for(state="visible")

    # A colleague is quicker: the page says so, and the button shows both texts.
    services.save(
        row, asked(row, "policy"), by=world.author_other, values={"code": "not", "text": "Not yet"}, version=2
    )
    words.fill("Reviewed in June")
    words.blur()
    question.get_by_text("by somebody else").wait_for()
    page.get_by_role("button", name="Save", exact=True).click()
    browser.settled(page)
    text = page.locator("main").inner_text()
    assert "Author Other saved another answer" in text and "Not yet" in text
    assert words.input_value() == "Reviewed in June"
    assert browser.overflow(page) <= 0
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_load_state()
    assert answers(row)["policy"].text == "Reviewed in June"
    page.context.close()
