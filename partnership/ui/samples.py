"""Invented content of the gallery: one of each component and each field."""

from datetime import UTC, date, datetime

from django import forms
from django.core.paginator import Paginator

from partnership.ui.charts import stack
from partnership.ui.forms import GovCheckboxes, GovDateField, GovDateTimeField, GovForm, GovRadios, required, words
from partnership.ui.parts import Action, Clock, Progress, Row, SubNavItem, Task, Tile, TimelineItem

AGENCIES = (("", "Choose agency"), ("police", "Police"), ("health", "Hospital trust"), ("school", "School"))


class SampleForm(GovForm):
    """Every kind of field."""

    setting = forms.CharField(
        label="Name of the setting",
        max_length=120,
        error_messages=required("Enter the name of the setting"),
    )
    email = forms.EmailField(
        label="Work email address",
        help_text="We only use this to send reminders",
        error_messages=required("Enter your work email address"),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )
    known = forms.ChoiceField(
        label="Was the child known to your agency?",
        help_text="Include contact with any team",
        choices=(("yes", "Yes"), ("no", "No"), ("unsure", "Not known yet")),
        widget=GovRadios(hints={"unsure": "You can come back to this before the return is due"}),
        error_messages=required("Select whether the child was known to your agency"),
    )
    teams = forms.CharField(
        label="Which teams knew the child?", error_messages=required("Enter the teams that knew the child")
    )
    last_contact = GovDateField(
        label="Date of last contact",
        help_text="For example, 27 3 2026",
        not_future=True,
        error_messages=required("Enter the date of last contact"),
    )
    happened = GovDateTimeField(
        label="When did it happen?",
        subject="date of the incident",
        help_text="For example, 27 3 2026 and 14:30",
        not_future=True,
        error_messages=required("Enter when it happened"),
    )
    agency = forms.ChoiceField(label="Agency", choices=AGENCIES, error_messages=required("Select your agency"))
    applies = forms.MultipleChoiceField(
        label="Which of these apply?",
        help_text="Select all that apply",
        choices=(("neglect", "Neglect"), ("domestic", "Domestic abuse"), ("exploitation", "Exploitation")),
        widget=GovCheckboxes(hints={"exploitation": "Criminal or sexual"}),
        error_messages=required("Select which of these apply"),
    )
    children = forms.IntegerField(
        label="How many children live in the household?",
        min_value=0,
        max_value=20,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-2", "inputmode": "numeric"}),
        error_messages=required("Enter how many children live in the household"),
    )
    summary = words(
        "Summary of involvement",
        "Enter a summary of involvement",
        rows=5,
        most=800,
        help_text="Do not include the names of other children",
    )
    chronology = forms.FileField(
        label="Upload the chronology",
        help_text="Word, Excel or PDF, up to 10 MB",
        error_messages=required("Select the chronology"),
    )
    checked = forms.BooleanField(
        label="I have checked that this is accurate",
        error_messages=required("Confirm that you have checked the return"),
    )

    reveals = {"known": {"yes": ("teams",)}}


class SampleFilter(GovForm):
    status = forms.ChoiceField(
        label="Status", required=False, choices=(("", "All"), ("open", "Open"), ("closed", "Closed"))
    )
    text = forms.CharField(label="Name or reference", required=False)
    as_on = GovDateField(label="As on", required=False)
    closed = forms.BooleanField(label="Show closed ones too", required=False)


class Member(GovForm):
    name = forms.CharField(label="Name", error_messages=required("Enter the name"))


Members = forms.formset_factory(Member, extra=1)
Members.item_name = "person"

ROWS = (
    ("Children’s social care", "Returned", "green", "4 April"),
    ("Hospital trust", "Extension agreed", "orange", "Due 15 April"),
    ("School", "Overdue", "red", "Was due 5 April"),
    ("Probation", "Not involved", "grey", "3 April"),
)


def clocks():
    """A running clock, a late one and one that was met, over Easter 2019."""
    common = {
        "title": "15 working day clock",
        "send": "Send to the national Panel by",
        "of": 15,
        "started": date(2019, 3, 28),
        "due_on": date(2019, 4, 18),
        "not_counted": "weekends, Good Friday 19 April, Easter Monday 22 April",
    }
    return [
        Clock(state="running", day=9, progress="Working day 9 of 15", standing="6 working days left", **common),
        Clock(state="late", day=17, progress="Working day 17, limit 15", standing="2 working days late", **common),
        Clock(
            state="met",
            day=12,
            progress="Working day 12 of 15",
            standing="met on working day 12",
            done_on=date(2019, 4, 15),
            **common,
        ),
    ]


def gallery(request):
    """The context of ui/gallery.html. `?errors=1` shows the fields as after an empty answer."""
    wrong = "errors" in request.GET
    sent = {"known": "yes", "last_contact_day": "12", "last_contact_year": "2019", "summary": "Seen twice at school."}
    here = request.path
    return {
        "form": SampleForm(sent, {}) if wrong else SampleForm(initial={"last_contact": date(2019, 3, 27)}),
        "members": Members(prefix="members"),
        "filter": SampleFilter(),
        "wrong": wrong,
        "clocks": clocks(),
        "tags": [(colour.capitalize() or "Plain", colour) for colour in ("", "grey", "blue", "green", "orange", "red")],
        "tiles": [
            Tile(3, "Overdue", here, "oldest 6 working days", "red"),
            Tile(9, "Due this week", here, "2 rapid reviews", "orange"),
            Tile(41, "Actions on track", here, "of 48", "green"),
            Tile(2, "Awaiting sign-off", here, "chair and delegated partners"),
        ],
        "tasks": [
            Task("Notification", here, "Completed", hint="28 March"),
            Task("Agency returns", here, "In progress", "blue"),
            Task("Rapid review meeting", here, "Not started", "grey", "17 April, booked"),
            Task("Decision and report", status="Cannot start yet", hint="Complete the returns first"),
        ],
        "facts": [
            Row("Child", "Child A, under 1"),
            Row("Type", "Serious harm"),
            Row("Chair", "Independent scrutineer", (Action("Change", here),)),
        ],
        "story": [
            TimelineItem("Return received", datetime(2019, 4, 8, 8, 12, tzinfo=UTC), "Police", "Agency return", here),
            TimelineItem("Extension agreed", datetime(2019, 4, 5, 15, 40, tzinfo=UTC), "the business manager"),
        ],
        "pages": [
            SubNavItem("Overview", here, True),
            SubNavItem("Agency returns", here),
            SubNavItem("People with access", here),
            SubNavItem("History", here),
        ],
        "rows": ROWS,
        "page": Paginator(range(200), 20).page(4),
        "segments": stack([("Met", "M", "good", 318), ("Partly met", "P", "partly", 64), ("Not met", "N", "bad", 17)]),
        "jobs": [
            Progress(45, "Drawing the report: 45%", here),
            Progress(100, "The report is ready.", here, finished=True),
        ],
    }
