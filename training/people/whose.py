"""Whose people a page is about: of the address, or the only organisation whose people the reader keeps."""

from dataclasses import dataclass

from django.db.models import Q
from django.shortcuts import render

from partnership.access.reach import reach_of
from partnership.access.rows import allowing
from partnership.people.models import Agency
from partnership.people.roles import Perm
from partnership.ui.listing import id_of
from training.models import Learner


@dataclass(frozen=True)
class Whose:
    """agency: None where it has to be chosen first. choices: the organisations that may be chosen. every: whether the
    reader keeps the people of all of them, as the business unit does."""

    agency: Agency | None
    choices: list
    every: bool


def whose(request) -> Whose:
    """Raises nothing: an organisation that is not the reader's is as none."""
    reach, asked = reach_of(request.user), request.GET.get("agency", "")
    every = reach.holds_wide(Perm.LEARNER_EDIT)
    ids = reach.agencies(Perm.LEARNER_EDIT)
    own = list(Agency.objects.filter(pk__in=ids).order_by("name")) if ids else []
    if every and asked:
        found = allowing(Agency, request.user, Perm.DIRECTORY_VIEW).filter(pk=id_of(asked)).first()
        return Whose(found, [] if found else organisations(request.user), every)
    if every:
        return Whose(None, organisations(request.user), every)
    chosen = next((each for each in own if str(each.pk) == asked), own[0] if len(own) == 1 and not asked else None)
    return Whose(chosen, own, every)


def organisations(user):
    """Those of today, and any of whose people there is a record."""
    recorded = Learner.objects.visible_to(user).filter(invented=False).order_by().values("agency_id")
    rows = allowing(Agency, user, Perm.DIRECTORY_VIEW)
    live = Agency.objects.live().values("pk")
    return rows.filter(Q(pk__in=live) | Q(pk__in=recorded)).order_by("name")


def chooser(request, found, title):
    """The page that asks for the organisation first. title: of the page that comes after."""
    return render(request, "training/whose.html", {"choices": found.choices, "title": title})
