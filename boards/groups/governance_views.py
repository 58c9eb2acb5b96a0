"""How groups work: their arrangements, terms of reference, quorum, rotation of the chair, and boards of others."""

from functools import partial

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from boards.groups import governance, handing, reads
from boards.groups import governance_forms as forms
from boards.groups.rotation import chairing
from boards.groups.views import done, may_edit, tabs, to_group
from boards.models import Arrangement, Group, OtherBody, Quorum, Rotation, Terms
from partnership.access.page import page
from partnership.access.replies import act_on, posted, stale_edit
from partnership.people.models import Partnership
from partnership.people.models.dated import last_day
from partnership.people.roles import Perm

OF_GROUP = ("group__folder",)


def to_groups(row):
    return reverse("boards:groups")


@page(Perm.GROUP_EDIT)
def arrangement_add(request):
    form = forms.ArrangementForm(posted(request), user=request.user)
    act = partial(governance.add_arrangement, by=request.user, partnership=Partnership.objects.get())
    return done(request, form, "boards/arrangement_add.html", act, "The arrangements are entered.", home=to_groups)


@page(Perm.GROUP_EDIT, Arrangement)
def arrangement_edit(request, row):
    fields = ("name", "area", "starts", "source")
    return _edit(
        request, row, forms.ArrangementForm, governance.change_arrangement, "boards/arrangement_edit.html",
        lambda row: {name: getattr(row, name) for name in fields} | {"ends": last_day(row.ends)},
        reverse("boards:groups"), arrangement=row,
    )  # fmt: skip


def _edit(request, row, form_class, service, template, saved_of, home, **context):
    """The page of an edit: what is saved, what was typed, and both where somebody else saved first. saved_of(row)."""
    initial = saved_of(row) | {"version": row.version}
    form = form_class(posted(request), request.FILES or None, user=request.user, initial=initial)

    def act():
        service(row, by=request.user, version=form.cleaned_data["version"], **form.facts())

    def stale(refused):
        fresh = type(row).objects.select_related("changed_by").get(pk=row.pk)
        return stale_edit(request, template, form, refused, fresh, saved_of(fresh), url=home, **context)

    return act_on(request, form, act, template, ("Your changes were saved.", home), on_stale=stale, **context)


# --- terms of reference -----------------------------------------------------------------------------------------------


def _at_terms(group):
    return lambda row: reverse("boards:terms", args=[group.pk])


@page(Perm.GROUP_VIEW, Group, related=("folder",), methods=("GET",))
def terms(request, row):
    versions = reads.versions_of(request.user, row)
    today = timezone.localdate()
    context = {
        "group": row,
        "versions": versions,
        "in_force": next((each.row for each in versions if each.row.in_force_from <= today), None),
        "review": reads.review_of(versions, today),
        "may_edit": may_edit(request) and not row.over,
        "tabs": tabs(request, row, "boards:group"),
    }
    return render(request, "boards/terms.html", context)


@page(Perm.GROUP_EDIT, Group, related=("folder",))
def terms_add(request, row):
    newest = Terms.objects.filter(group=row).order_by("-number").first()
    initial = {"in_force_from": timezone.localdate(), "words": newest.words if newest else ""}
    form = forms.TermsForm(posted(request), request.FILES or None, user=request.user, group=row, initial=initial)
    act = partial(governance.add_terms, row, by=request.user)
    said = "The version is added. The earlier ones stay as they are."
    return done(request, form, "boards/terms_add.html", act, said, home=_at_terms(row), group=row, newest=newest)


TERMS = ("words", "document", "in_force_from", "review_on", "decision", "approved_words")


@page(Perm.GROUP_EDIT, Terms, related=OF_GROUP)
def terms_edit(request, row):
    return _edit(
        request, row, partial(forms.TermsForm, group=row.group, row=row), governance.change_terms,
        "boards/terms_edit.html", lambda row: {name: getattr(row, name) for name in TERMS}, _at_terms(row.group)(row),
        group=row.group, terms=row,
    )  # fmt: skip


