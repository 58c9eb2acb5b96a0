"""What views answer with: a form page (422 when something is wrong), both texts of a stale edit (409), an autosave."""

from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import render
from django.utils import timezone

from partnership.access import kept

KEPT = "You were signed out while you were writing. Nothing has been sent. Check it and send it again."
GONE = (
    "What was typed here before is no longer kept: it stays for 30 minutes, for the person who typed it, "
    "until it is sent again."
)


def posted(request):
    """What a form is bound to: an empty POST is a POST, and is told what is missing.

    On a GET after the session had ended: what was typed before, for the person who typed it, with a word about it.
    """
    if request.method == "POST":
        return request.POST
    if kept.QUERY not in request.GET:
        return None
    data = kept.again(request)
    messages.warning(request, KEPT if data is not None else GONE)
    return data


def form_page(request, template, form, **context):
    """The page of a form; 422 when what was sent is wrong, so that a swapped part knows it too."""
    # A form that was kept is bound on a GET: that page is read, and its reading is written down.
    status = 422 if request.method == "POST" and form.errors else 200
    return render(request, template, {"form": form, **context}, status=status)


def conflict_page(request, stale, form, url, theirs=None):
    """Nothing typed is lost: what was sent stands beside what is saved now, where the page knows it (409).

    stale: the Stale that a service raised. theirs: field name -> what is saved now. url: where to begin again.
    """
    fields = [
        {"label": form.fields[name].label or name, "yours": form[name].value(), "theirs": (theirs or {}).get(name, "")}
        for name in form.fields
        if not form[name].is_hidden
    ]
    return render(request, "409.html", {"reason": stale.messages[0], "fields": fields, "url": url}, status=409)


def can_keep_some(request, form) -> bool:
    """An autosave keeps what is right while one answer is half typed; a person's own Save is told what is wrong."""
    return bool(request.htmx) and "version" in form.cleaned_data


def saved(row, form):
    """What autosave is told: when it was saved, the version to send next time, and what could not be kept."""
    wrong = next((errors[0] for errors in form.errors.values()), "")
    moment = (row.saved_at or timezone.now()).isoformat()
    return JsonResponse({"saved_at": moment, "version": row.version, "error": wrong})
