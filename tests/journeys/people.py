"""Somebody at a browser: signs in as one of the demo's people and does what people do."""

import re
from datetime import timedelta

from django.utils import timezone

from tests import browser


class Somebody:
    def __init__(self, chromium, portal, name, *, javascript=True, width=1280):
        self.portal, self.name = portal, name
        self.page, self.console = browser.open_page(chromium, javascript=javascript, width=width)
        self.page.goto(f"{portal}/account/login/")
        self.press(re.compile(re.escape(name)))

    def go(self, path):
        return self.page.goto(path if path.startswith("http") else f"{self.portal}{path}")

    def press(self, name, exact=False):
        # The first: 'Sign in' stands beside each of the demo's people, and their names complete it.
        self.page.get_by_role("button", name=name, exact=exact).first.click()
        self.page.wait_for_load_state()

    def follow(self, name, exact=False):
        self.page.get_by_role("link", name=name, exact=exact).first.click()
        self.page.wait_for_load_state()

    def fill(self, **fields):
        for name, value in fields.items():
            self.page.fill(f"[name={name}]", value)

    def choose(self, **fields):
        for name, value in fields.items():
            self.page.check(f"[name={name}][value='{value}']")

    def date(self, name, day, clock=None):
        self.fill(**{f"{name}_day": str(day.day), f"{name}_month": str(day.month), f"{name}_year": str(day.year)})
        if clock:
            self.fill(**{f"{name}_time": clock})

    @property
    def text(self):
        return self.page.locator("body").inner_text()

    @property
    def heading(self):
        return self.page.locator("h1").inner_text()


def days_ago(number):
    return timezone.localdate() - timedelta(days=number)
