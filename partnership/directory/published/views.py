"""The public stakeholder directory: who works together, without signing in."""

from django import forms
from django.shortcuts import render
from django.views.decorators.http import require_safe

from partnership.directory.areas.tree import ByArea
from partnership.directory.published.reads import published
from partnership.people.models import AgencyKind
from partnership.ui.forms import GovForm


class PublicFilter(ByArea, GovForm):
    q = forms.CharField(label="Name, postcode or town", required=False, max_length=100)
    kind = forms.ChoiceField(label="Type", required=False, choices=[("", "All types"), *AgencyKind.choices])
    area = forms.ChoiceField(label="Area", required=False)


@require_safe
def public_directory(request):
    form = PublicFilter(request.GET)
    good = form.is_valid()
    page = None
    if good:
        page = published(
            q=form.cleaned_data["q"],
            kind=form.cleaned_data["kind"],
            areas=form.area_ids(),
            page=request.GET.get("page", ""),
        )
    context = {"form": form, "page": page}
    return render(request, "directory/public_directory.html", context, status=200 if good else 422)
