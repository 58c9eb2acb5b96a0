"""What the review found: key practice episodes, safety actions, themes, recommendations."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse

from partnership.access.context import folder_tabs
from partnership.access.flow import Stale
from partnership.access.page import page
from partnership.access.replies import Clash, act_on, clash_page, conflict_page, differing, form_page, posted, who_did
from partnership.access.rows import powers
from partnership.people.roles import Perm
from reviews import forms, naming
from reviews.findings import actions, reads, services
from reviews.models import Episode, Recommendation, Review, SafetyAction
from reviews.own_account import report_withheld
from reviews.running import running


@page(Perm.REVIEW_VIEW, Review, related=("folder", "notification"), methods=("GET",))
@running
def findings(request, review):
    held = powers(request.user, [review])[review.pk]
    tabs = folder_tabs(request.user, review.folder, held, here="reviews:findings")
    if report_withheld(request.user, review.folder, held=held):
        context = {"folder": review.folder, "tabs": tabs, "what": "Findings"}
        return render(request, "reviews/report_withheld.html", context)
    found = reads.findings(request.user, review)
    made = actions.made_of(request.user, found["recommendations"])
    context = {
        "review": review,
        "found": found,
        "recommended": [(row, made.get(row.pk, ())) for row in found["recommendations"]],
        "may_act": Perm.ACTION_ADD in held,
        "may_change": Perm.REVIEW_MANAGE in held and not review.settled,
        "tabs": tabs,
    }
    return render(request, "reviews/findings.html", context)


@page(Perm.REVIEW_MANAGE, Review, related=("folder",))
@running
def themes(request, review):
    standing = reads.themes(request.user, review)
    form = forms.ThemesForm(posted(request), user=request.user, initial=_chosen(standing))
    home = reverse("reviews:findings", args=[review.pk])
    if request.method == "POST" and form.is_valid():
        try:
            services.choose_themes(review, by=request.user, **form.chosen())
        except Stale as stale:
            review.refresh_from_db(fields=["status"])
            standing = reads.themes(request.user, review)
            if review.settled:
                return conflict_page(request, stale, form, home)
            newest = max(standing, key=lambda row: row.chosen_at, default=None)
            happened = who_did(request.user, newest.chosen_by, newest.chosen_at) if newest else stale.messages[0]
            now = _chosen(standing)
            hidden = {"read": now.pop("read")}
            clash = Clash(happened, differing(form, now))
            return clash_page(request, "reviews/themes.html", form, clash, hidden=hidden, review=review)
        except ValidationError as error:
            form.put_errors(error)
        else:
            messages.success(request, "The themes were saved.")
            naming.warn(request, review, naming.typed(form))
            return redirect(home)
    return form_page(request, "reviews/themes.html", form, review=review)


def _chosen(standing) -> dict:
    return {
        "codes": [row.code for row in standing if row.code],
        "local": "\n".join(row.words for row in standing if row.words),
        "read": reads.read_of(standing),
    }


def _add(request, review, model, kind, template):
    offered = reads.concerned(request.user, review)
    form = kind(posted(request), user=request.user, offered=offered)
    home = reverse("reviews:findings", args=[review.pk])

    def act():
        services.add(model, review, by=request.user, **form.facts())

    def then(made):
        naming.warn(request, review, naming.typed(form))

    return act_on(request, form, act, template, ("It was added.", home), stale_url=home, then=then, review=review)


def _edit(request, row, kind, template):
    home = reverse("reviews:findings", args=[row.review_id])
    if row.removed_at and request.method == "GET":
        messages.warning(request, "Somebody took it off.")
        return redirect(home)
    offered = reads.concerned(request.user, row.review, row)
    form = kind(posted(request), user=request.user, offered=offered)
    if not form.is_bound:
        form.initial = _saved_now(row, form)
    if request.method == "POST" and form.is_valid():
        try:
            services.change(row, by=request.user, version=form.cleaned_data["version"], **form.facts())
        except Stale as stale:
            row.refresh_from_db()
            if row.removed_at or row.version == form.cleaned_data["version"]:  # taken off, or the report has gone
                return conflict_page(request, stale, form, home)
            clash = Clash(who_did(request.user, row.changed_by, row.changed_at), differing(form, _saved_now(row, form)))
            return clash_page(request, template, form, clash, hidden={"version": row.version}, review=row.review)
        except ValidationError as error:
            form.put_errors(error)
        else:
            messages.success(request, "Your changes were saved.")
            naming.warn(request, row.review, naming.typed(form))
            return redirect(home)
    return form_page(request, template, form, review=row.review)


def _saved_now(row, form) -> dict:
    now = {name: getattr(row, name) for name in form.fields if hasattr(row, name)}
    return now | {"agencies": list(row.agencies.all())}


def _act(request, row, act, done):
    """A button of a row: what it refuses is said on the page of findings."""
    try:
        act()
    except Stale as stale:
        messages.warning(request, stale.messages[0])
    else:
        messages.success(request, done)
    return redirect("reviews:findings", row.review_id)


def _remove(request, row):
    version = request.POST.get("version", "")
    number = int(version) if version.isdecimal() and len(version) < 9 else 0
    return _act(request, row, lambda: services.remove(row, by=request.user, version=number), "It was taken off.")


def _move(request, row):
    up = request.POST.get("to") == "up"
    return _act(request, row, lambda: services.move(row, by=request.user, up=up), "The order was changed.")


@page(Perm.REVIEW_MANAGE, Review, related=("folder",))
@running
def episode_add(request, review):
    return _add(request, review, Episode, forms.EpisodeForm, "reviews/episode_add.html")


@page(Perm.REVIEW_MANAGE, Episode, related=("review__folder", "changed_by"))
def episode_edit(request, row):
    return _edit(request, row, forms.EpisodeForm, "reviews/episode_edit.html")


@page(Perm.REVIEW_MANAGE, Episode, related=("review",), methods=("POST",))
def episode_remove(request, row):
    return _remove(request, row)


@page(Perm.REVIEW_MANAGE, Episode, related=("review",), methods=("POST",))
def episode_move(request, row):
    return _move(request, row)


@page(Perm.REVIEW_MANAGE, Review, related=("folder",))
@running
def safety_add(request, review):
    return _add(request, review, SafetyAction, forms.SafetyActionForm, "reviews/safety_add.html")


@page(Perm.REVIEW_MANAGE, SafetyAction, related=("review__folder", "changed_by"))
def safety_edit(request, row):
    return _edit(request, row, forms.SafetyActionForm, "reviews/safety_edit.html")


@page(Perm.REVIEW_MANAGE, SafetyAction, related=("review",), methods=("POST",))
def safety_remove(request, row):
    return _remove(request, row)


@page(Perm.REVIEW_MANAGE, SafetyAction, related=("review",), methods=("POST",))
def safety_move(request, row):
    return _move(request, row)


@page(Perm.REVIEW_MANAGE, Review, related=("folder",))
@running
def recommendation_add(request, review):
    return _add(request, review, Recommendation, forms.RecommendationForm, "reviews/recommendation_add.html")


@page(Perm.REVIEW_MANAGE, Recommendation, related=("review__folder", "changed_by"))
def recommendation_edit(request, row):
    return _edit(request, row, forms.RecommendationForm, "reviews/recommendation_edit.html")


@page(Perm.REVIEW_MANAGE, Recommendation, related=("review",), methods=("POST",))
def recommendation_remove(request, row):
    return _remove(request, row)


@page(Perm.REVIEW_MANAGE, Recommendation, related=("review",), methods=("POST",))
def recommendation_move(request, row):
    return _move(request, row)
