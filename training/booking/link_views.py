"""The pages behind the links of letters: the manager's word, and one's own place without an account. Looking uses
nothing up, so a scanner or a preview changes nothing; a second click finds what the first did."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render

from partnership.access.flow import Stale
from partnership.access.links import link
from partnership.access.models import Link
from partnership.access.replies import conflict_page, form_page
from partnership.access.rows import can
from partnership.people.roles import Perm
from training.booking import forms, letters, reads, services, wording
from training.booking.rows import joining_of
from training.booking.views import calendar_file
from training.models import Booking
from training.people.matching import key_of

S = Booking.Status


@link(Link.Purpose.APPROVAL)
def approve_by_link(request, row):
    asked = letters.booking_of(row)
    if asked is None:
        raise Http404
    if _of_another(request, asked.approver_email):
        return render(request, "training/link_of_another.html", status=403)
    form = forms.DecideForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            _decide(asked, form.cleaned_data, by=row.acts_as)
        except Stale as stale:
            return conflict_page(request, stale, form, request.path)
        except ValidationError as refused:
            form.add_error(None, refused.messages[0])
        else:
            return redirect(request.path)
    context = {
        "row": asked, "when": wording.when(asked.event), "where": wording.where(asked.event),
        "open": asked.status == S.ASKED, "until": asked.approve_by, "said": wording.state(asked),
    }  # fmt: skip
    return form_page(request, "training/approve_by_link.html", form, **context)


def _decide(row, said, *, by):
    if said["says"] == forms.APPROVE:
        return services.approve(row, by=by)
    return services.refuse(row, by=by, note=said["note"])


@link(Link.Purpose.PLACE)
def place_by_link(request, row):
    booking = letters.booking_of(row)
    if booking is None or letters.by_account(booking.learner):
        raise Http404
    if _of_another(request, booking.learner.email):
        return render(request, "training/link_of_another.html", status=403)
    if "calendar" in request.GET and booking.status == S.BOOKED:
        return calendar_file(booking)
    if request.method == "POST":
        _act(request, booking, by=row.acts_as)
        return redirect(request.path)
    context = {
        "row": booking, "page": reads.page_of(booking),
        "may_take": can(row.acts_as, Perm.BOOKING_MAKE, booking),
        "joining": joining_of(booking.event) if booking.status == S.BOOKED else None,
    }  # fmt: skip
    return render(request, "training/place_by_link.html", context)


def _act(request, booking, *, by):
    """by: whoever booked; the portal alone, where they may not see to it any more."""
    by = by if can(by, Perm.BOOKING_MAKE, booking) else None
    try:
        if request.POST.get("do") == "take" and by is not None:
            services.take_offer(booking, by=by)
            messages.success(request, "The place is yours.")
        elif request.POST.get("do") in ("give_up", "leave"):
            services.give_up(booking, by=by)
            messages.success(request, "Thank you. It is given up, and goes on to the next.")
    except ValidationError as refused:
        messages.warning(request, refused.messages[0])


def _of_another(request, email) -> bool:
    """Somebody else is signed in than the link was sent to: a forwarded link does nothing in their name."""
    return request.user.is_authenticated and key_of(request.user.email) != key_of(email)
