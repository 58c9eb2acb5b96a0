"""Professional challenges: the log, one challenge, and its steps from being raised to what was learned."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.urls import reverse

from boards.challenges import clocks, forms, reads, services
from boards.flow import CHALLENGE
from boards.models import Challenge
from partnership.access.context import folder_tabs
from partnership.access.page import page
from partnership.access.reach import reach_of
from partnership.access.replies import act_on, posted
from partnership.actions import services as actions
from partnership.actions.answering.forms import AddForm
from partnership.actions.models import Origin
from partnership.people.models import Partnership
from partnership.people.roles import Perm

ON_A_PAGE = 50
LOADED = ("agency", "challenged", "folder")


@page(Perm.CHALLENGE_LIST, methods=("GET",))
def challenges(request):
    status = request.GET.get("status", "")
    page_obj = Paginator(reads.log(request.user, status), ON_A_PAGE).get_page(request.GET.get("page", ""))
    rows = list(page_obj.object_list)
    due, levels = clocks.due_of([row.pk for row in rows]), {each.number: each.level for each in clocks.stages()}
    context = {
        "page_obj": page_obj,
        "rows": [(row, levels[row.stage], due.get(row.pk)) for row in rows],
        "statuses": [("goes_on", "Goes on"), *Challenge.Status.choices],
        "status": status,
        "may_raise": reach_of(request.user).holds(Perm.CHALLENGE_RAISE),
        "phones": reads.whom_to_ring(request.user),
    }
    return render(request, "boards/challenges.html", context)


@page(Perm.CHALLENGE_RAISE)
def challenge_raise(request):
    """For one's own organisation; the business unit, which belongs to none, records what another told it."""
    on_behalf = not reach_of(request.user).agencies(Perm.CHALLENGE_RAISE)
    form_class = forms.RecordForm if on_behalf else forms.RaiseForm
    initial = {} if on_behalf else {"post": request.user.job_title}
    form = form_class(posted(request), user=request.user, initial=initial)

    def act():
        partnership = Partnership.objects.get()
        return services.raise_challenge(by=request.user, partnership=partnership, on_behalf=on_behalf, **form.facts())

    def said(row):
        return f"The challenge is recorded as ‘{row.case_word}’. The business unit is told.", "boards:challenge", row.pk

    phones, stages = reads.whom_to_ring(request.user), clocks.stages()
    context = {"phones": phones, "stages": stages, "on_behalf": on_behalf}
    return act_on(request, form, act, "boards/challenge_raise.html", said, **context)


@page(Perm.CHALLENGE_VIEW, Challenge, related=(*LOADED, "raiser", "answerer"), methods=("GET",))
def challenge(request, row):
    facts = reads.challenge_page(request.user, row)
    context = {
        "row": row,
        "page": facts,
        "can": {str(perm): True for perm in facts.held},
        "level": clocks.level_of(row.stage),
        "can_seal": Perm.CHALLENGE_MANAGE in facts.held and not row.folder.sealed,
        "phones": reads.whom_to_ring(request.user) if row.urgency == Challenge.Urgency.IMMEDIATE else [],
        "tabs": folder_tabs(request.user, row.folder, facts.held, here="boards:challenge")
        if Perm.FOLDER_VIEW in facts.held
        else [],
    }
    return render(request, "boards/challenge.html", context)


def _step(request, row, form, template, service, said, **facts):
    """The answer of a page that records one step: the service is called with these facts and the form's answers."""
    home = reverse("boards:challenge", args=[row.pk])

    def act():
        service(row, by=request.user, **facts, **form.facts())

    return act_on(request, form, act, template, (said, home), stale_url=home, row=row)


@page(Perm.CHALLENGE_ANSWER, Challenge, related=LOADED)
def challenge_answer(request, row):
    initial = {"post": request.user.job_title or row.challenged_post}
    form = forms.AnswerForm(posted(request), user=request.user, late=clocks.is_late(row), initial=initial)
    said = "The answer is recorded. The organisation that challenges says what it makes of it."
    return _step(request, row, form, "boards/challenge_answer.html", services.answer, said)


