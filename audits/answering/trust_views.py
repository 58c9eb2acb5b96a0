"""The page on which a trust answers once for its schools."""

from functools import partial

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse

from audits.answering import pages, services, trust
from audits.answering import values as valued
from audits.answering.forms import AnswersForm
from audits.models import Round
from partnership.access.page import page
from partnership.access.replies import posted, pressed
from partnership.access.rows import can
from partnership.access.scope import show_folders
from partnership.people.models import Agency
from partnership.people.roles import Perm


@page(Perm.AUDIT_LIST, Round, related=("set_version",))
def trust_answers(request, row, agency):
    """The shared questions of a round, answered once, and given to the trust's schools by a button."""
    answers = trust.may_answer(request.user, row, agency)
    if not answers and not (can(request.user, Perm.AUDIT_RUN, row) and trust.schools(row, agency).exists()):
        raise Http404
    if request.method == "POST" and not answers:
        raise PermissionDenied
    wordings = trust.questions(row, agency)
    if request.method == "POST" and "part" in request.POST:
        return _save_one(request, row, agency, wordings)
    url = reverse("audits:trust_answers", args=[row.pk, agency])
    data = posted(request) if answers else None
    form = AnswersForm(data, wordings=wordings, user=request.user) if data is not None else None
    sent = pages.Sent(form)
    if form is not None:
        form.is_valid()
    if request.method == "POST":
        try:
            sent.done = trust.save_each(row, agency, form.typed(), by=request.user)
        except services.Shut as why:
            return pages.given_back(request, why, form, url)
        if sent.unsaved or request.POST.get("then") != "give":
            pages.tell(request, sent)
        if not sent.unsaved:
            return _saved(request, row, agency, url)
    return _draw(request, row, agency, wordings, sent, writes=answers)


def _saved(request, row, agency, url):
    if request.POST.get("then") != "give":
        return redirect(pages.back_to(request, url))
    said = "The answers are given. Schools that have begun find them now, the others when they begin."
    return pressed(request, partial(trust.give, row, agency, by=request.user), said, url)


def _save_one(request, row, agency, wordings):
    form = pages.one_of(request, wordings)
    done, refusal = pages.save_one(form, partial(trust.save_each, row, agency, by=request.user))
    return refusal or pages.saved(form, done)


def _draw(request, row, agency, wordings, sent, *, writes):
    found = trust.answers(request.user, row, agency)
    shut = trust.why_shut(row)
    writes = writes and not shut
    fresh, forms = None, {}
    if writes:
        fresh = AnswersForm(wordings=wordings, answers=found, more=request.GET.get("more", ""), user=request.user)
        forms = sent.drawn(fresh)
    said = [each for each in found.values() if not valued.same(valued.of(each), valued.EMPTY)]
    show_folders({each.folder_id for each in said})
    context = {
        "row": row,
        "agency": Agency.objects.get(pk=agency),
        "schools": trust.schools(row, agency).count(),
        "lines": pages.lines(
            wordings, found, asked={each.pk for each in wordings}, forms=forms, clashes=sent.clashes(request.user)
        ),
        "fresh": fresh,
        "writes": writes,
        "shut": shut,
        "answered": len(said),
        "ungiven": sum(1 for each in said if each.given_at is None),
    }
    return pages.draw(request, "audits/trust_answers.html", sent, **context)
