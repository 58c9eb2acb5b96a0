"""Colleagues of the unit: what they have open, and who covers for whom."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone

from partnership.access.page import page
from partnership.access.replies import act_on, posted
from partnership.directory.covering import forms, reads, services
from partnership.directory.models import Cover
from partnership.people.roles import Perm


@page(Perm.COVER, methods=("GET",))
def colleagues(request):
    people = reads.colleagues_of(request.user, request.GET.get("show", ""))
    context = {"colleagues": people, "covers": reads.coming(request.user)}
    return render(request, "directory/colleagues.html", context)


@page(Perm.COVER)
def cover_add(request):
    today = timezone.localdate()
    initial = {"coverer": request.user.pk, "absent": request.GET.get("absent", ""), "starts": today}
    form = forms.CoverForm(posted(request), user=request.user, initial=initial)

    def act():
        facts = {name: form.cleaned_data[name] for name in ("coverer", "starts", "last_day", "reason")}
        return services.take_over(form.cleaned_data["absent"], by=request.user, **facts)

    def said(row):
        return f"{row.by.name} covers for {row.absent.name}.", "directory:colleagues"

    return act_on(request, form, act, "directory/cover_add.html", said)


@page(Perm.COVER, Cover, related=("absent", "by"), methods=("POST",))
def cover_end(request, row):
    services.end(row, by=request.user)
    messages.success(request, f"{row.by.name} no longer covers for {row.absent.name}.")
    return redirect("directory:colleagues")