def _noted(step, label, service, said):
    """A step of the table that needs a note: its page is boards/challenge_<step>.html."""

    @page(CHALLENGE.steps[step].perm, Challenge, related=LOADED)
    def view(request, row):
        form = forms.NoteForm(posted(request), user=request.user, label=label, ask=CHALLENGE.steps[step].ask)
        return _step(request, row, form, f"boards/challenge_{step}.html", service, said)

    return view


challenge_agree = _noted(
    "agree", "What was agreed, and who does what", services.agree, "It is recorded as resolved at this stage."
)
challenge_withdraw = _noted(
    "withdraw", "Why it is taken back", services.withdraw, "It is taken back, and stays on record."
)
challenge_reopen = _noted(
    "reopen", "Why it is reopened", services.reopen, "It is reopened at the stage where it stood."
)


@page(Perm.CHALLENGE_PURSUE, Challenge, related=LOADED)
def challenge_escalate(request, row):
    form = forms.EscalateForm(posted(request), user=request.user, row=row)
    return _step(request, row, form, "boards/challenge_escalate.html", services.escalate, "The next stage is reached.")


@page(Perm.CHALLENGE_MANAGE, Challenge, related=LOADED)
def challenge_decide(request, row):
    form = forms.DecideForm(posted(request), user=request.user)
    said = "The Executive’s decision is recorded."
    return _step(request, row, form, "boards/challenge_decide.html", services.decide, said)


@page(Perm.CHALLENGE_MANAGE, Challenge, related=LOADED)
def challenge_adviser(request, row):
    initial = {name: getattr(row, name) for name in ("version", "adviser", "adviser_on", "advice")}
    form = forms.AdviserForm(posted(request), user=request.user, initial=initial)
    said = "The independent adviser is recorded."
    return _step(request, row, form, "boards/challenge_adviser.html", services.advise, said)


@page(Perm.CHALLENGE_MANAGE, Challenge, related=LOADED)
def challenge_close(request, row):
    form = forms.LearningForm(posted(request), user=request.user)
    said = "The challenge is closed with its learning."
    return _step(request, row, form, "boards/challenge_close.html", services.close, said)


@page(Perm.CHALLENGE_MANAGE, Challenge, related=LOADED)
def name_answerer(request, row):
    form = forms.NameForm(posted(request), user=request.user, agency=row.challenged)
    said = "They are asked to answer."
    return _step(request, row, form, "boards/name_answerer.html", services.name, said, side="answerer")


@page(Perm.CHALLENGE_MANAGE, Challenge, related=LOADED)
def name_raiser(request, row):
    form = forms.NameForm(posted(request), user=request.user, agency=row.agency)
    said = "They carry the challenge on for their organisation."
    return _step(request, row, form, "boards/name_raiser.html", services.name, said, side="raiser")


@page(Perm.CHALLENGE_MANAGE, Challenge, related=LOADED)
def challenge_seal(request, row):
    form = forms.SureForm(posted(request), user=request.user)
    said = "It is sealed. You and the business managers lead it; whoever else needs it is let in by name."
    return _step(request, row, form, "boards/challenge_seal.html", services.seal, said)


@page(Perm.ACTION_ADD, Challenge, related=LOADED)
def challenge_action(request, row):
    """What follows from a challenge, also after it was closed."""
    form = AddForm(posted(request), user=request.user, folder=row.folder)

    def act():
        actions.add(row.folder, by=request.user, source=row, origin=Origin.CHALLENGE, **form.asked())

    said = "The action was added. Its owner sees its words, and nothing of the challenge."
    template = "boards/challenge_action.html"
    return act_on(request, form, act, template, (said, "boards:challenge", row.pk), row=row)
