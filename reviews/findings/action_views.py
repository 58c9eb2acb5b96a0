"""A recommendation becomes actions, also after the report was sent."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.urls import reverse

from partnership.access.flow import Stale
from partnership.access.page import page
from partnership.access.replies import conflict_page, form_page, posted
from partnership.actions.answering.acting import say_day
from partnership.people.roles import Perm
from reviews import forms
from reviews.findings import actions
from reviews.findings.services import REMOVED
from reviews.forms import agreeing
from reviews.models import Recommendation


@page(Perm.ACTION_ADD, Recommendation, related=("review__folder", "folder"))
def make_action(request, row):
    home = reverse("reviews:findings", args=[row.review_id])
    if row.removed_at and request.method == "GET":
        messages.warning(request, REMOVED)
        return redirect(home)
    initial = {"what": row.words[: agreeing.MOST], "success": row.success[: agreeing.MOST]}
    form = forms.MakeActionForm(posted(request), user=request.user, row=row, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.make(row, by=request.user, **form.asked())
        except Stale as stale:
            return conflict_page(request, stale, form, home)
        except ValidationError as error:
            form.put_errors(error)
        else:
            messages.success(request, "The recommendation became an action. Each owner sees their own part of it.")
            say_day(request, made.due_on)
            return redirect(home)
    return form_page(request, "reviews/make_action.html", form, row=row)
