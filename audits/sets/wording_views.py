"""The page of one question of a draft."""

from django.shortcuts import redirect
from django.urls import reverse

from audits.asking import asked_by
from audits.models import Section, SetVersion, Wording
from audits.sets import typed, wordings
from audits.sets.wording_form import WordingForm, as_saved
from partnership.access.page import page
from partnership.access.replies import act_on, conflict_page, posted, stale_edit
from partnership.people.roles import Perm

HERE = "audits:set_version"
GRADED = [
    {"code": "met", "label": "Met", "counts": True},
    {"code": "partly", "label": "Partly met", "counts": False},
    {"code": "not", "label": "Not met", "counts": False},
]


@page(Perm.AUDIT_SETS, Section, related=("set_version__question_set",))
def wording_add(request, section):
    version = section.set_version
    home = f"{reverse(HERE, args=[version.pk])}#s-{section.pk}"
    if request.method == "GET" and version.status != SetVersion.Status.DRAFT:
        return redirect(home)
    asking = asked_by(version)
    form = WordingForm(
        posted(request), user=request.user, asking=asking, before=wordings.asked_before(version),
        initial=_usual(section, asking),
    )  # fmt: skip

    def act():
        return wordings.add_wording(form.place(), by=request.user, meaning=form.meant(), **form.facts())

    said = lambda made: ("The question is added.", f"{reverse(HERE, args=[version.pk])}#q-{made.pk}")  # noqa: E731
    context = {"section": section, "row": version}
    return act_on(request, form, act, "audits/wording_add.html", said, stale_url=home, **context)


def _usual(section, asking) -> dict:
    """What most questions of the version have, to begin with."""
    scaled = next((each for each in asking.wordings if each.scale and each.kind == Wording.Kind.SCALE), None)
    scale, gaps = (scaled.scale, scaled.gap_codes) if scaled else (GRADED, ["partly", "not"])
    usual = {"section": str(section.pk), "kind": Wording.Kind.SCALE, "rules": ["required"], "meaning": "new"}
    return usual | {"scale": typed.scale_said(scale, gaps), "who": "all", "asks": "always"}


@page(Perm.AUDIT_SETS, Wording, related=("set_version__question_set", "section", "question", "changed_by"))
def wording_edit(request, wording):
    version = wording.set_version
    template, home = "audits/wording_edit.html", f"{reverse(HERE, args=[version.pk])}#q-{wording.pk}"
    if request.method == "GET" and version.status != SetVersion.Status.DRAFT:
        return redirect(home)
    asking, before = asked_by(version), wordings.asked_before(version)
    form = WordingForm(
        posted(request), user=request.user, asking=asking, before=before, row=wording,
        initial=as_saved(wording, asking) | {"version": wording.version},
    )  # fmt: skip
    context = {"wording": wording, "row": version}

    def act():
        label = form.cleaned_data.get("label", "") if form.cleaned_data["meaning"] == "same" else ""
        wordings.change_wording(
            wording, by=request.user, version=form.cleaned_data["version"], section=form.place(), label=label,
            meaning=form.meant(), **form.facts(),
        )  # fmt: skip

    def stale(refused):
        fresh = Wording.objects.select_related("question", "section", "changed_by").filter(pk=wording.pk).first()
        if fresh is None:
            return conflict_page(request, refused, form, reverse(HERE, args=[version.pk]))
        return stale_edit(
            request, template, form, refused, fresh, as_saved(fresh, asked_by(version)), url=home, **context
        )

    return act_on(request, form, act, template, ("Your changes were saved.", home), on_stale=stale, **context)
