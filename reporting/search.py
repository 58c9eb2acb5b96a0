"""The one search, on every page: what is asked for, and what was found of each kind by the reader's own rows."""

from datetime import timedelta
from functools import partial

from django import forms
from django.shortcuts import render
from django.utils import timezone

from partnership.access import scope, searching
from partnership.access.page import page
from partnership.notify.watch import raise_alarm
from partnership.people.roles import Perm
from partnership.trail.models import Event
from partnership.trail.services import record
from partnership.ui.forms import GovForm, required
from partnership.ui.listing import cut_page, page_number

# Nobody who looks for something searches as often; who takes the portal out piece by piece does.
MOST, WITHIN = 100, timedelta(minutes=10)
SEARCHED, MUCH = "searched", "searched_much"


class SearchForm(GovForm):
    """From the address: `q`, and one `kind` or all."""

    q = forms.CharField(
        label="Search for",
        min_length=searching.SHORTEST,
        max_length=searching.LONGEST,
        error_messages=required("Enter what to search for")
        | {
            "min_length": f"Enter {searching.SHORTEST} characters or more",
            "max_length": f"What to search for must be {searching.LONGEST} characters or fewer",
        },
    )
    kind = forms.ChoiceField(label="Show", required=False)

    def __init__(self, data, *, sources):
        super().__init__(data)
        self.sources = {each.code: each for each in sources}
        self.fields["kind"].choices = [("", "Everything"), *((each.code, each.label) for each in sources)]

    def clean_q(self):
        query = searching.Query.of(self.cleaned_data["q"])
        if query.empty:
            raise forms.ValidationError("Enter a word or a number that is to be found")
        return query


@page(Perm.DIRECTORY_VIEW, methods=("GET",))
def search(request):
    """A search is an event, with how much it found and without its words: what somebody looks for may be a name."""
    sources = searching.sources_for(request.user)
    form = SearchForm(request.GET if request.GET.get("q", "").strip() else None, sources=sources)
    if not form.is_valid():
        return render(request, "reporting/search.html", {"form": form}, status=422 if form.errors else 200)
    afterwards = scope.current().afterwards
    if _lately(request.user) >= MOST:
        afterwards.append(partial(raise_alarm, f"{MUCH}:{request.user.pk}", MUCH, user=request.user.pk))
        return render(request, "reporting/search.html", {"form": form, "too_many": MOST}, status=429)
    query, kind = form.cleaned_data["q"], form.cleaned_data["kind"]
    if kind:
        found, number = searching.search_one(
            request.user, query, form.sources[kind], page_number(request.GET.get("page", ""))
        )
        groups = [found] if found.total else []
        cut = cut_page(found.hits, found.total, number, searching.PAGE_SIZE)
    else:
        groups, cut = searching.search(request.user, query, sources), None
    total = sum(each.total for each in groups)
    afterwards.append(partial(record, SEARCHED, by=request.user, found=total, kind=kind))
    context = {"form": form, "query": query, "groups": groups, "total": total, "cut": cut, "kind": kind}
    return render(request, "reporting/search.html", context)


def _lately(user) -> int:
    """How often this person searched within the last minutes."""
    since = timezone.now() - WITHIN
    return Event.objects.filter(actor_id=user.pk, verb=SEARCHED, object_id=None, recorded_at__gt=since).count()
