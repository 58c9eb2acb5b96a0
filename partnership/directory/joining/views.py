"""Invitations: of one organisation by its lead, of everybody by the unit; and the page behind the link."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from partnership.access.links import link
from partnership.access.page import page, to_sign_in
from partnership.access.reach import reach_of
from partnership.access.replies import act_on, form_page, posted
from partnership.access.story import story
from partnership.directory.joining import asking, forms, reads, rules, services, strangers
from partnership.directory.models import AccessRequest, Invitation
from partnership.people.models import Agency, DutyKind
from partnership.people.roles import LABELS, Perm
from partnership.ui.forms import spoken

RELATED = ("agency", "user", "invited_by", "approved_by", "refused_by", "withdrawn_by", "duty")


@page(Perm.COLLEAGUES, Agency, methods=("GET",))
def agency_people(request, row):
    context = {
        "agency": row,
        "people": reads.colleagues(row),
        "found": reads.invitations(request.user, agency=row, page=request.GET.get("page")),
    }
    context["rows"] = [(each, *reads.standing(each)) for each in context["found"].object_list]
    return render(request, "directory/agency_people.html", context)


@page(Perm.COLLEAGUES, methods=("GET",))
def invitations(request):
    state = request.GET.get("state", "")
    found = reads.invitations(request.user, state=state, page=request.GET.get("page"))
    context = {
        "found": found,
        "rows": [(each, *reads.standing(each)) for each in found.object_list],
        "state": state if state in reads.STATES else "",
        "states": reads.STATES.items(),
        "everybody": rules.keeps_everybody(request.user),
        "kept": reads.kept_by(request.user),
    }
    return render(request, "directory/invitations.html", context)


@page(Perm.COLLEAGUES, Agency)
def invite(request, row):
    return _invite(request, row)


@page(Perm.COLLEAGUES)
def invite_wide(request):
    """To a role of the whole partnership: by the business unit."""
    if not rules.keeps_everybody(request.user):
        raise PermissionDenied
    return _invite(request, None)


def _invite(request, agency):
    asked = _request_of(request)
    initial = {name: getattr(asked, name) for name in ("name", "email", "post")} if asked else {}
    initial["request"] = asked.pk if asked else None
    form = forms.InviteForm(posted(request), user=request.user, agency=agency, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            row = services.invite(by=request.user, agency=agency, **form.facts())
            if asked:
                strangers.answer(asked, by=request.user, invitation=row)
        except ValidationError as error:
            form.put_errors(error)
        else:
            _say_sent(request, row)
            return redirect("directory:invitation", row.pk)
    return form_page(request, "directory/invite.html", form, agency=agency, asked=asked)


def _request_of(request):
    """The stranger's request that this invitation answers, for those who may; None otherwise."""
    sent = (request.POST if request.method == "POST" else request.GET).get("request", "")
    try:
        rows = AccessRequest.objects.filter(pk=sent, decided_at=None) if sent else AccessRequest.objects.none()
        found = rows.first()
    except ValidationError:  # not a UUID
        return None
    return found if reach_of(request.user).holds_wide(Perm.PEOPLE_APPROVE) else None


def _say_sent(request, row):
    messages.success(request, f"An invitation is on its way to {row.email}.")


@page(Perm.COLLEAGUES, Invitation, related=RELATED, methods=("GET",))
def invitation(request, row):
    words, colour = reads.standing(row)
    context = {
        "row": row,
        "words": words,
        "colour": colour,
        "may_decide": reads.may_decide(request.user, row),
        "mine": request.user.pk == row.invited_by_id,
        "everybody": rules.keeps_everybody(request.user),
        "unlike": rules.unlike_the_others(row.agency, row.email) if row.open else "",
        "story": story(object_id=row.pk, readings=False),
    }
    return render(request, "directory/invitation.html", context)


@page(Perm.PEOPLE_APPROVE, Invitation, methods=("POST",))
def invitation_approve(request, row):
    return _done(request, row, "The invitation is approved.", services.approve)


