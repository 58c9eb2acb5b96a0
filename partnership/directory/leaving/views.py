"""The pages of leaving and moving."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import redirect, render
from django.urls import reverse

from partnership.access.flow import Stale
from partnership.access.page import page
from partnership.access.replies import act_on, conflict_page, form_page, posted
from partnership.access.rows import can
from partnership.directory.leaving import forms, reads, services
from partnership.directory.leaving.ending import leavings_of_the_unit
from partnership.directory.models import Departure
from partnership.people.models import Membership
from partnership.people.roles import Perm
from partnership.ui.dates import plain

SHOWN = 50


@page(Perm.COLLEAGUES, methods=("GET",))
def departures(request):
    """Who is leaving, and the people whose leaving one may begin."""
    asked = request.GET.get("q", "").strip()[:100]
    rows = reads.colleagues_of(request.user)
    if asked:
        rows = rows.filter(Q(user__name__icontains=asked) | Q(agency__name__icontains=asked))
    people = Paginator(rows, SHOWN).get_page(request.GET.get("page"))
    people.object_list = list(people.object_list)
    not_mine = leavings_of_the_unit(request.user, people.object_list)
    for row in people.object_list:
        row.may_leave = (row.user_id, row.agency_id) not in not_mine
    context = {"departures": list(reads.departures_of(request.user)), "people": people, "q": asked}
    return render(request, "directory/departures.html", context)


@page(Perm.COLLEAGUES, methods=("GET",))
def leavings(request):
    """Every leaving that one may see, also those that are finished or were given up."""
    form = forms.LeavingsFilter(request.GET)
    good = form.is_valid()
    rows = reads.leavings(request.user, **form.cleaned_data) if good else []
    found = Paginator(rows, SHOWN).get_page(request.GET.get("page"))
    context = {"form": form, "found": found, "good": good}
    return render(request, "directory/leavings.html", context, status=200 if good else 422)


@page(Perm.COLLEAGUES, Membership, related=("user", "agency"), known=reads.knows_role)
def let_leave(request, membership):
    user, agency = membership.user, membership.agency
    closes = services.may_close(request.user, user)
    here = f"Their access at {agency.name} only" if agency else "Their role for the whole partnership only"
    choices = [(forms.HERE, here)] + [(forms.ALL, "All their access: they leave altogether")] * closes
    form = forms.LeaveForm(posted(request), user=request.user, choices=choices, initial={"scope": choices[0][0]})
    return _started(
        request, "directory/let_leave.html", form, user,
        lambda facts: {"agency": agency, "altogether": facts["scope"] == forms.ALL, "last_day": facts["last_day"]},
        person=user, agency=agency,
    )  # fmt: skip


@page(Perm.COLLEAGUES, Membership, related=("user", "agency"), known=reads.knows_role)
def let_move(request, membership):
    user, agency = membership.user, membership.agency
    if agency is None:
        messages.warning(request, "A role for the whole partnership does not move: end it, and give another one.")
        return redirect("directory:departures")
    form = forms.MoveForm(posted(request), user=request.user, agency=agency)
    return _started(
        request, "directory/let_move.html", form, user,
        lambda facts: {"agency": agency} | {name: facts[name] for name in ("to_agency", "to_role", "last_day")},
        nowhere=not form.fields["to_agency"].queryset.exists(),
        person=user, agency=agency,
    )  # fmt: skip


@page(Perm.BELONG)
def i_am_leaving(request):
    """One's own leaving; where it is begun already, on to it."""
    mine = Membership.objects.live().filter(user=request.user).select_related("agency").order_by("agency__name")
    agencies = {str(row.agency_id): row.agency for row in mine if row.agency_id}
    begun = reads.own_departures(request.user)
    rest = reads.still_to_leave(agencies, begun)
    if begun and not rest:
        return redirect("directory:departure", begun[0].pk)
    choices = [(pk, f"My access at {agency.name} only") for pk, agency in rest.items()]
    if not begun:
        choices.append((forms.ALL, "All my access: I leave altogether"))
    form = forms.LeaveForm(posted(request), user=request.user, choices=choices, initial={"scope": choices[-1][0]})
    return _started(
        request, "directory/i_am_leaving.html", form, request.user,
        lambda facts: {
            "altogether": facts["scope"] == forms.ALL,
            "agency": agencies.get(facts["scope"]) or (next(iter(agencies.values())) if len(agencies) == 1 else None),
            "last_day": facts["last_day"],
        },
        nothing=not mine,
        begun=begun,
        told=reads.who_else_acts(request.user, [row.agency_id for row in mine]),
    )  # fmt: skip


def _started(request, template, form, user, facts, **context):
    def act():
        return services.start(user, by=request.user, **facts(form.cleaned_data))

    def said(row):
        return "The leaving is begun. Say who takes over what is listed here.", "directory:departure", row.pk

    return act_on(request, form, act, template, said, **context)


@page(Perm.COLLEAGUES, Departure, related=("user", "agency", "to_agency", "started_by", "confirmed_by"))
def departure(request, row):
    items = reads.items_of(row, request.user) if row.status in Departure.OPEN else []
    dated = services.may_undo(request.user, row)
    form = forms.DepartureForm(posted(request), user=request.user, items=items, departure=row, dated=dated)
    if row.status in Departure.OPEN and request.method == "POST" and form.is_valid():
        try:
            return _saved(request, row, form)
        except Stale as stale:
            return conflict_page(request, stale, form, reverse("directory:departure", args=[row.pk]))
        except services.NotReady as error:
            form.put_missing(error)
        except ValidationError as error:
            form.put_errors(error)
    context = {
        "row": row,
        "items": items,
        "elsewhere": [item for item in items if not item.offers],
        "may_invite": row.agency is not None and can(request.user, Perm.COLLEAGUES, row.agency),
        "may_finish": services.may_finish(request.user, row),
        "open": row.status in Departure.OPEN,
        "done": reads.done_in(row, request.user) if row.status == Departure.Status.DONE else [],
        "own": row.user_id == request.user.pk,
        "ready": row.status == Departure.Status.PLANNED and not row.stuck_on,
        "dated": dated,
        "finishes": reads.who_else_acts(row.user, [row.agency_id]) if row.user_id == request.user.pk else "",
        "may_cancel": services.may_cancel(request.user, row),
        "waits": sum(1 for item in items if item.missing),
    }
    return form_page(request, "directory/departure.html", form, **context)


def _saved(request, row, form):
    version = form.cleaned_data["version"]
    row = services.save(
        row, by=request.user, version=version, choices=form.decided(), last_day=form.cleaned_data.get("last_day")
    )
    if "finish" not in request.POST:
        messages.success(request, "Saved. Come back when you like.")
        return redirect("directory:departure", row.pk)
    row = services.finish(row, by=request.user, version=row.version)
    if row.status == Departure.Status.PLANNED:
        messages.success(request, f"Ready. The access ends by itself at the end of {plain(row.last_day)}.")
    else:
        messages.success(request, f"The access of {row.user.name} has ended, and what they held is handed over.")
    still = can(request.user, Perm.COLLEAGUES, row)
    return redirect("directory:departure", row.pk) if still else redirect("directory:departures")


@page(Perm.COLLEAGUES, Departure, related=("user",), methods=("POST",))
def departure_cancel(request, row):
    try:
        services.cancel(row, by=request.user)
    except Stale as stale:
        messages.warning(request, stale.messages[0])
        return redirect("directory:departure", row.pk)
    messages.success(request, f"{row.user.name} stays. Nothing has changed.")
    return redirect(settings.LOGIN_REDIRECT_URL if row.user_id == request.user.pk else "directory:departures")
