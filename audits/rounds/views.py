"""The pages of rounds: the list, planning one, whom it asks and by when, how it stands, sending and closing it."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse

from audits.answering import trust
from audits.facts import UNKNOWN
from audits.flow import ROUND
from audits.models import Round, Window
from audits.population import ALSO, NOT
from audits.rounds import forms, reads, sending, services
from audits.rounds.choosing import windows_of
from audits.tabs import tabs_of_round
from partnership.access.page import page
from partnership.access.reach import reach_of
from partnership.access.replies import act_on, no_such_button, posted, pressed, stale_edit
from partnership.access.rows import allowing, powers
from partnership.jobs.services import ask
from partnership.people.models import Agency, Partnership
from partnership.people.roles import Perm
from partnership.ui.small_numbers import FEWEST

LOADED = ("folder", "set_version__question_set", "before", "changed_by")


@page(Perm.AUDIT_LIST, methods=("GET",))
def audits(request):
    reach = reach_of(request.user)
    runs = reach.holds_wide(Perm.AUDIT_RUN)
    own = reads.own_returns(request.user)
    context = {
        "runs": runs, "rounds": reads.rounds(request.user) if runs else [], "own": own, "fewest": FEWEST,
        "shared": trust.rounds_of(request.user),
        "figures": not runs and bool(reach.places(Perm.AUDIT_FIGURES)),
    }  # fmt: skip
    return render(request, "audits/audits.html", context)


@page(Perm.AUDIT_RUN)
def round_plan(request):
    if not reach_of(request.user).holds_wide(Perm.AUDIT_RUN):
        raise PermissionDenied
    form = forms.PlanForm(posted(request), user=request.user)
    act = lambda: services.plan(by=request.user, partnership=Partnership.objects.get(), **form.facts())  # noqa: E731
    said = lambda row: ("The round is planned. Nobody has been asked yet.", "audits:audit_round", row.pk)  # noqa: E731
    return act_on(request, form, act, "audits/round_plan.html", said)


def _tabs(request, row, here):
    return tabs_of_round(row, powers(request.user, [row.folder])[row.pk], here=f"audits:{here}")


@page(Perm.AUDIT_RUN, Round, related=LOADED, methods=("GET",))
def audit_round(request, row):
    held = powers(request.user, [row.folder])[row.pk]
    context = {
        "round": row,
        "found": reads.round_page(request.user, row),
        "who": reads.in_words(row.population),
        "live": row.status in Round.LIVE,
        "steps": {code for code, _ in ROUND.open_with(held, row)},
        "tabs": tabs_of_round(row, held, here="audits:audit_round"),
    }
    return render(request, "audits/audit_round.html", context)


@page(Perm.AUDIT_RUN, Round, related=LOADED)
def round_edit(request, row):
    if request.method == "POST" and request.POST.get("do", "save") != "save":
        return _name_agency(request, row)
    form = forms.RoundForm(posted(request), user=request.user, row=row, initial=forms.initial_of(row))
    home = reverse("audits:audit_round", args=[row.pk])

    def act():
        return services.change(row, by=request.user, version=form.cleaned_data["version"], **form.facts())

    def stale(refused):
        fresh = Round.objects.select_related(*LOADED).get(pk=row.pk)
        now = forms.initial_of(fresh) | {"before": fresh.before}
        return stale_edit(
            request, "audits/round_edit.html", form, refused, fresh, now, url=home, **_edited(request, fresh)
        )

    said = ("Saved.", home)
    return act_on(request, form, act, "audits/round_edit.html", said, on_stale=stale, **_edited(request, row))


def _edited(request, row, named=None):
    """What the page of a round's facts shows besides their form."""
    return {
        "round": row,
        "named": named or forms.NamedForm(None, user=request.user),
        "newer": reads.newer_version(row),
        "lists": [(words, rows) for words, rows in _named(request, row) if rows],
        "tabs": _tabs(request, row, "round_edit"),
    }


def _named(request, row) -> list:
    """[(words, organisations)] that the round asks besides, and leaves out."""
    found = allowing(Agency, request.user, Perm.DIRECTORY_VIEW)
    return [
        (words, list(found.filter(pk__in=row.population.get(name, [])).order_by("name")))
        for name, words in ((ALSO, "Asked besides"), (NOT, "Left out"))
    ]


def _name_agency(request, row):
    """The other forms of the page: one organisation besides, left out, or neither any more; a newer version."""
    here = reverse("audits:round_edit", args=[row.pk])
    if request.POST["do"] == "version":
        newer = reads.newer_version(row)
        act = lambda: newer and services.take_version(row, newer, by=request.user)  # noqa: E731
        return pressed(request, act, "Saved. The round asks the newest version.", here)
    if request.POST["do"] == services.NO_MORE:
        named = [each for _, rows in _named(request, row) for each in rows]
        agency = next((each for each in named if str(each.pk) == request.POST.get("named")), None)
        act = lambda: agency and services.name_agency(row, agency, by=request.user, do=services.NO_MORE)  # noqa: E731
        return pressed(request, act, "It is no exception any more.", here)
    named = forms.NamedForm(request.POST, user=request.user)
    facts = forms.RoundForm(None, user=request.user, row=row, initial=forms.initial_of(row))
    if named.is_valid():
        done = named.cleaned_data
        act = lambda: services.name_agency(row, done["agency"], by=request.user, do=done["how"])  # noqa: E731
        return pressed(request, act, "Saved.", here)
    return render(request, "audits/round_edit.html", {"form": facts, **_edited(request, row, named)}, status=422)


