"""How somebody joins, in a browser: invited by her lead, by the link of the demo's outbox, to home."""

import re
from urllib.parse import urlencode

import pytest

from tests import browser
from tests.journeys.people import Somebody
from tests.second_factor import code_of

pytestmark = [pytest.mark.browser, browser.needs_chromium]
PASSWORD = "orchard-lantern-gravel-9"
LINK = re.compile(r"/directory/join/[\w-]+")


class Newcomer(Somebody):
    """At a browser, without an account."""

    def __init__(self, chromium, portal, path, **options):
        self.portal = portal
        self.page, self.console = browser.open_page(chromium, **options)
        self.go(path)


def invited(chromium, portal, email, name):
    """Imogen, a lead, invites; the path of the link in the letter, which the operator finds in the demo's outbox."""
    lead = Somebody(chromium, portal, "Imogen Sayle")
    lead.follow("People", exact=True)
    lead.follow(re.compile("People of"))
    lead.press("Invite a colleague")
    lead.fill(name=name, email=email, post="Named doctor")
    lead.choose(role="as")
    lead.press("Send the invitation")
    assert f"An invitation is on its way to {email}" in lead.text
    return lead, path_to(chromium, portal, name)


def path_to(chromium, portal, name):
    """A letter leaves within seconds; where the worker was too busy for its wake-up, beat gives the next."""
    operator = Somebody(chromium, portal, "Kit Vance")
    for _ in range(240):
        operator.go(f"/notices/demo-outbox?{urlencode({'q': name})}")
        card = operator.page.locator("section.portal-card", has_text=f"{name},").first
        if card.count() and (found := LINK.search(card.inner_text())):
            return found.group()
        operator.page.wait_for_timeout(500)
    raise AssertionError("no letter came")


@pytest.mark.parametrize("javascript, width", [(True, 1280), (False, 390)])
def test_a_colleague_joins_from_the_letter_to_home(chromium, portal, javascript, width):
    name = f"Ivy Tern{width}"
    email = f"ivy{width}@portal.example"
    lead, path = invited(chromium, portal, email, name)
    for _ in range(5):  # an email scanner is there first
        assert lead.page.request.get(f"{portal}{path}", max_redirects=0).status in (200, 403)
    new = Newcomer(chromium, portal, path, javascript=javascript, width=width)
    assert new.heading == "Join the portal"
    if javascript:
        assert browser.wrong_with(new.page, new.console) == []
    new.fill(password1=PASSWORD, password2=PASSWORD)
    second = Newcomer(chromium, portal, path)  # another tab, open before the first is sent
    new.press("Accept and set the password")
    second.fill(password1="another-long-password-7", password2="another-long-password-7")
    second.press("Accept and set the password")
    assert second.heading == "This link does not work"
    new.fill(login=email, password=PASSWORD)
    new.press("Sign in", exact=True)
    assert "authenticator app" in new.text
    secret = re.search(r"\b[A-Z2-7]{32}\b", new.text.replace(" ", "")) or re.search(
        r"[A-Z2-7]{32}", re.sub(r"\s", "", new.page.content())
    )
    new.fill(code=code_of(secret.group()))
    new.page.locator("main button[type=submit]").first.click()
    new.page.wait_for_load_state()
    new.go("/home")
    assert name in new.text or "Home" in new.page.title()
    assert "Midlands Partnership" in new.text
    lead.go("/directory/invitations?state=joined")
    assert name in lead.text


def test_a_double_click_accepts_once_and_the_wrong_account_is_told(chromium, portal):
    _, path = invited(chromium, portal, "bo@portal.example", "Bo Sallow")
    other = Somebody(chromium, portal, "Hana Lowther")
    other.go(path)
    assert other.heading == "This link is for somebody else"
    new = Newcomer(chromium, portal, path)
    new.fill(password1=PASSWORD, password2=PASSWORD)
    new.page.get_by_role("button", name="Accept and set the password").dblclick()
    new.page.wait_for_url("**/account/login/")
    assert "Your password is set" in new.text
    forged = Newcomer(chromium, portal, path[:-4] + "AAAA")
    assert forged.heading == "This link does not work"


PAGES = {
    "Imogen Sayle": ["/directory/invitations"],
    "Priya Fennel": ["/directory/invitations", "/directory/invitations/add", "/directory/invitations/requests"],
}


@pytest.mark.parametrize("name", PAGES)
def test_the_pages_of_those_who_invite(chromium, portal, name):
    person = Somebody(chromium, portal, name)
    for path in PAGES[name]:
        person.go(path)
        assert browser.wrong_with(person.page, person.console) == []
    if name == "Imogen Sayle":
        person.follow(re.compile("People of"))
        assert browser.wrong_with(person.page, person.console) == []
        for words in ("Who holds which duty", "Name another duty"):
            person.press(words)
            assert browser.wrong_with(person.page, person.console) == []


@pytest.mark.parametrize(
    "path", ["/directory/ask", "/directory/school", "/directory/school/sent", "/account/login/code/"]
)
def test_the_pages_without_a_sign_in(chromium, portal, path):
    visitor = Newcomer(chromium, portal, path)
    assert browser.wrong_with(visitor.page, visitor.console) == []
