"""Under an item: its minutes, decisions, actions and declared interests."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from boards.advising import advice, warn
from boards.attending import interests, minuting, reads
from boards.attending.forms import DecisionForm, InterestForm, MinuteForm
from boards.attending.quorum import quorate
from boards.attending.rows import rows_of
from boards.models import Decision, Interest, Item, Minute
from partnership.access.flow import Stale
from partnership.access.page import page
from partnership.access.replies import (
    Clash,
    act_on,
    clash_page,
    differing,
    form_page,
    posted,
    pressed,
    saved,
    stale_edit,
    who_did,
)
from partnership.access.rows import can
from partnership.actions import services as actions
from partnership.actions.answering.forms import AddForm
from partnership.actions.models import Origin
from partnership.people.models import User
from partnership.people.roles import Perm

LOADED = ("folder",)


def _home(request, item) -> str:
    """Back to the meeting for who runs it; to the item for who was let in to that alone."""
    meeting = reads.meeting_of(request.user, item)
    if meeting is not None and can(request.user, Perm.MEETING_RUN, meeting):
        return f"{reverse('boards:in_meeting', args=[meeting.pk])}#item-{item.pk}"
    return reverse("boards:item", args=[item.pk])


@page(Perm.MEETING_RUN, Item, related=LOADED)
def item_minutes(request, item):
    """The minutes of one item: saved as one types, here and on the page of the meeting."""
    row, home = reads.minute_of(request.user, item) or Minute(version=0), _home(request, item)
    context = {"item": item, "home": home, "saved": row if row.version else None}
    form = MinuteForm(
        posted(request), user=request.user, initial={"text": row.text, "version": row.version}, auto_id="minutes_%s"
    )
    if request.method != "POST":
        return form_page(request, "boards/item_minutes.html", form, **context)
    if not form.is_valid():
        return _wrong(request, form, context)
    try:
        done = minuting.write(item, by=request.user, **{name: form.cleaned_data[name] for name in ("version", "text")})
    except Stale:
        return _other_minutes(request, item, form, context)
    except ValidationError as refused:
        form.put_errors(refused)
        return _wrong(request, form, context)
    if request.htmx:
        done.saved_at = done.changed_at
        return saved(done, form, advice=advice(request.user, item.folder, form))
    messages.success(request, "The minutes of the item were saved.")
    warn(request, item.folder, form)
    return redirect(home)


def _wrong(request, form, context):
    if request.htmx:
        wrong = next(errors[0] for errors in form.errors.values())
        return JsonResponse({"error": wrong.rstrip(".")}, status=422)
    return form_page(request, "boards/item_minutes.html", form, **context)


def _other_minutes(request, item, form, context):
    """Both texts, where somebody else wrote meanwhile."""
    fresh = reads.minute_of(request.user, item)
    happened = who_did(request.user, fresh.changed_by, fresh.changed_at, "saved the minutes of this item")
    clash, hidden = Clash(happened, differing(form, {"text": fresh.text})), {"version": fresh.version}
    return clash_page(request, "boards/item_minutes.html", form, clash, hidden=hidden, **context)


@page(Perm.MEETING_RUN, Item, related=LOADED)
def decision_add(request, item):
    home = _home(request, item)
    initial = {"priority": item.priority_id}
    form = DecisionForm(posted(request), user=request.user, item=item, initial=initial)
    meeting = reads.meeting_of(request.user, item)
    quorum = quorate(meeting, rows_of(meeting)) if meeting else None

    def then(row):
        if row.quorate is False:
            messages.warning(request, "By what is ticked the meeting is not quorate. The decision says so.")
        warn(request, item.folder, form)

    act = lambda: minuting.decide(item, by=request.user, **form.facts())  # noqa: E731
    said = ("The decision is recorded.", home)
    context = {"item": item, "home": home, "quorum": quorum}
    return act_on(request, form, act, "boards/decision_add.html", said, then=then, **context)


@page(Perm.MEETING_RUN, Decision, related=("folder", "item", "paper", "priority"))
def decision(request, row):
    """Change a decision while the minutes are a draft, or take it back."""
    home = _home(request, row.item)
    now = {name: getattr(row, name) for name in minuting.DECISION_FIELDS}
    form = DecisionForm(posted(request), user=request.user, item=row.item, initial=now | {"version": row.version})
    context = {"row": row, "item": row.item, "home": home}
    if request.method == "POST" and request.POST.get("take_back"):
        version = form.data.get("version", "")
        act = partial(minuting.take_back, row, by=request.user, version=int(version) if version.isdecimal() else 0)
        return pressed(request, act, "The decision was taken back.", home)

    def act():
        version = form.cleaned_data["version"] or 0
        return minuting.change_decision(row, by=request.user, version=version, **form.facts())

    def stale(refused):
        fresh = reads.decisions_of(request.user).select_related("changed_by").get(pk=row.pk)
        saved_now = {name: getattr(fresh, name) for name in minuting.DECISION_FIELDS}
        return stale_edit(
            request, "boards/decision.html", form, refused, fresh, saved_now, url=home, **context | {"row": fresh}
        )

    said = ("The decision was changed.", home)
    then = lambda made: warn(request, row.folder, form)  # noqa: E731
    return act_on(request, form, act, "boards/decision.html", said, on_stale=stale, then=then, **context)


@page(Perm.ACTION_ADD, Item, related=(*LOADED, "priority", "duty"))
def item_action(request, item):
    """An action that the meeting agreed, in the folder of the item."""
    home, meeting = _home(request, item), reads.meeting_of(request.user, item)
    today = timezone.localdate()
    initial = {
        "priority": item.priority_id, "duty": item.duty_id, "agreed_on": min(meeting.day, today) if meeting else today,
    }  # fmt: skip
    form = AddForm(posted(request), user=request.user, folder=item.folder, initial=initial)

    def act():
        actions.add(item.folder, by=request.user, source=item, origin=Origin.MEETING, **form.asked())

    said = ("The action was added. Its owner is told.", home)
    return act_on(request, form, act, "boards/item_action.html", said, item=item, home=home)


@page(Perm.MEETING_VIEW, Item, related=LOADED)
def interest(request, item):
    """The interests declared in one item, and the form for one's own; who runs it records others' and what follows."""
    meeting, runs = reads.meeting_of(request.user, item), can(request.user, Perm.MEETING_RUN, item)
    rows = rows_of(meeting) if runs and meeting else [] if runs else None
    form = InterestForm(posted(request), user=request.user, rows=rows)
    find = lambda pk: User.objects.get(pk=pk)  # noqa: E731
    act = lambda: interests.declare(item, by=request.user, **form.facts(find))  # noqa: E731
    declared = interests.interests_of(request.user, [item]).get(item.pk, [])
    for row in declared:
        row.may_withdraw = meeting is not None and interests.may_withdraw(request.user, row, meeting, runs=runs)
    context = {
        "item": item, "declared": declared, "runs": runs, "effects": Interest.Effect.choices,
        "home": _home(request, item),
    }  # fmt: skip
    said = ("The interest is declared. Whoever reads the item reads it.", "boards:interest", item.pk)
    return act_on(request, form, act, "boards/interest.html", said, **context)


@page(Perm.MEETING_VIEW, Interest, related=("folder", "item"), methods=("POST",))
def interest_settle(request, row):
    """What followed from it, by who runs the meeting; or it is withdrawn."""
    if request.POST.get("withdraw"):
        act, said = partial(interests.withdraw, row, by=request.user), "The interest was withdrawn."
    else:
        effect = request.POST.get("effect", "")
        act, said = partial(interests.settle, row, by=request.user, effect=effect), "What follows is recorded."
    return pressed(request, act, said, "boards:interest", row.item_id)
