"""The forward plan of the year: its page, its PDF, and one's own calendar feed."""

from functools import partial

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from partnership.access import links
from partnership.access.models import Link
from partnership.access.page import page
from partnership.access.replies import pressed
from partnership.actions.models import PlanPrint
from partnership.actions.planning import calendar, feeds, printing, reads
from partnership.actions.planning.rules import words_of_year, year_of
from partnership.documents.views import give
from partnership.people.roles import Perm
from partnership.ui.forms import GovForm
from partnership.ui.ical import MIME


class PlanFilter(GovForm):
    """Which year, group and kind: what does not exist counts as not chosen."""

    year = forms.TypedChoiceField(label="Year", coerce=int, required=False)
    group = forms.ChoiceField(label="Group", required=False)
    kind = forms.ChoiceField(label="Kind", required=False)

    def __init__(self, data, *, today):
        self.now = year_of(today)
        data = data.copy()
        data.setdefault("year", self.now)
        super().__init__(data)
        self.fields["year"].choices = [(each, words_of_year(each)) for each in range(self.now - 2, self.now + 4)]
        self.fields["group"].choices = [("", "All groups"), *reads.groups()]
        self.fields["kind"].choices = [("", "Everything"), *calendar.KINDS.items()]
        self.is_valid()

    @property
    def year_chosen(self) -> int:
        return self.cleaned_data.get("year") or self.now

    @property
    def group_chosen(self):
        return reads.group(self.cleaned_data.get("group"))

    @property
    def kind_chosen(self) -> str:
        return self.cleaned_data.get("kind", "")


@page(Perm.PLAN_VIEW, methods=("GET",))
def forward_plan(request):
    today = timezone.localdate()
    form = PlanFilter(request.GET, today=today)
    group, kind = form.group_chosen, form.kind_chosen
    plan = calendar.forward_plan(request.user, form.year_chosen, group=group, kind=kind, today=today)
    context = {
        "form": form,
        "plan": plan,
        "group": group,
        "kind": kind,
        "undated": [(duty, calendar.returns(duty, today)) for duty in plan.undated],
    }
    return render(request, "actions/forward_plan.html", context)


@page(Perm.PLAN_VIEW, methods=("POST",))
def forward_plan_print(request):
    form = PlanFilter(request.POST, today=timezone.localdate())
    job = printing.ask_for(request.user, year=form.year_chosen, group=form.group_chosen, kind=form.kind_chosen)
    return redirect("jobs:job", pk=job.pk)


@page(Perm.PLAN_VIEW, PlanPrint, methods=("GET",))
def forward_plan_asked(request, row):
    """Back from the job: the plan as it was asked for."""
    chosen = {"year": row.year, "group": row.group_id or "", "kind": row.kind}
    return redirect(f"{reverse('actions:forward_plan')}?{urlencode(chosen)}")


@page(Perm.PLAN_VIEW, PlanPrint, related=("group",), downloads=True, methods=("GET",))
def forward_plan_file(request, row):
    version = printing.version_of(row)
    if version is None:
        raise Http404
    if not printing.is_as_it_was(request.user, row):
        messages.warning(request, printing.CHANGED)
        return redirect("actions:forward_plan_asked", row.pk)
    return give(request, version)


@page(Perm.PLAN_VIEW)
def calendar_feed(request):
    if request.method == "POST":
        said = "Your calendar has a new address. One that you had before opens nothing now."
        return pressed(request, partial(feeds.make, request.user), said, "actions:calendar_feed")
    row = feeds.link_of(request.user)
    context = {"row": row, "address": links.address_of(row, "actions:feed")}
    return render(request, "actions/calendar_feed.html", context)


@page(Perm.PLAN_VIEW, methods=("POST",))
def calendar_feed_end(request):
    if feeds.revoke(request.user):
        messages.success(request, "The address opens nothing any more.")
    return redirect("actions:calendar_feed")


@links.link(Link.Purpose.FEED, read_only=True)
def feed(request, row):
    response = HttpResponse(feeds.written(row.acts_as, settings.PORTAL_URL), content_type=MIME)
    response["Content-Disposition"] = 'attachment; filename="forward-plan.ics"'
    return response
