"""The answer to somebody who had a row open a while ago and may no longer: in words, with what was typed given back.

It shows nothing of the row, and says nothing that this person did not know: that there is one.
"""

import re
from datetime import timedelta

from django.shortcuts import render
from django.utils import timezone

from partnership.access import kept
from partnership.trail.models import Event

HOURS = 12  # a working day: whoever had it open before that comes by an old link, and meets the plain 404
NO_TEXT = {kept.FIELD, "csrfmiddlewaretoken", "version", "read"}
PARTS = re.compile(r"_(day|month|year|time)$")  # a day has a box for each, and is given back as one


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
    """(field, text) of everything that somebody sent with a form, as it was sent."""
    found = {}
    for name, texts in request.POST.lists():
        said = [text.strip() for text in texts if text.strip() and not _id(text)]
        if name not in NO_TEXT and said:
            found.setdefault(PARTS.sub("", name), []).extend(said)
    return [(name.replace("_", " ").capitalize(), " ".join(said)) for name, said in found.items()]


def _id(text) -> bool:
    return len(text) == 36 and text.count("-") == 4
