"""The rapid review meeting: planned, invited to, attended, noted, held."""

import json

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from partnership.access.context import folder_tabs
from partnership.access.flow import Stale
from partnership.access.page import page
from partnership.access.replies import Clash, act_on, can_keep_some, clash_page, differing, form_page, posted, who_did
from partnership.access.rows import powers
from partnership.people.roles import Perm
from reviews import clocks, forms, naming
from reviews.asked import meeting_in_words, warn_of_late_meeting
from reviews.meeting import reads, services
from reviews.models import Invitee, Meeting, Review
from reviews.packs import reads as packs
from reviews.running import running
from reviews.services import WHY_SETTLED


@page(Perm.REVIEW_VIEW, Review, related=("folder",), methods=("GET",))
@running
def meeting(request, review):
    held = powers(request.user, [review])[review.pk]
    row = reads.meeting_of(request.user, review)
    if row is not None:
        row.folder = review.folder
    context = {
        "review": review,
        "meeting": row,
        "invitees": reads.invitees(request.user, row) if row else [],
        "step": reads.local_step(request.user, review),
        "packs": packs.newest(request.user, review),
        "sent": review.settled,
        "may_make": Perm.REPORT_MAKE in held,
        "may_change": Perm.REVIEW_MANAGE in held,
        "may_let_in": Perm.FOLDER_GRANT in held,
        "tabs": folder_tabs(request.user, review.folder, held, here="reviews:meeting"),
    }
    return render(request, "reviews/meeting.html", context)


def _home(row):
    return reverse("reviews:meeting", args=[row.review_id])


@page(Perm.REVIEW_MANAGE, Review, related=("folder",))
@running
def plan_meeting(request, review):
    row = reads.meeting_of(request.user, review)
    form = forms.MeetingForm(posted(request), user=request.user, initial=_planned(row))
    local, last = clocks.dates_of_meeting(request.user, review)
    form.fields["starts_at"].help_text = meeting_in_words(local, last)
    if request.method == "POST" and form.is_valid():
        try:
            row = services.plan(review, by=request.user, **form.facts())
        except Stale:
            row = reads.meeting_of(request.user, review)  # the first plan of it may be the other person's
            now = _planned(row)
            hidden = {"version": now.pop("version")}
            clash = Clash(who_did(request.user, row.changed_by, row.changed_at), differing(form, now))
            return clash_page(request, "reviews/plan_meeting.html", form, clash, hidden=hidden, review=review)
        messages.success(request, "The meeting was saved.")
        warn_of_late_meeting(request, row.day, local, last)
        naming.warn(request, review, naming.typed(form))
        return redirect("reviews:meeting", review.pk)
    return form_page(request, "reviews/plan_meeting.html", form, review=review)


def _planned(row) -> dict:
    return {name: getattr(row, name) for name in (*services.PLAN, "version")} if row else {"version": 0}


@page(Perm.REVIEW_MANAGE, Meeting, related=("review__folder",))
def invite(request, row):
    form = forms.InviteForm(posted(request), user=request.user)

    def act():
        return services.invite(row, by=request.user, **form.facts())

    def said(found):
        return f"{found.called} is invited. An invitation lets nobody in to the case.", _home(row)

    def then(made):
        naming.warn(request, row.review, naming.typed(form), then="Take the invitation back and enter the post alone.")

    return act_on(request, form, act, "reviews/invite.html", said, then=then, review=row.review)


@page(Perm.REVIEW_MANAGE, Invitee, related=("meeting",), methods=("POST",))
def uninvite(request, row):
    services.uninvite(row, by=request.user)
    messages.success(request, "The invitation was taken back.")
    return redirect(_home(row.meeting))


@page(Perm.REVIEW_MANAGE, Invitee, related=("meeting", "folder", "user"), methods=("POST",))
def chair(request, row):
    try:
        done = services.chair(row, by=request.user, chairs=not request.POST.get("undo"))
    except ValidationError as error:
        messages.warning(request, error.messages[0])
    else:
        said = "chairs the meeting" if done.chairs else "no longer chairs the meeting"
        messages.success(request, f"It is recorded that {row.called} {said}.")
    return redirect(_home(row.meeting))