# --- quorum and rotation ----------------------------------------------------------------------------------------------


def _rule_page(request, row, model, template, form, services, said, now):
    """What becomes of a rule from a day on. services, said: of the rule that holds from then on, and of none."""
    home = reverse("boards:group", args=[row.pk])

    def act():
        holds = form.cleaned_data["holds"] == "yes"
        read = {"by": request.user, "version": form.cleaned_data["version"] or 0}
        services[0](row, **read, **form.facts()) if holds else services[1](
            row, **read, starts=form.cleaned_data["starts"]
        )

    earlier = list(model.objects.filter(group=row).exclude(ends=None).order_by("-starts"))
    context = {"group": row, "now": now, "earlier": earlier}
    return act_on(request, form, act, template, (said, home), stale_url=home, **context)


@page(Perm.GROUP_EDIT, Group, related=("folder",))
def quorum(request, row):
    now = Quorum.objects.filter(group=row, ends=None).first()
    initial = {"starts": timezone.localdate(), "version": now.version if now else 0}
    if now:
        initial |= {name: getattr(now, name) for name in ("at_least", "share", "source")}
        initial |= {"holds": "yes", "all_of": list(now.all_of.all())}
    form = forms.QuorumForm(posted(request), user=request.user, group=row, initial=initial)
    pair = governance.set_quorum, governance.end_quorum
    return _rule_page(request, row, Quorum, "boards/quorum.html", form, pair, "The quorum is recorded.", now)


@page(Perm.GROUP_EDIT, Group, related=("folder",))
def rotation(request, row):
    now = Rotation.objects.filter(group=row, ends=None).first()
    initial = {"starts": timezone.localdate(), "version": now.version if now else 0}
    if now:
        order = zip(forms.TURNS, chairing(now, timezone.localdate()).order, strict=False)
        initial |= {name: getattr(now, name) for name in ("every_months", "starts", "source")}
        initial |= {"holds": "yes"} | dict(order)
    form = forms.RotationForm(posted(request), user=request.user, group=row, initial=initial)
    pair = governance.set_rotation, governance.end_rotation
    return _rule_page(request, row, Rotation, "boards/rotation.html", form, pair, "The rotation is recorded.", now)


@page(Perm.GROUP_EDIT, Group, related=("folder",))
def hand_over(request, row):
    offer = handing.offer(row, timezone.localdate())
    seats = list(offer.seats)
    initial = {"starts": offer.starts, "to": seats[0] if len(seats) == 1 else None}
    form = forms.HandOverForm(posted(request), user=request.user, seats=offer.seats, initial=initial)
    act = partial(handing.hand_over, row, by=request.user)
    said = "The chair is handed over. Who chaired before keeps a seat as a member."
    context = {"group": row, "offer": offer, "seats": seats, "today": timezone.localdate()}
    return done(request, form, "boards/hand_over.html", act, said, home=to_group(row), **context)


# --- boards of others -------------------------------------------------------------------------------------------------

OTHER = ("name", "shared", "together", "through", "source", "starts")


@page(Perm.GROUP_EDIT, Group, related=("folder",))
def other_body_add(request, row):
    form = forms.OtherBodyForm(posted(request), user=request.user)
    act = partial(governance.add_other, row, by=request.user)
    return done(request, form, "boards/other_body_add.html", act, "It is entered.", home=to_group(row), group=row)


@page(Perm.GROUP_EDIT, OtherBody, related=OF_GROUP)
def other_body_edit(request, row):
    saved_of = lambda row: {name: getattr(row, name) for name in OTHER} | {"ends": last_day(row.ends)}  # noqa: E731
    home = reverse("boards:group", args=[row.group_id])
    return _edit(
        request, row, forms.OtherBodyForm, governance.change_other, "boards/other_body_edit.html", saved_of, home,
        group=row.group, other=row,
    )  # fmt: skip
