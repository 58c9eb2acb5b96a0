"""Choosing the agency brings its people in Chromium, and loses nothing that was typed."""

import pytest
from django import forms
from django.template import engines

from reviews.forms.asking import SHOWS_PEOPLE
from tests import browser

pytestmark = [pytest.mark.browser, browser.needs_chromium]

PAGE = """{% extends "base.html" %}{% block title %}Ask an agency{% endblock %}{% block content %}<h1>Ask</h1>
<form method="post" novalidate id="ask-agency">{{ form }}</form>{% endblock %}"""


class Form(forms.Form):
    agency = forms.ChoiceField(choices=[("", "Choose"), ("trust", "A trust")], widget=forms.Select(attrs=SHOWS_PEOPLE))
    author = forms.ChoiceField(choices=[("", "Choose the agency first")])
    purpose = forms.CharField()


def page_of(form):
    return engines["django"].from_string(PAGE).render({"form": form})


def test_the_whole_form_is_sent_and_comes_back_with_the_people_of_the_agency(chromium):
    with browser.serve() as address:
        page, console = browser.open_page(chromium)
        sent = []

        def answer(route):
            form = Form()
            if route.request.method == "POST":
                sent.append(route.request.post_data)
                form = Form({"agency": "trust", "author": "", "purpose": "Typed before."})
                form.fields["author"].choices = [("", "Choose a person"), ("ann", "Ann Example, nurse")]
                form._errors = {}
            route.fulfill(body=page_of(form), content_type="text/html")

        page.route("**/ask", answer)
        page.goto(f"{address}/ask")
        page.fill("[name=purpose]", "Typed before.")
        page.select_option("[name=agency]", "trust")
        page.locator("[name=author] option", has_text="Ann Example").wait_for(state="attached")
        assert page.input_value("[name=purpose]") == "Typed before." and page.locator("form").count() == 1
        assert "show=people" in sent[0] and "purpose=Typed%20before." in sent[0] and "agency=trust" in sent[0]
        assert [each for each in console if each] == []
        page.context.close()