@page(Perm.REVIEW_MANAGE, Meeting, related=("review__folder", "folder"))
def attendance(request, row):
    invitees = reads.invitees(request.user, row)
    begun = row.starts_at <= timezone.now()
    form = forms.AttendanceForm(posted(request), user=request.user, invitees=invitees, begun=begun)
    if request.method == "POST" and form.is_valid():
        try:
            services.attend(row, by=request.user, came=form.came(), read=form.as_read())
        except Stale:
            return _other_attendance(request, row, form, begun)
        messages.success(request, "Who came is recorded.")
        return redirect(_home(row))
    return form_page(request, "reviews/attendance.html", form, review=row.review, invitees=invitees, begun=begun)


def _other_attendance(request, row, form, begun):
    """Both answers, where somebody else recorded who came meanwhile; what was not touched follows what is saved."""
    was, invitees = form.as_read(), reads.invitees(request.user, row)
    now = {f"came_{each.pk}": each for each in invitees}
    form.data, moved = (
        form.data.copy(),
        [each for each in invitees if was.get(each.pk, each.attendance) != each.attendance],
    )
    for each in moved:
        if form.cleaned_data.get(f"came_{each.pk}", "") == was[each.pk]:
            form.data[f"came_{each.pk}"] = form.cleaned_data[f"came_{each.pk}"] = each.attendance
    who = ", ".join(sorted({each.recorded_by.name for each in moved if each.recorded_by_id}))
    differ = differing(form, {name: each.attendance for name, each in now.items()})
    clash = Clash(f"Who came was recorded meanwhile by {who or 'somebody else'}.", differ)
    hidden = {"read": json.dumps({str(each.pk): each.attendance for each in invitees})}
    context = {"review": row.review, "invitees": invitees, "begun": begun}
    return clash_page(request, "reviews/attendance.html", form, clash, hidden=hidden, **context)


@page(Perm.REVIEW_MANAGE, Meeting, related=("review__folder",))
def meeting_notes(request, row):
    initial = {"notes": row.notes, "version": row.notes_version}
    form = forms.MeetingNotesForm(posted(request), user=request.user, initial=initial)
    if request.method == "POST" and (form.is_valid() or can_keep_some(request, form)):
        version, notes = form.cleaned_data["version"], form.cleaned_data.get("notes", row.notes)
        try:
            done = services.save_notes(row, by=request.user, version=version, notes=notes)
        except Stale:
            row.refresh_from_db(fields=["notes", "notes_version", "notes_saved_at", "notes_saved_by"])
            happened = who_did(request.user, row.notes_saved_by, row.notes_saved_at, "saved the notes")
            clash, hidden = Clash(happened, differing(form, {"notes": row.notes})), {"version": row.notes_version}
            return clash_page(request, "reviews/meeting_notes.html", form, clash, hidden=hidden, review=row.review)
        if request.htmx:
            wrong = next((errors[0] for errors in form.errors.values()), "")
            saved_at = done.notes_saved_at.isoformat() if done.notes_saved_at else None
            told = " ".join(naming.advice(request.user, row.review, naming.typed(form)))
            return JsonResponse({"saved_at": saved_at, "version": done.notes_version, "error": wrong, "advice": told})
        messages.success(request, "The notes were saved.")
        naming.warn(request, row.review, naming.typed(form))
        return redirect(_home(row))
    return form_page(request, "reviews/meeting_notes.html", form, review=row.review)


@page(Perm.REVIEW_MANAGE, Review, related=("folder",))
@running
def meeting_held(request, review):
    """Asks when it really was; `undo` takes it back."""
    step = reads.local_step(request.user, review)
    if request.POST.get("undo"):
        clocks.step_undone(review, clocks.MEETING, by=request.user)
        messages.success(request, "It is taken back.")
        return redirect("reviews:meeting", review.pk)
    if step is None or step.done_at or review.settled:
        messages.warning(request, _why_not_held(step, review))
        return redirect("reviews:meeting", review.pk)
    row = reads.meeting_of(request.user, review)
    planned = row.starts_at if row and row.starts_at <= timezone.now() else None
    form = forms.HeldForm(posted(request), user=request.user, initial={"held_at": planned})

    def act():
        clocks.step_done(review, clocks.MEETING, by=request.user, at=form.cleaned_data["held_at"])

    said = ("It is recorded when the rapid review meeting was held.", "reviews:meeting", review.pk)
    return act_on(request, form, act, "reviews/meeting_held.html", said, review=review, meeting=row)


def _why_not_held(step, review) -> str:
    if review.settled:
        return f"Nothing was recorded. {WHY_SETTLED[review.status]}"
    if step is None:
        return "Nothing was recorded: the local dates have no meeting."
    return "It is recorded already when the meeting was held."
