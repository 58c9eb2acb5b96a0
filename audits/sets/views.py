"""The pages on which the business unit builds question sets. A version in use is shown without a button."""

from functools import partial

from django.http import HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from audits.asking import asked_by, shown
from audits.models import QuestionSet, Section, SetVersion, Wording
from audits.sets import forms, reads, services, wordings
from audits.sets.checking import problems
from partnership.access.page import page
from partnership.access.replies import act_on, posted, pressed, stale_edit
from partnership.people.roles import Perm
from partnership.ui.listing import id_of

OF_VERSION = ("question_set", "made_from", "changed_by")
HERE = "audits:set_version"
MOVED = "It was moved. Numbers stay as they are until you choose ‘Number anew’ at the top of the page."


@page(Perm.AUDIT_SETS, methods=("GET",))
def sets(request):
    return render(request, "audits/sets.html", {"lines": reads.sets()})


@page(Perm.AUDIT_SETS)
def set_add(request):
    form = forms.SetForm(posted(request), user=request.user, initial={"duty": "other"})
    act = lambda: services.add_set(by=request.user, **form.facts())  # noqa: E731
    said = lambda row: ("The question set is entered. Add its sections and questions.", "audits:question_set", row.pk)  # noqa: E731
    return act_on(request, form, act, "audits/set_add.html", said)


@page(Perm.AUDIT_SETS, QuestionSet)
def question_set(request, row):
    """Its versions; a button begins the next as a copy."""
    if request.method == "POST":
        act = partial(services.begin_version, row, by=request.user, source=_source(row, request.POST.get("source")))
        said = "The draft is a copy of the version that you chose. Nobody is asked it before you put it into use."
        return pressed(request, act, said, "audits:question_set", row.pk)
    return render(request, "audits/question_set.html", {"line": reads.sets(row.pk)[0], "row": row})


def _source(row, pk):
    return get_object_or_404(SetVersion, question_set=row, pk=id_of(pk)) if pk else None


@page(Perm.AUDIT_SETS, QuestionSet, related=("changed_by",))
def set_edit(request, row):
    now = {name: getattr(row, name) for name in services.SET_FIELDS}
    form = forms.SetForm(posted(request), user=request.user, initial=now | {"version": row.version})
    template, home = "audits/set_edit.html", reverse("audits:question_set", args=[row.pk])

    def act():
        services.change_set(row, by=request.user, version=form.cleaned_data["version"], **form.facts())

    def stale(refused):
        fresh = QuestionSet.objects.select_related("changed_by").get(pk=row.pk)
        saved = {name: getattr(fresh, name) for name in services.SET_FIELDS}
        return stale_edit(request, template, form, refused, fresh, saved, url=home, row=fresh)

    return act_on(request, form, act, template, ("Your changes were saved.", home), on_stale=stale, row=row)


@page(Perm.AUDIT_SETS, SetVersion, related=OF_VERSION)
def set_version(request, row):
    """Its sections and questions in order, and what it asks otherwise than the version before."""
    if request.method == "POST":
        return _button(request, row)
    parts, left_out = reads.parts(row)
    context = {"row": row, "parts": parts, "left_out": left_out, "draft": row.status == SetVersion.Status.DRAFT}
    context |= {"misnumbered": context["draft"] and services.misnumbered(asked_by(row))}
    context |= {"questions": sum(len(part.lines) for part in parts), "in_use": row.status == SetVersion.Status.IN_USE}
    return render(request, "audits/set_version.html", context)


def _button(request, version):
    """action: of BUTTONS, or up, down, leave_out (question), section_up, section_down, remove (section); was: the place
    at which its reader saw it."""
    action, data = request.POST.get("action", ""), request.POST
    if action in BUTTONS:
        service, said, stays = BUTTONS[action]
        where = (HERE, version.pk) if stays else ("audits:question_set", version.question_set_id)
        return pressed(request, partial(service, version, by=request.user), said, *where)
    model = {"up": Wording, "down": Wording, "leave_out": Wording}.get(action) or (
        Section if action in ("section_up", "section_down", "remove") else None
    )
    was = data.get("was", "0")
    if model is None or not was.isdecimal() or len(was) > 5:
        return HttpResponseBadRequest("That is no button of a version.")
    row = get_object_or_404(model.objects.select_related("set_version"), set_version=version, pk=id_of(data.get("row")))
    here = f"{reverse(HERE, args=[version.pk])}#{'q' if model is Wording else 's'}-{row.pk}"
    if action == "leave_out":
        said = "The question is left out. What was answered to it in other years stays."
        return pressed(request, partial(wordings.leave_out, row, by=request.user), said, HERE, version.pk)
    if action == "remove":
        act = partial(services.remove_section, row, by=request.user)
        return pressed(request, act, "The section is taken out.", HERE, version.pk)
    to = int(was) + (-1 if action.endswith("up") else 1)
    return pressed(request, partial(services.move, row, by=request.user, to=to, was=int(was)), MOVED, here)


