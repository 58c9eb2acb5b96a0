"""The pages of a guest: for those who ask, how it stands; for her, the one door by which she comes in."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse

from partnership.access.flow import Stale
from partnership.access.links import link
from partnership.access.page import page, to_sign_in
from partnership.access.replies import act_on, conflict_page, form_page, posted
from partnership.access.rows import powers
from partnership.people.roles import Perm
from reviews import clocks, forms
from reviews.asked import dates_in_words, nobody_yet, proposed_day, warn_of_late
from reviews.flow import GUEST
from reviews.guests import services
from reviews.guests.codes import code_of
from reviews.models import Guest, Review
from reviews.running import running

RELATED = ("row", "review__folder", "called_by")
WRONG = (
    "This is not the code of the last call. Check it, or ring whoever rang you: after five wrong ones the link ends."
)
S = Guest.Status


@page(Perm.RETURN_REQUEST, Review, related=("folder",))
@running
def ask_outside(request, review):
    """Name somebody outside the directory; nothing is sent, and the next page says to ring them."""
    local, last = clocks.dates_of_request(request.user, review)
    initial = {"due_on": proposed_day(local)}
    form = forms.OutsideForm(posted(request), user=request.user, review=review, initial=initial)
    form.fields["due_on"].help_text = dates_in_words(local, last)
    if request.method == "POST" and form.is_valid():
        try:
            guest = services.ask_outside(review, by=request.user, **form.facts())
        except Stale as stale:
            return conflict_page(request, stale, form, reverse("reviews:review", args=[review.pk]))
        except ValidationError as error:
            form.put_errors(error)
        else:
            messages.success(request, "The request is entered, and nothing was sent. Ring them next.")
            warn_of_late(request, form.cleaned_data["due_on"], local, last)
            return redirect("reviews:guest", guest.pk)
    nobody = nobody_yet(request.user, review)
    return form_page(request, "reviews/ask_outside.html", form, review=review, nobody_to_search_for=nobody)


@page(Perm.RETURN_REQUEST, Guest, related=RELATED, methods=("GET",))
def guest(request, row):
    held = powers(request.user, [row])[row.pk]
    spoken = row.status in (S.CALLED_BACK, S.INVITED)
    context = {
        "guest": row,
        "steps": [code for code, _ in GUEST.open_with(held, row)] if row.review.status != Review.Status.SENT else [],
        "code": code_of(row) if spoken else "",
        "tried_out": row.wrong_codes >= services.MOST_WRONG,
    }
    return render(request, "reviews/guest.html", context)


def _over(request, row, step):
    """Where a page that was opened for a step leads when the step cannot be taken any more; None while it can."""
    if request.method != "GET" or row.status in GUEST.steps[step].source:
        return None
    messages.warning(request, f"This access is {row.get_status_display().lower()}, so nothing can be done here.")
    return redirect("reviews:guest", row.pk)


@page(Perm.RETURN_REQUEST, Guest, related=RELATED)
def guest_call(request, row):
    if leads := _over(request, row, "call"):
        return leads
    form = forms.CallBackForm(posted(request), user=request.user, guest=row)

    def act():
        services.record_call_back(row, by=request.user, **form.facts())

    home, code = reverse("reviews:guest", args=[row.pk]), code_of(row, call=row.calls + 1)
    said = ("The call-back is recorded. Send the invitation now.", home)
    return act_on(request, form, act, "reviews/guest_call.html", said, stale_url=home, guest=row, code=code)


@page(Perm.RETURN_REQUEST, Guest, related=RELATED, methods=("POST",))
def guest_invite(request, row):
    """Send the invitation, or send it again where it went already."""
    act = services.send_again if row.status == S.INVITED else services.invite
    try:
        act(row, by=request.user)
    except ValidationError as error:  # Stale too: somebody was quicker
        messages.warning(request, " ".join(error.messages))
    else:
        messages.success(request, f"An invitation is on its way to {row.email}. It says nothing of the case.")
    return redirect("reviews:guest", row.pk)


@page(Perm.RETURN_REQUEST, Guest, related=RELATED)
def guest_block(request, row):
    if leads := _over(request, row, "block"):
        return leads
    form = forms.BlockForm(posted(request), user=request.user, initial={"version": row.version})

    def act():
        services.block(row, by=request.user, **{name: form.cleaned_data[name] for name in ("note", "version")})

    home = reverse("reviews:guest", args=[row.pk])
    said = (f"{row.name} can open nothing any more.", home)
    return act_on(request, form, act, "reviews/guest_block.html", said, stale_url=home, guest=row)


@link("guest")
def guest_join(request, row):
    """Come in as a guest. Looking uses nothing up; nothing here says who is asked, for what, or by which case."""
    services.guest_of(row)
    account = row.acts_as.is_active
    if request.user.is_authenticated and request.user.pk != row.acts_as_id:
        return render(request, "directory/join_other.html", status=403)
    if account and not request.user.is_authenticated:
        return to_sign_in(request)
    form = forms.GuestCodeForm(posted(request)) if account else forms.GuestJoinForm(posted(request), user=row.acts_as)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if services.join(row, code=data["code"], password=data.get("password1", "")) is None:
            messages.error(request, WRONG)
            return redirect(request.path)  # an answer below 400 keeps the count
        if account:
            return redirect(settings.LOGIN_REDIRECT_URL)
        messages.success(request, "Your password is set. Sign in with it, and have your phone at hand.")
        return redirect("account_login")
    return form_page(request, "reviews/guest_join.html", form, account=account)
