"""A year of training in numbers."""

from django.http import FileResponse
from django.shortcuts import render
from django.utils import timezone

from partnership.access.page import page
from partnership.actions.planning.rules import year_of
from partnership.people.models import Partnership
from partnership.people.roles import Perm
from partnership.ui import sheets
from partnership.ui.small_numbers import FEWEST
from training.figures import exporting, findings, reads
from training.figures.forms import FiguresForm
from training.office import training_of


@page(Perm.TRAINING_FIGURES)
def figures(request):
    user, named = request.user, reads.reads_names(request.user)
    data = request.POST if request.method == "POST" else request.GET
    form = FiguresForm(data or None, years=reads.years(user), now=year_of(timezone.localdate()), named=named)
    good = form.is_valid() or not form.is_bound
    asked = form.asked()
    kind = request.POST.get("take", "")
    if good and request.method == "POST" and kind in sheets.FORMATS:
        folder = training_of(Partnership.objects.filter(pk__in=reads.places(user)).first())
        file, name, content_type = exporting.export(user, asked["year"], named=named, folder=folder, kind=kind)
        return FileResponse(file, as_attachment=True, filename=name, content_type=content_type)
    context = {"form": form, "found": findings.figures(user, named=named, **asked), "fewest": FEWEST, "asked": asked}
    return render(request, "training/figures.html", context, status=200 if good else 422)