@page(Perm.PEOPLE_APPROVE, Invitation, related=RELATED)
def invitation_refuse(request, row):
    form = forms.RefuseForm(posted(request), user=request.user)

    def act():
        services.refuse(row, by=request.user, reason=form.cleaned_data["reason"])

    said = ("The invitation is refused.", "directory:invitation", row.pk)
    return act_on(request, form, act, "directory/invitation_refuse.html", said, row=row)


@page(Perm.COLLEAGUES, Invitation, related=RELATED)
def invitation_again(request, row):
    form = forms.AgainForm(posted(request), user=request.user, row=row, initial={"email": row.email})
    if request.method == "POST" and form.is_valid():
        try:
            row = services.send_again(row, by=request.user, email=form.cleaned_data.get("email", ""))
        except ValidationError as error:
            form.put_errors(error)
        else:
            _say_sent(request, row)
            return redirect("directory:invitation", row.pk)
    return form_page(request, "directory/invitation_again.html", form, row=row)


@page(Perm.COLLEAGUES, Invitation, methods=("POST",))
def invitation_withdraw(request, row):
    return _done(request, row, "The invitation is withdrawn: its link opens nothing any more.", services.withdraw)


def _done(request, row, words, deed):
    try:
        deed(row, by=request.user)
    except ValidationError as error:  # Stale too: somebody was quicker
        messages.warning(request, error.messages[0])
    else:
        messages.success(request, words)
    return redirect("directory:invitation", row.pk)


@page(Perm.COLLEAGUES, Agency)
def duty_ask(request, row):
    """Ask an organisation who holds a duty (`kind`): first who gets what, then it is sent. `next` leads back.

    Where somebody has to be invited by name first, on to the page where that is done.
    """
    if not rules.keeps_everybody(request.user):
        raise PermissionDenied
    sent = request.POST if request.method == "POST" else request.GET
    kind, onward = sent.get("kind", ""), _onward(request, row, sent.get("next", ""))
    if kind not in DutyKind.values:
        raise Http404
    if request.method == "GET":
        plan = asking.plan_of(row, kind)
        context = {"agency": row, "kind": DutyKind(kind), "plan": plan, "onward": onward}
        context["role_label"] = LABELS[plan.role] if plan.role else ""
        return render(request, "directory/duty_ask.html", context)
    try:
        messages.success(request, _said(row, asking.ask_for_holder(row, by=request.user, kind=kind)))
    except asking.NobodyToAsk as error:
        messages.warning(request, error.messages[0])
        return redirect("directory:agency_people", row.pk)
    except ValidationError as error:
        messages.warning(request, error.messages[0])
    return HttpResponseRedirect(onward)


def _said(agency, asked):
    if asked.invited:
        return f"Nobody there can sign in, so an invitation went to {asked.invited.email}."
    number = f"{asked.told} lead{'' if asked.told == 1 else 's'}"
    return f"{number} of {agency.name} {'is' if asked.told == 1 else 'are'} told."


def _onward(request, agency, target):
    if url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        return target
    return reverse("directory:agency", args=[agency.pk])


@link("invitation")
def join(request, row):
    """Accept an invitation. Looking at it uses nothing up; who has an account signs in first."""
    invited = services.invitation_of(row)
    if request.user.is_authenticated and request.user.pk != row.acts_as_id:
        return render(request, "directory/join_other.html", status=403)
    if row.acts_as.is_active and not request.user.is_authenticated:
        return to_sign_in(request)
    form = None if row.acts_as.is_active else forms.JoinForm(posted(request), row=invited)
    if request.method == "POST" and (form is None or form.is_valid()):
        facts = {name: form.cleaned_data.get(name, "") for name in ("name", "post")} if form else {}
        done = services.accept(row, password=form.cleaned_data["password1"] if form else "", **facts)
        if done.waits_for_approval:
            return redirect("directory:joined")
        if form is None:
            where = f" of {invited.agency.name}" if invited.agency else ""
            messages.success(request, f"You are {spoken(done.role_label)}{where} now.")
            return redirect(settings.LOGIN_REDIRECT_URL)
        messages.success(request, "Your password is set. Sign in with it, and have your phone at hand.")
        return redirect("account_login")
    return form_page(request, "directory/join.html", form or forms.GovForm(), row=invited, account=form is None)
