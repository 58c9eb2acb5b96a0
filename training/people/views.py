"""The people of an organisation, and the record of one, which the person sees too."""

from functools import partial

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponseBadRequest
from django.urls import reverse

from partnership.access.page import page
from partnership.access.replies import act_on, form_page, posted, pressed, stale_edit
from partnership.access.rows import powers
from partnership.people.roles import Perm
from partnership.ui.listing import asked_of, id_of
from training.models import Learner
from training.people import forms, keeping, reads
from training.people.services import account_at
from training.people.whose import chooser, whose

ON_A_PAGE = 50


@page(Perm.LEARNER_EDIT)
def people(request):
    """Those of one organisation, with how they stand; who is new is entered here."""
    user, found = request.user, whose(request)
    if found.every and "alike" in request.GET:
        return form_page(request, "training/people_alike.html", None, alike=reads.alike(user))
    if found.agency is None:
        return chooser(request, found, "People")
    agency = found.agency
    form = forms.LearnerForm(posted(request), user=user)
    asked = forms.PeopleFilter(request.GET)
    rows = reads.people(user, agency, **_asked(asked))
    shown = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page", ""))
    context = {
        "agency": agency, "whose": found, "filter": asked, "page": shown, "query": asked_of(request),
        "lines": lambda: reads.lines(user, shown.object_list),
    }  # fmt: skip
    act = lambda: keeping.enter(agency, by=user, **form.facts())  # noqa: E731
    said = lambda row: (f"{row.name} is on the list.", "training:learner", row.pk)  # noqa: E731
    return act_on(request, form, act, "training/people.html", said, **context)


def _asked(form) -> dict:
    data = form.cleaned_data if form.is_valid() else {}
    return {name: data[name] for name in ("q", "role", "who") if name in data}


@page(Perm.LEARNER_VIEW, Learner, related=reads.RELATED)
def learner(request, row):
    """What is kept of somebody. `do` says which form or button was sent; all of them are the organisation's."""
    user, do = request.user, request.POST.get("do", "")
    may = Perm.LEARNER_EDIT in powers(user, [row])[row.pk]
    if request.method == "POST":
        if not may:
            raise PermissionDenied("learner")
        if do in BUTTONS:
            return _press(request, row, do)
    forms_of = _forms(request, row, do) if may else {}
    context = {
        "row": row, "may": may, "forms": forms_of, "found": lambda: reads.record_of(user, row),
        "own": row.user_id == user.pk, "gone": row.left_on,
        "people_url": f"{reverse('training:people')}?agency={row.agency_id}",
        "account": may and not row.user_id and account_at(row.agency, row.email),
        "places": may and row.left_on and reads.has_places(user, row),
    }  # fmt: skip
    if request.method != "POST":
        return form_page(request, "training/learner.html", None, **context)
    form = forms_of.get(do)
    if form is None:
        return HttpResponseBadRequest("No such button.")
    return _acted(request, row, do, form, context)


def _forms(request, row, do) -> dict:
    data = posted(request)
    of = lambda what: data if data is not None and data.get("do") == what else None  # noqa: E731
    facts = {name: getattr(row, name) for name in keeping.FACTS} | {"version": row.version}
    return {
        "change": forms.LearnerForm(
            of("change"), user=request.user, tied=bool(row.user_id), initial=facts, auto_id="change_%s"
        ),
        "left": forms.LeftForm(
            of("left"), user=request.user, initial={"version": row.version, "left_on": row.left_on}, auto_id="left_%s"
        ),
        "completed": forms.CompletedForm(of("completed"), user=request.user, auto_id="completed_%s"),
    }  # fmt: skip


BUTTONS = ("link", "back", "take_off")


def _press(request, row, do):
    said = request.POST
    version = int(said["version"][:9]) if said.get("version", "").isdecimal() else 0
    act, words = {
        "link": (partial(keeping.link, row), "The account is tied to this record: the person sees it now."),
        "back": (partial(keeping.left, row, version=version, on=None), "They work there again."),
        "take_off": (partial(_take_off, row, said.get("completion", "")), "It is off the record."),
    }[do]
    return pressed(request, partial(act, by=request.user), words, "training:learner", row.pk)


def _take_off(row, completion, *, by):
    keeping.take_off(row, id_of(completion), by=by)


def _acted(request, row, do, form, context):
    user, here = request.user, reverse("training:learner", args=[row.pk])

    def act():
        data = form.cleaned_data
        if do == "change":
            return keeping.change(row, by=user, version=data["version"] or 0, **form.facts())
        if do == "left":
            return keeping.left(row, by=user, version=data["version"], on=data["left_on"])
        facts = {name: data[name] for name in ("course", "completed_on", "provider")}
        return keeping.completed(row, by=user, **facts)

    def stale(error):
        fresh = Learner.objects.visible_to(user).select_related(*reads.RELATED).get(pk=row.pk)
        now = {name: getattr(fresh, name) for name in (*keeping.FACTS, "left_on")}
        return stale_edit(request, "training/learner.html", form, error, fresh, now, url=here, **context)

    return act_on(request, form, act, "training/learner.html", ("Saved.", here), on_stale=stale, **context)
