"""What views answer with: a form page (422 when something is wrong), both texts of a stale edit (409), an autosave."""

from django.http import JsonResponse
from django.shortcuts import render
from django.utils import timezone


def posted(request):
    """What a form is bound to: an empty POST is a POST, and is told what is missing."""
    return request.POST if request.method == "POST" else None


def form_page(request, template, form, **context):
    """The page of a form; 422 when what was sent is wrong, so that a swapped part knows it too."""
    status = 422 if form.is_bound and form.errors else 200
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