# action -> (service, what is said, whether the page of the version is still there)
BUTTONS = {
    "number": (services.number_anew, "Sections and questions are numbered in their order.", True),
    "retire": (services.retire_version, "No new round asks this version. Those that run go on with it.", True),
    "throw_away": (services.throw_away, "The draft is thrown away.", False),
}


@page(Perm.AUDIT_SETS, SetVersion, related=OF_VERSION)
def set_use(request, row):
    """What stands in the way of putting a draft into use, or the button that does it."""
    if request.method == "GET" and row.status != SetVersion.Status.DRAFT:
        return redirect(HERE, row.pk)
    form = forms.UseForm(posted(request), user=request.user, initial={"read": row.version, "note": row.note})
    parts, left_out = reads.parts(row)
    changed = [line for part in parts for line in part.lines if line.change.words]
    context = {"row": row, "problems": problems(asked_by(row)), "changed": changed, "left_out": left_out}
    act = lambda: services.use_version(row, by=request.user, **form.facts())  # noqa: E731
    said = (f"Version {row.edition} is in use. Rounds can ask it from now on.", HERE, row.pk)
    home = reverse(HERE, args=[row.pk])
    return act_on(request, form, act, "audits/set_use.html", said, stale_url=home, **context)


@page(Perm.AUDIT_SETS, SetVersion, related=OF_VERSION, methods=("GET",))
def set_try(request, row):
    """The version as an organisation with chosen facts would be asked it. Nothing of it is kept."""
    asking = asked_by(row)
    form = forms.TryForm(request.GET, asking=asking)
    form.is_valid()
    asked = shown(asking, form.facts(), form.codes())
    lines = {
        section.pk: [
            (each, reads.answers_of(each), form.drawn(each)) for each in asked if each.section_id == section.pk
        ]
        for section in asking.sections
    }
    context = {"row": row, "form": form, "count": len(asked), "all": len(asking.wordings)}
    context |= {"required": sum(1 for each in asked if each.required)}
    context |= {"parts": [(section, lines[section.pk]) for section in asking.sections if lines[section.pk]]}
    return render(request, "audits/set_try.html", context, status=422 if form.errors else 200)


@page(Perm.AUDIT_SETS, SetVersion, related=OF_VERSION)
def section_add(request, row):
    if request.method == "GET" and row.status != SetVersion.Status.DRAFT:
        return redirect(HERE, row.pk)
    initial = {"ref": str(1 + Section.objects.filter(set_version=row).count())}
    form = forms.SectionForm(posted(request), user=request.user, initial=initial)
    act = lambda: services.add_section(row, by=request.user, **form.facts())  # noqa: E731
    home = reverse(HERE, args=[row.pk])
    said = lambda made: ("The section is added. Add its questions.", f"{home}#s-{made.pk}")  # noqa: E731
    return act_on(request, form, act, "audits/section_add.html", said, stale_url=home, row=row)


@page(Perm.AUDIT_SETS, Section, related=("set_version__question_set", "changed_by"))
def section_edit(request, row):
    version = row.set_version
    template, home = "audits/section_edit.html", f"{reverse(HERE, args=[version.pk])}#s-{row.pk}"
    if request.method == "GET" and version.status != SetVersion.Status.DRAFT:
        return redirect(home)
    now = {name: getattr(row, name) for name in services.SECTION_FIELDS}
    form = forms.SectionForm(posted(request), user=request.user, initial=now | {"version": row.version})
    context = {"section": row, "row": version}

    def act():
        services.change_section(row, by=request.user, version=form.cleaned_data["version"], **form.facts())

    def stale(refused):
        fresh = Section.objects.select_related("changed_by").get(pk=row.pk)
        saved = {name: getattr(fresh, name) for name in services.SECTION_FIELDS}
        return stale_edit(request, template, form, refused, fresh, saved, url=home, **context)

    return act_on(request, form, act, template, ("Your changes were saved.", home), on_stale=stale, **context)
