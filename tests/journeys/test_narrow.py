"""On a phone, 390 pixels wide: the main pages of each persona fit, tables too, and every control can be hit."""

import re
from functools import cache

import pytest

from tests import browser
from tests.journeys.people import Somebody

pytestmark = [pytest.mark.browser, browser.needs_chromium]
WIDE, LEAST = 390, 24  # pixels; the least: WCAG 2.2, 2.5.8
ADMINISTRATOR, LEAD, SCHOOL_LEAD, LEAVER = "Rowan Tull", "Imogen Sayle", "Maya Quillan", "Callum Brace"
OFFICER, AUTHOR = "Priya Fennel", "Grace Odell"
# What is wider than the screen and does not scroll within itself, and what is too low to be hit: as words.
MEASURE = """([wide, least]) => {
  const shown = each => each.checkVisibility({ opacityProperty: false, visibilityProperty: true });
  const inside = each => !each.closest(".govuk-visually-hidden, .govuk-skip-link, [hidden]");
  const said = each =>
    `${each.tagName.toLowerCase()} "${(each.innerText || each.name || each.id).trim().slice(0, 40)}"`;
  const scrolls = each => {
    for (let up = each; up; up = up.parentElement)
      if (/auto|scroll/.test(getComputedStyle(up).overflowX)) return true;
    return false;
  };
  const found = [];
  const over = document.documentElement.scrollWidth - wide;
  if (over > 0) found.push(`the page is ${over} pixels too wide`);
  for (const each of document.querySelectorAll("table, pre, dl"))
    if (shown(each) && each.getBoundingClientRect().right > wide + 1 && !scrolls(each))
      found.push(`${said(each)} runs out of the screen`);
  for (const each of document.querySelectorAll("button, select, textarea, summary, input:not([type=hidden])")) {
    if (!shown(each) || !inside(each)) continue;
    // A box or radio is hit by its label too.
    const parts = [each, ...(each.labels || [])].map(part => part.getBoundingClientRect().height);
    if (Math.max(...parts) < least) found.push(`${said(each)} is ${Math.round(Math.max(...parts))} pixels high`);
  }
  return found;
}"""


@pytest.fixture(scope="module")
def somebody(chromium, portal):
    """Each signs in once."""
    return cache(lambda name: Somebody(chromium, portal, name, width=WIDE))


def through(*links):
    """A way to a page: from the address that comes first by the first link with each of these words."""
    first, *others = links

    def way(person):
        person.go(first)
        for words in others:
            person.page.locator("main a", has_text=re.compile(words)).first.click()
            person.page.wait_for_load_state()

    way.__name__ = " ".join(links)
    return way


PAGES = [
    (ADMINISTRATOR, through("/home")),
    (ADMINISTRATOR, through("/directory/")),
    (ADMINISTRATOR, through("/directory/?q=UHNM", "University Hospitals")),
    (ADMINISTRATOR, through("/directory/imports")),
    (LEAD, through("/home")),
    (LEAD, through("/home", "Confirm who still needs access")),
    (LEAD, through("/directory/leaving")),
    (SCHOOL_LEAD, through("/home")),
    (SCHOOL_LEAD, through("/directory/?q=Stoke")),
    (LEAVER, through("/home")),
    (LEAVER, through("/directory/leaving/mine")),
    (LEAVER, through("/home", "Confirm who still needs access")),
    (AUTHOR, through("/home", "Return of")),
    (OFFICER, through("/directory/confirming")),
    (OFFICER, through("/reviews/", "[A-Z][a-z]+ [A-Z][a-z]+")),
]


@pytest.mark.parametrize("name, way", PAGES, ids=lambda value: getattr(value, "__name__", value))
def test_a_main_page_fits_a_phone(somebody, name, way):
    person = somebody(name)
    way(person)
    browser.settled(person.page)
    assert "not found" not in person.heading.lower()
    assert person.page.evaluate(MEASURE, [WIDE, LEAST]) == []
    assert person.console == []