@page(Perm.AUDIT_RUN, Round, related=LOADED)
def round_windows(request, row):
    """The windows of a round; `window` in the address is the one that is changed."""
    home = reverse("audits:round_windows", args=[row.pk])
    rows = windows_of(row)
    if request.method == "POST" and request.POST.get("do") in ("up", "remove"):
        found = _one(rows, request.POST.get("window", ""))
        if found is None:
            return pressed(request, lambda: None, "That window was removed already.", home)
        act, said = _press(request.POST["do"])
        return pressed(request, lambda: act(found, by=request.user), said, home)
    chosen = _one(rows, request.GET.get("window", ""))
    initial = forms.initial_of_window(chosen) if chosen else {}
    form = forms.WindowForm(posted(request), user=request.user, initial=initial)
    context = {"round": row, "rows": [(each, reads.in_words(each.who)) for each in rows], "window": chosen}
    context["tabs"] = _tabs(request, row, "round_edit")

    def act():
        if chosen:
            version = form.cleaned_data["version"]
            return services.change_window(chosen, by=request.user, version=version, **form.facts())
        return services.add_window(row, by=request.user, **form.facts())

    def stale(refused):
        fresh = Window.objects.select_related("changed_by").get(pk=chosen.pk)
        now = forms.initial_of_window(fresh)
        return stale_edit(request, "audits/round_windows.html", form, refused, fresh, now, url=home, **context)

    return act_on(
        request, form, act, "audits/round_windows.html", ("Saved.", home),
        on_stale=stale if chosen else None, stale_url=home, **context,
    )  # fmt: skip


def _one(rows, pk):
    return next((each for each in rows if str(each.pk) == pk), None)


def _press(do):
    if do == "up":
        return services.move_window_up, "Saved. The windows are tried in this order."
    return services.remove_window, "The window is removed."


@page(Perm.AUDIT_RUN, Round, related=LOADED)
def round_slices(request, row):
    """When each section is asked, where topics go round the year."""
    home = reverse("audits:round_slices", args=[row.pk])
    sections = list(row.set_version.sections.order_by("position", "pk"))
    context = {"round": row, "tabs": _tabs(request, row, "round_edit")}

    def form_of(data, fresh):
        now = {each.section_id: each for each in fresh.slices.all()}
        initial = {"version": fresh.version}
        return forms.SlicesForm(data, user=request.user, sections=sections, now=now, initial=initial)

    form = form_of(posted(request), row)

    def act():
        return services.set_slices(row, by=request.user, version=form.cleaned_data["version"], days=form.days())

    def stale(refused):
        fresh = Round.objects.select_related("changed_by").get(pk=row.pk)
        now = {name: form_of(None, fresh).initial.get(name) for name in form.fields if "_" in name}
        return stale_edit(request, "audits/round_slices.html", form, refused, fresh, now, url=home, **context)

    said = ("Saved.", home)
    return act_on(request, form, act, "audits/round_slices.html", said, on_stale=stale, **context)


@page(Perm.AUDIT_RUN, Round, related=LOADED)
def round_asked(request, row):
    """Who will be asked, before anybody is; a POST sends the round out, or asks those who came since."""
    if name := request.POST.get("unknown"):
        if name not in UNKNOWN:
            return no_such_button()
        act = lambda: services.ask_unknown(row, name, by=request.user)  # noqa: E731
        return pressed(request, act, "Saved. They belong to the round.", "audits:round_asked", row.pk)
    if request.method == "POST":
        return _send(request, row)
    context = {
        "round": row,
        "found": reads.beforehand(row) if row.status in Round.LIVE else None,
        "job": sending.job_of(row),
        "tabs": _tabs(request, row, "round_asked"),
    }
    return render(request, "audits/round_asked.html", context)


def _send(request, row):
    """Whether it can go is asked here for the person's sake, and again by the job, which has the last word."""
    return redirect("jobs:job", ask(sending.SEND, row, by=request.user).pk)


@page(Perm.AUDIT_RUN, Round, related=LOADED)
def round_close(request, row):
    """Close a round, open a closed one again, or discard one that was not sent; each is confirmed here."""
    home = ("audits:audit_round", row.pk)
    if request.method == "POST" and request.POST.get("do") == "discard":
        act = lambda: services.discard(row, by=request.user)  # noqa: E731
        return pressed(request, act, "The round is discarded. Nobody was asked.", *home)
    if request.method == "POST" and request.POST.get("do") == "reopen":
        act = lambda: services.reopen(row, by=request.user)  # noqa: E731
        return pressed(request, act, "The round is open again: returns are taken. No deadline has changed.", *home)
    if request.method == "POST":
        act = lambda: services.close(row, by=request.user)  # noqa: E731
        return pressed(request, act, "The round is closed. Everything in it can be read and taken out.", *home)
    held = powers(request.user, [row.folder])[row.pk]
    context = {
        "round": row,
        "standing": reads.standing(request.user, row),
        "steps": {code for code, _ in ROUND.open_with(held, row)},
    }
    return render(request, "audits/round_close.html", context)
