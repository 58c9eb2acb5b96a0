"""The answer to somebody who had a row open a while ago and may no longer: in words, with what was typed given back.

It shows nothing of the row, and says nothing that this person did not know: that there is one.
"""

from datetime import timedelta

from django.shortcuts import render
from django.utils import timezone

from partnership.access import kept
from partnership.trail.models import Event

HOURS = 12  # a working day: whoever had it open before that comes by an old link, and meets the plain 404
NO_TEXT = {kept.FIELD, "csrfmiddlewaretoken"}
SHORT = 12  # characters: ids, days and choices are not what somebody sat and wrote


def answer(request, model, pk, *, status):
    """The page for a right that ended while it was used; None for somebody who never had it, or long ago."""
    if request.htmx or model is None or pk is None or not model.access.guarded:
        return None
    read = Event.objects.filter(actor_id=request.user.pk, object_kind=model._meta.label_lower, object_id=pk)
    read = read.filter(verb="read", recorded_at__gt=timezone.now() - timedelta(hours=HOURS))
    if status == 403:  # it may still be seen: only whoever had this very page
        read = read.filter(data__page=request.resolver_match.view_name)
    if not read.exists():
        return None
    return render(request, "access/ended.html", {"typed": _typed(request)}, status=status)


def _typed(request) -> list:
    """(field, text) of what somebody wrote, as it was sent."""
    sent = [(name, text) for name, texts in request.POST.lists() for text in texts if name not in NO_TEXT]
    return [(name.replace("_", " ").capitalize(), text) for name, text in sent if len(text) > SHORT and not _id(text)]


def _id(text) -> bool:
    return len(text) == 36 and text.count("-") == 4
