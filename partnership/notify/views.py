"""The pages of notices, of how one is emailed, and of the operators; the demo's outbox."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404
from django.shortcuts import redirect, render

from partnership.access.page import page
from partnership.access.reach import reach_of
from partnership.access.replies import form_page, posted
from partnership.notify import operating, reading
from partnership.notify.forms import GiveUpForm, HoldForm, OutboxFilter, PreferencesForm, ReadAllForm
from partnership.notify.kinds import known_kinds
from partnership.notify.models import Alarm, DemoMail, Notice, Outgoing
from partnership.notify.reads import described, shown_to
from partnership.people.roles import Perm

A_PAGE = 25


@page(Perm.SIGN_IN, methods=("GET",))
def notices(request):
    rows = Paginator(shown_to(request.user), A_PAGE).get_page(request.GET.get("page"))
    lines = described(list(rows.object_list), request.user)
    # Unread first, the newest of them first: on the first page the first line is the newest that is left to read.
    newest = lines[0].notice.created_at.isoformat() if rows.number == 1 and lines and lines[0].unread else ""
    context = {"lines": lines, "page": rows, "newest": newest}
    return render(request, "notify/notices.html", context)


@page(Perm.SIGN_IN, Notice, methods=("POST",))
def read(request, notice):
    reading.mark_read(notice)
    return redirect("notify:notices")


@page(Perm.SIGN_IN, methods=("POST",))
def read_all(request):
    form = ReadAllForm(request.POST, user=request.user)
    number = reading.mark_all_read(request.user, until=form.cleaned_data["until"]) if form.is_valid() else 0
    messages.success(request, f"{number} notice{'' if number == 1 else 's'} marked as read.")
    return redirect("notify:notices")


@page(Perm.SIGN_IN)
def preferences(request):
    form = PreferencesForm(posted(request), user=request.user, chosen=reading.chosen_by(request.user))
    if request.method == "POST" and form.is_valid():
        reading.choose(request.user, form.facts())
        messages.success(request, "Saved.")
        return redirect("notify:notices")
    statutory = [kind for kind in known_kinds() if kind.statutory]
    return form_page(request, "notify/preferences.html", form, statutory=statutory)


@page(Perm.OPERATIONS, methods=("GET",))
def operations(request):
    return render(request, "notify/operations.html", operating.overview())


@page(Perm.OPERATIONS)
def hold(request):
    form = HoldForm(posted(request), user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            operating.hold_sending(by=request.user, reason=form.cleaned_data["reason"])
        except ValidationError as error:
            form.add_error(None, error.messages[0])
        else:
            messages.success(request, "Sending is held. Notices in the portal still appear.")
            return redirect("notify:operations")
    return form_page(request, "notify/hold.html", form)


@page(Perm.OPERATIONS, methods=("POST",))
def release(request):
    return _done(request, "Sending is released.", operating.release_sending, by=request.user)


@page(Perm.OPERATIONS, Outgoing, methods=("POST",))
def retry(request, outgoing):
    return _done(request, "It is sent again within a minute.", operating.retry, outgoing, by=request.user)


@page(Perm.OPERATIONS, methods=("POST",))
def retry_all(request):
    number = operating.retry_all(by=request.user)
    messages.success(request, f"{number} email{' is' if number == 1 else 's are'} sent again.")
    return redirect("notify:operations")


@page(Perm.OPERATIONS, Outgoing, related=("recipient",))
def give_up(request, outgoing):
    form = GiveUpForm(posted(request), user=request.user)
    if request.method == "POST" and form.is_valid():
        return _done(
            request, "It is not sent.", operating.give_up, outgoing, by=request.user, reason=form.cleaned_data["reason"]
        )
    return form_page(request, "notify/give_up.html", form, outgoing=outgoing)


@page(Perm.OPERATIONS, Alarm, methods=("POST",))
def close_alarm(request, alarm):
    return _done(
        request, "The alarm is closed. It comes back if its cause does.", operating.dismiss, alarm, by=request.user
    )


@page(Perm.SIGN_IN, methods=("GET",))
def demo_outbox(request):
    if not settings.DEMO:
        raise Http404
    everybody = reach_of(request.user).holds_wide(Perm.OPERATIONS)
    mails = DemoMail.objects.select_related("recipient")
    form = OutboxFilter(request.GET)
    asked = form.cleaned_data["q"] if form.is_valid() else ""
    mails = mails if everybody else mails.filter(recipient=request.user)
    if asked:
        fields = ("subject", "to", "body", "recipient__name")
        mails = mails.filter(Q(*((f"{field}__icontains", asked) for field in fields), _connector=Q.OR))
    page_of = Paginator(mails, A_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "mails": page_of.object_list, "page": page_of, "everybody": everybody}
    return render(request, "notify/demo_outbox.html", context)


def _done(request, words, deed, *args, **kwargs):
    """Do it and say so; what the service refuses is said instead."""
    try:
        deed(*args, **kwargs)
    except ValidationError as error:
        messages.warning(request, error.messages[0])
    else:
        messages.success(request, words)
    return redirect("notify:operations")
