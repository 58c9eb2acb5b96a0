"""The story of one rapid review, by hand in a browser without JavaScript: every step is a form and a link."""

import hashlib
import io

import pytest
from django.utils import timezone
from pypdf import PdfReader

from tests import browser
from tests.journeys.people import Somebody, days_ago

pytestmark = [pytest.mark.browser, browser.needs_chromium]
CHILD = "Wren Exampleton"


@pytest.fixture(scope="module")
def somebody(chromium, portal):
    return lambda name: Somebody(chromium, portal, name, javascript=False)


def test_a_rapid_review_from_notification_to_sent_without_javascript(somebody):
    officer = somebody("Priya Fennel")
    review = record_the_notification(officer)
    word = officer.heading.split("\n")[-1]
    enter_who_the_child_is(officer, review)
    let_people_in(officer, review)
    ask(officer, review, "Heron Cross Primary School", "Callum Brace")
    write_the_return(somebody, word)
    assert_colleague_sees_nothing(somebody("Jude Farrant"), review, word)
    decide(officer, review)
    for name, stance in (("Morgan Ashby", "agrees"), ("Theo Penhale", "disagrees")):
        sign(somebody(name), review, stance)
    record_silence(officer, review)
    content = make_the_report(officer, review)
    send(officer, review, content)


def record_the_notification(officer):
    officer.go("/reviews/notify")
    officer.date("aware_at", days_ago(6), "16:40")
    officer.date("sent_at", days_ago(7), "10:00")
    officer.date("incident_on", days_ago(8))
    officer.page.select_option("[name=authority]", label="Stoke-on-Trent City Council")
    officer.choose(harm="harm", age_band="1-4", legal_status="cin")
    officer.fill(what_happened="What was notified, in plain words.")
    officer.press("Record and open the review")
    assert "cannot have been sent before the council became aware" in officer.text
    assert officer.page.input_value("[name=what_happened]") == "What was notified, in plain words."
    officer.date("sent_at", days_ago(5), "10:00")
    officer.press("Record and open the review")
    officer.follow("Do this later")
    review = officer.page.url.rsplit("/", 1)[0]
    officer.go(review)
    assert "of 15" in officer.text
    return review


def enter_who_the_child_is(officer, review):
    officer.go(f"{review}/identities")
    officer.follow("Enter who Child A is")
    officer.fill(name=CHILD)
    officer.press("Save the identity record")
    assert CHILD in officer.text
    officer.go(review)
    assert CHILD not in officer.text


def let_people_in(officer, review):
    roles = {"Morgan Ashby": "sg", "Leila Harcombe": "sg", "Theo Penhale": "sg", "Dev Rathbone": "pm"}
    for name, role in roles.items():
        officer.go(review)
        officer.follow("People with access")
        officer.press("Let somebody in")
        label = next(each for each in officer.page.locator("[name=person] option").all_inner_texts() if name in each)
        officer.page.select_option("[name=person]", label=label)
        officer.choose(role=role)
        officer.fill(reason="Sits on this review")
        officer.press("Let this person in")
        assert f"{name} was let in" in officer.text


def ask(officer, review, agency, author):
    officer.go(f"{review}/ask")
    officer.page.select_option("[name=agency]", label=agency)
    without_script = officer.page.get_by_role("button", name="Show the people of this agency")
    if without_script.is_visible():
        without_script.click()
    officer.page.locator("[name=author] option", has_text=author).wait_for(state="attached")
    label = next(each for each in officer.page.locator("[name=author] option").all_inner_texts() if author in each)
    officer.page.select_option("[name=author]", label=label)
    officer.date("due_on", days_ago(-3))
    officer.fill(purpose="What your school knows, and why this is asked.")
    officer.press("Send the request")
    assert "What do you do?" in officer.text, "the demo's school is closed for a holiday"
    officer.page.check("input[type=radio][value=now]")
    officer.page.locator("textarea").first.fill("Its safeguarding lead covers for it.")
    officer.press("Send the request")
    assert f"{author} can now see the request" in officer.text


def write_the_return(somebody, word):
    author = somebody("Callum Brace")
    author.page.locator("tr", has_text=word).get_by_role("link").click()
    author.press("See whom to search for")
    assert CHILD in author.text
    author.press("Write the return")
    author.fill(contacts="A contact.")
    author.press("Save and go on to the signature")
    assert "Enter your analysis of practice" in author.text
    assert author.page.input_value("[name=contacts]") == "A contact."
    author.date("searched_on", days_ago(0))
    author.fill(analysis="An analysis.", voice="Her words.", learning="The school's learning.")
    author.page.check("[name=records_secured]")
    author.press("Save and go on to the signature")
    assert "Who signs it" in author.text
    author.page.check("[name=sole]")
    author.fill(sole_reason="Our headteacher is away for the holiday.")
    author.press("Go on")
    assert "Your return is submitted" in author.text
    assert "as a sole practitioner" in author.text


def assert_colleague_sees_nothing(colleague, review, word):
    colleague.go("/home")
    assert word not in colleague.text
    assert colleague.go(review).status == 404
    assert colleague.go(f"{review}/identities").status == 404


def decide(officer, review):
    officer.go(f"{review}/decide")
    officer.choose(code="lcspr")
    officer.fill(rationale="Improvements are needed; regulation 11 is met.")
    officer.press("Record the decision")
    assert "The decision is recorded" in officer.text


def sign(partner, review, stance):
    partner.go(f"{review}/sign")
    partner.page.locator("[name=seat]").first.check()
    partner.choose(stance=stance)
    partner.press("Sign", exact=True)
    if stance == "disagrees":
        assert "Say why you disagree" in partner.text
        partner.fill(reason="The evidence is not complete.")
        partner.press("Sign", exact=True)
    assert "Your signature is recorded" in partner.text


def record_silence(officer, review):
    officer.go(f"{review}/silence")
    label = "Staffordshire and Stoke-on-Trent Integrated Care Board"
    officer.page.select_option("[name=agency]", label=label)
    officer.fill(reason="Telephoned twice.")
    officer.press("Record it")
    assert "Has not answered" in officer.text


def make_the_report(officer, review):
    officer.go(review)
    officer.press("Make the report")
    for _ in range(60):
        if "Download the PDF" in officer.text:
            break
        officer.page.wait_for_timeout(500)
        officer.follow("Check again")
    with officer.page.expect_download() as download:
        officer.page.get_by_role("button", name="Download the PDF").click()
    content = download.value.path().read_bytes()
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    assert "The school's learning." in text
    assert "OFFICIAL-SENSITIVE" in text
    assert CHILD not in text
    return content


def send(officer, review, content):
    officer.go(f"{review}/sent")
    assert "The chief officer of police disagrees with the decision." in officer.text
    assert "The integrated care board has not answered." in officer.text
    with officer.page.expect_download() as download:
        officer.page.get_by_role("link", name="The file to send: without your name").click()
    as_sent = download.value.path().read_bytes()
    assert as_sent != content, "a reader's own copy carries a name"
    officer.date("sent_at", days_ago(0), f"{timezone.localtime():%H:%M}")
    officer.press("Record that it was sent")
    assert "It is recorded that the report was sent to the Panel" in officer.text
    assert hashlib.sha256(as_sent).hexdigest() in officer.text.replace("\n", "")
