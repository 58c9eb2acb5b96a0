"""The form renderer: what a person sees, and what the server keeps, for each kind of field."""

import re

import pytest
from django import forms
from django.template import engines
from django.test import RequestFactory

from partnership.ui import samples
from partnership.ui.forms import GovForm, GovRadios


class Known(GovForm):
    known = forms.ChoiceField(label="Known?", choices=(("yes", "Yes"), ("no", "No")), widget=GovRadios)
    teams = forms.CharField(label="Teams", error_messages={"required": "Enter the teams"})
    since = forms.IntegerField(label="Since")

    reveals = {"known": {"yes": ("teams", "since")}}


class Note(GovForm):
    text = forms.CharField(label="Summary of involvement", max_length=10, widget=forms.Textarea)
    line = forms.CharField(label="Name", required=False)


def draw(source, **context):
    return engines["django"].from_string(source).render(context)


def test_an_answer_that_was_not_asked_for_is_dropped():
    form = Known({"known": "no", "teams": "left over", "since": "not a number"})
    assert form.is_valid()
    assert form.cleaned_data == {"known": "no", "teams": "", "since": None}


def test_a_revealed_field_is_required_when_it_is_asked_for():
    form = Known({"known": "yes", "since": "3"})
    assert form.errors == {"teams": ["Enter the teams"]}


def test_a_revealed_field_is_drawn_inside_its_choice_and_once():
    html = str(Known())
    inside = html.split('id="conditional-id_known_0"')[1].split('value="no"')[0]
    assert 'name="teams"' in inside
    assert html.count('name="teams"') == 1


@pytest.mark.parametrize("text", ["a\0b", "a\ud800b"])
def test_what_cannot_be_stored_is_a_problem_of_the_field_and_can_be_sent_back(text):
    form = Note({"text": text, "line": text})
    assert "hidden character" in form.errors["text"][0]
    assert "hidden character" in form.errors["line"][0]
    assert "a\N{REPLACEMENT CHARACTER}b" in str(form)
    str(form).encode()


def test_a_line_end_counts_as_one_character_as_it_does_in_the_browser():
    assert Note({"text": "1234\r\n6789"}).is_valid()
    assert Note({"text": "1234\r\n6789"})["text"].data == "1234\n6789"


def test_a_text_that_is_too_long_says_by_how_much_and_is_shown_whole():
    form = Note({"text": "twelve chars"})
    assert form.errors["text"] == ["The summary of involvement must be 10 characters or fewer; it is now 12"]
    assert "twelve chars" in str(form)


def test_a_field_without_a_limit_of_its_own_has_one():
    assert "255 characters" in Note({"text": "x", "line": "y" * 256}).errors["line"][0]


def test_nothing_cuts_a_pasted_text_without_a_word():
    assert "maxlength=" not in str(Note()).replace("data-maxlength=", "")


def test_every_field_says_what_is_missing_in_its_own_sentence():
    class Plain(GovForm):
        nhs = forms.CharField(label="NHS number")
        agency = forms.ChoiceField(label="Agency", choices=(("a", "A"),))

    assert Plain({}).errors == {"nhs": ["Enter the NHS number"], "agency": ["Select the agency"]}


def test_a_forged_choice_is_not_read_back_to_the_person():
    form = Known({"known": "<script>\ud800", "teams": "x"})
    assert form.errors["known"] == ["Choose the known from what is shown"]


def test_a_label_that_is_a_question_is_quoted_in_its_sentences():
    class Asked(GovForm):
        who = forms.ChoiceField(label="Who does it from now on?", choices=(("a", "A"),))
        many = forms.IntegerField(label="How many months?", max_value=120)
        age = forms.IntegerField(label="Highest age", max_value=25)

    assert Asked({"who": "b", "many": "121", "age": "26"}).errors == {
        "who": ["Choose an answer to ‘Who does it from now on?’ from what is shown"],
        "many": ["‘How many months?’ must be 120 or less"],
        "age": ["The highest age must be 25 or less"],
    }
    assert Asked({}).errors["who"] == ["Answer ‘Who does it from now on?’"]


def test_the_summary_links_each_problem_to_its_control():
    form = samples.SampleForm({"known": "yes", "last_contact_day": "1"}, {})
    html = draw("{% error_summary form %}", form=form)
    targets = re.findall(r'href="#([^"]+)"', html)
    drawn = str(form)
    assert len(targets) == len(form.errors)
    assert all(f'id="{target}"' in drawn for target in targets)


def test_hint_and_error_are_announced_with_their_control():
    html = str(samples.SampleForm({}, {}))
    described = {each for ids in re.findall(r'aria-describedby="([^"]+)"', html) for each in ids.split()}
    assert {"id_email-hint", "id_email-error", "id_summary-info"} <= described
    assert all(f'id="{each}"' in html for each in described)


def test_no_id_is_given_twice():
    html = str(samples.SampleForm({}, {})) + str(samples.Members(prefix="members"))
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))


def test_a_formset_says_what_is_wrong_in_each_of_its_forms():
    data = {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "2", "form-0-name": "Kept"}
    formset = samples.Members(data)
    html = draw("{% error_summary formset %}", formset=formset)
    assert "Enter the name" in html
    assert 'href="#id_form-1-name"' in html


def test_pages_keep_the_filter_that_was_chosen():
    request = RequestFactory().get("/", {"status": "open", "page": "4"})
    page = samples.gallery(request)["page"]
    html = draw("{% pagination page %}", page=page, request=request)
    assert "?status=open&amp;page=5" in html
    assert 'aria-current="page">4<' in html


def test_a_password_is_never_sent_back():
    class Secret(GovForm):
        word = forms.CharField(widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}))

    html = str(Secret({"word": "correct horse"}))
    assert "correct horse" not in html
    assert 'autocomplete="current-password"' in html
