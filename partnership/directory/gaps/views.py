"""The reports of the directory: what is missing, and who is to be asked."""

from django import forms
from django.shortcuts import render
from django.utils import timezone

from partnership.access.page import page
from partnership.access.reach import reach_of
from partnership.directory.areas.tree import ByArea
from partnership.directory.gaps import reads
from partnership.directory.gaps.expected import expected_on
from partnership.directory.listing.filters import PHASES
from partnership.people.models import AgencyKind, DutyKind
from partnership.people.roles import Perm
from partnership.ui.forms import GovForm


class GapsFilter(ByArea, GovForm):
    area = forms.ChoiceField(label="Area, with its parts", required=False)

    def where(self):
        """The answers that are there, the area as its ids and those of its parts."""
        asked = {name: value for name, value in self.cleaned_data.items() if value and name != "area"}
        return asked | {"areas": self.area_ids()}


class DutiesFilter(GapsFilter):
    duty = forms.ChoiceField(label="Named duty", required=False, choices=[("", "All"), *DutyKind.choices])
    kind = forms.ChoiceField(label="Type", required=False, choices=[("", "All types"), *AgencyKind.choices])
    phase = forms.ChoiceField(label="Phase of school", required=False, choices=[("", "All phases"), *PHASES.items()])

    field_order = ("duty", "kind", "phase", "area")


def _report(request, template, read, **more):
    form = DutiesFilter(request.GET, user=request.user)
    good = form.is_valid()
    found = read(request.user, page=request.GET.get("page", ""), **form.where()) if good else None
    context = {"form": form, "page": found, **more}
    return render(request, template, context, status=200 if good else 422)


@page(Perm.COLLEAGUES, methods=("GET",))
def duties_without_holder(request):
    """Of all organisations for those who keep them all; of her own for a lead."""
    asks = reach_of(request.user).holds_wide(Perm.COLLEAGUES)
    return _report(request, "directory/duties_without_holder.html", reads.vacancies, asks=asks)


@page(Perm.COLLEAGUES, methods=("GET",))
def holders_without_sign_in(request):
    return _report(request, "directory/holders_without_sign_in.html", reads.unreachable)


@page(Perm.DIRECTORY_VIEW, methods=("GET",))
def gaps(request):
    form = GapsFilter(request.GET, user=request.user)
    good = form.is_valid()
    area = form.cleaned_data["area"] if good else ""
    here = form.tree.by_slug.get(area)
    context = {
        "form": form,
        "area": here,
        "parts": form.tree.parts[here.pk] if here else [],
        "reports": reach_of(request.user).holds_wide(Perm.COLLEAGUES),
        "gaps": reads.gaps(request.user, area=area, **form.where()) if good else None,
    }
    return render(request, "directory/gaps.html", context, status=200 if good else 422)


@page(Perm.DIRECTORY_VIEW, methods=("GET",))
def expected_duties(request):
    """Which duties are expected of whom, and how we know: the data as it is."""
    return render(request, "directory/expected_duties.html", {"rows": expected_on(timezone.localdate())})
