"""Our templates against the macros of govuk-frontend-jinja: same tags, classes, modules and associations."""

from html.parser import HTMLParser

import jinja2
import pytest
from django.template import engines

from partnership.ui import samples
from partnership.ui.parts import Row, Task

VOID = {"input", "br", "img", "hr"}


class Skeleton(HTMLParser):
    """(depth, tag, classes, data-module, role) of every element; texts, ids and names left out."""

    def __init__(self):
        super().__init__()
        self.depth, self.found = 0, []

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        classes = tuple(sorted((attrs.get("class") or "").split()))
        self.found.append((self.depth, tag, classes, attrs.get("data-module"), attrs.get("role"), attrs.get("type")))
        self.depth += tag not in VOID

    def handle_endtag(self, tag):
        self.depth -= tag not in VOID


def skeleton(html):
    parser = Skeleton()
    parser.feed(str(html))
    return parser.found


@pytest.fixture(scope="module")
def macro():
    loader = jinja2.PrefixLoader({"govuk_frontend_jinja": jinja2.PackageLoader("govuk_frontend_jinja")})
    environment = jinja2.Environment(loader=loader, autoescape=True)

    def call(component, macro_name, /, **params):
        template = environment.get_template(f"govuk_frontend_jinja/components/{component}/macro.html")
        return getattr(template.module, macro_name)(params)

    return call


def label(text="x"):
    return {"text": text, "classes": "govuk-label--s"}


def legend():
    return {"legend": {"text": "x", "classes": "govuk-fieldset__legend--s"}}


def options(*reveals, hints=()):
    return [
        {
            "value": str(n),
            "text": "x",
            **({"hint": {"text": "x"}} if n in hints else {}),
            **({"conditional": {"html": reveals[0]}} if reveals and n == 0 else {}),
        }
        for n in range(3)
    ]


@pytest.mark.parametrize("wrong", [False, True])
@pytest.mark.parametrize(
    ("field", "component", "name", "params"),
    [
        ("setting", "input", "govukInput", {"label": label()}),
        ("email", "input", "govukInput", {"label": label(), "hint": {"text": "x"}, "type": "email"}),
        ("children", "input", "govukInput", {"label": label(), "classes": "govuk-input--width-2"}),
        ("agency", "select", "govukSelect", {"label": label(), "items": options()[:1] * 4}),
        (
            "summary",
            "character-count",
            "govukCharacterCount",
            {"label": label(), "hint": {"text": "x"}, "maxlength": 800, "rows": 5},
        ),
        (
            "chronology",
            "file-upload",
            "govukFileUpload",
            {"label": label(), "hint": {"text": "x"}, "javascript": True},
        ),
        (
            "applies",
            "checkboxes",
            "govukCheckboxes",
            {"fieldset": legend(), "hint": {"text": "x"}, "items": options(hints={2}), "idPrefix": "x"},
        ),
    ],
)
def test_a_field_is_drawn_as_the_macro_draws_it(macro, wrong, field, component, name, params):
    form = samples.SampleForm({}, {}) if wrong else samples.SampleForm()
    error = {"errorMessage": {"text": "x"}} if wrong else {}
    theirs = macro(component, name, **{"name": "x", "id": "x", **params, **error})
    assert skeleton(form[field].as_field_group()) == skeleton(theirs)


@pytest.mark.parametrize("wrong", [False, True])
def test_radios_with_a_reveal_are_drawn_as_the_macro_draws_them(macro, wrong):
    form = samples.SampleForm({}, {}) if wrong else samples.SampleForm()
    # Nothing was chosen, so what a choice reveals was not asked for and is not wrong.
    inner = macro("input", "govukInput", name="x", label=label())
    theirs = macro(
        "radios",
        "govukRadios",
        name="x",
        fieldset=legend(),
        hint={"text": "x"},
        items=options(inner, hints={2}),
        **({"errorMessage": {"text": "x"}} if wrong else {}),
    )
    assert skeleton(form["known"].as_field_group()) == skeleton(theirs)


@pytest.mark.parametrize("wrong", [False, True])
def test_a_date_is_drawn_as_the_macro_draws_it(macro, wrong):
    form = samples.SampleForm({}, {}) if wrong else samples.SampleForm()
    red = " govuk-input--error" if wrong else ""
    parts = (("day", 2), ("month", 2), ("year", 4))
    theirs = macro(
        "date-input",
        "govukDateInput",
        id="x",
        fieldset=legend(),
        hint={"text": "x"},
        items=[{"name": part, "classes": f"govuk-input--width-{width}{red}"} for part, width in parts],
        **({"errorMessage": {"text": "x"}} if wrong else {}),
    )
    assert skeleton(form["last_contact"].as_field_group()) == skeleton(theirs)


COMPONENTS = [
    ("{% tag 'x' 'red' %}", "tag", "govukTag", {"text": "x", "classes": "govuk-tag--red"}),
    ("{% inset %}x{% endinset %}", "inset-text", "govukInsetText", {"text": "x"}),
    ("{% warning %}x{% endwarning %}", "warning-text", "govukWarningText", {"text": "x"}),
    ("{% details 'x' %}x{% enddetails %}", "details", "govukDetails", {"summaryText": "x", "text": "x"}),
    ("{% panel 'x' %}x{% endpanel %}", "panel", "govukPanel", {"titleText": "x", "text": "x"}),
    ("{% button 'x' %}", "button", "govukButton", {"text": "x", "preventDoubleClick": True, "type": "submit"}),
    (
        "{% link_button 'x' '#' 'secondary' %}",
        "button",
        "govukButton",
        {"text": "x", "href": "#", "classes": "govuk-button--secondary"},
    ),
    (
        "{% breadcrumbs 'y' '#' %}",
        "breadcrumbs",
        "govukBreadcrumbs",
        {"items": [{"text": "x", "href": "#"}] * 2, "collapseOnMobile": True},
    ),
    (
        "{% summary_list rows %}",
        "summary-list",
        "govukSummaryList",
        {"rows": [{"key": {"text": "x"}, "value": {"text": "x"}}] * 2},
    ),
    (
        "{% task_list tasks %}",
        "task-list",
        "govukTaskList",
        {
            "items": [
                {
                    "title": {"text": "x"},
                    "href": "#",
                    "hint": {"text": "x"},
                    "status": {"tag": {"text": "x", "classes": "govuk-tag--blue"}},
                },
                {
                    "title": {"text": "x"},
                    "status": {"text": "x", "classes": "govuk-task-list__status--cannot-start-yet"},
                },
            ]
        },
    ),
]


@pytest.mark.parametrize(("source", "component", "name", "params"), COMPONENTS, ids=[each[1] for each in COMPONENTS])
def test_a_component_is_drawn_as_the_macro_draws_it(macro, source, component, name, params):
    context = {
        "rows": [Row("x", "x"), ("x", "x")],
        "tasks": [Task("x", "#", "x", "blue", "x"), Task("x", status="x")],
    }
    ours = engines["django"].from_string(source).render(context)
    assert skeleton(ours) == skeleton(macro(component, name, **params))


def test_the_error_summary_is_drawn_as_the_macro_draws_it(macro):
    form = samples.SampleFilter({"status": "none"})
    ours = engines["django"].from_string("{% error_summary form %}").render({"form": form})
    theirs = macro("error-summary", "govukErrorSummary", titleText="x", errorList=[{"text": "x", "href": "#x"}])
    assert skeleton(ours) == skeleton(theirs)
