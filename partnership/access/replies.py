"""What views answer with: a form page (422 when something is wrong), what became of an act, both texts of a stale edit
(409), an autosave."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponseBadRequest, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.html import format_html

from partnership.access import kept
from partnership.access.flow import Stale
from partnership.ui.dates import clock_time, plain
from partnership.ui.forms import in_words

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
    if request.method == "GET" and not request.htmx:
        _tell_what_lies(request)
    status = 422 if request.method == "POST" and form.errors else 200
    return render(request, template, {"form": form, **context}, status=status)


def act_on(request, form, act, template, said, /, *, stale_url=None, on_stale=None, then=None, **context):
    """The answer of a page whose form does one thing: do it, say so and go on; or the form again, with what is wrong.

    act() -> what it made, if anything; a ValidationError of it is told beside what was typed. said: the words, and then
    where to go, as `redirect` takes it; or said(made) -> the same. then(made): what else is told, after those words.
    A Stale is answered by on_stale(stale), or by `conflict_page` where `stale_url` says where to begin again ("" for
    nowhere); without either it is told as every other refusal is. context: what the page of the form shows.
    """
    if request.method == "POST" and form.is_valid():
        try:
            made = act()
        except ValidationError as refused:
            if isinstance(refused, Stale) and on_stale:
                return on_stale(refused)
            if isinstance(refused, Stale) and stale_url is not None:
                return conflict_page(request, refused, form, stale_url)
            form.put_errors(refused)
        else:
            words, *where = said(made) if callable(said) else said
            messages.success(request, words)
            if then:
                then(made)
            return redirect(*where)
    return form_page(request, template, form, **context)


def pressed(request, act, said, *where):
    """The answer of a button that does one thing: do it and say so, or say why not; on to `where`, as `redirect` takes
    it, in either case."""
    try:
        act()
    except ValidationError as refused:  # a Stale is one
        messages.warning(request, refused.messages[0])
    else:
        messages.success(request, said)
    return redirect(*where)


def no_such_button():
    """The answer to a POST with a button that its page does not have (400)."""
    return HttpResponseBadRequest("Nothing was done: this page has no such button. Go back and load it again.")


def _tell_what_lies(request):
    """The way back to a text that was kept, for an author who came to the form by another way."""
    if found := kept.lying(request):
        at, address = found
        words = 'You have text from {} that was not sent. <a class="govuk-link" href="{}">Open it</a>'
        messages.info(request, format_html(words, clock_time(timezone.localtime(at)), address))


def conflict_page(request, stale, form, url):
    """What was sent has no place any more (a report went, a return was submitted): it is shown, so that it is kept.

    stale: the Stale that a service raised. url: where to begin again, if anywhere. Answers 409.
    """
    typed = [
        {"label": bound.label, "yours": in_words(bound.field, value)}
        for bound in form.visible_fields()
        if (value := form.cleaned_data.get(bound.name) or _half_typed(bound))
    ]
    return render(request, "409.html", {"reason": stale.messages[0], "fields": typed, "url": url}, status=409)


def _half_typed(bound):
    """The words of an answer that is wrong, as they were sent; nothing for one that is right and empty."""
    if not bound.errors:
        return ""
    parts = bound.data if isinstance(bound.data, (list, tuple)) else [bound.data]
    return " ".join(str(part) for part in parts if part)


@dataclass(frozen=True)
class Clash:
    """A stale edit that can be sent again, for ui/clash.html.

    happened: who saved what, and when, as a sentence. rows: (label, what was typed, what is saved now) of what differs.
    advice: what to do.
    """

    happened: str
    rows: list
    mine: str = "What you typed (not saved)"
    saved: str = "What is saved now"
    advice: str = (
        "What you typed did not replace it. It is in the form below: change it if you need to, and send it again."
    )


def differing(form, now) -> list:
    """(label, typed, saved now) of the fields that differ, as people read them. now: field name -> value."""
    pairs = (
        (bound.label, *(in_words(bound.field, each.get(bound.name)) for each in (form.cleaned_data, now)))
        for bound in form.visible_fields()
        if bound.name in now
    )
    return [(label, typed, saved) for label, typed, saved in pairs if typed != saved]


def who_did(user, by, at, did="saved a change") -> str:
    """'You saved a change in another window at 2:03pm.'; the day too, where it was not today."""
    local = timezone.localtime(at)
    day = "" if local.date() == timezone.localdate() else f" on {plain(local)}"
    who, where = ("You", " in another window") if by == user else (by.name if by else "Somebody else", "")
    return f"{who} {did}{where}{day} at {clock_time(local)}."


def clash_page(request, template, form, clash, *, hidden, forget=(), **context):
    """The page of the form again, filled with what was typed, beside what is saved now (409).

    hidden: what the form must carry so that sending it again is an edit of what is saved now. forget: answers that
    must be given anew.
    """
    form.data = form.data.copy()
    for name, value in hidden.items():
        form.data[name] = str(value)
    for name in forget:
        form.data.pop(name, None)
    return render(request, template, {"form": form, "clash": clash, **context}, status=409)


def stale_edit(request, template, form, stale, row, now, /, *, happened="", url, **context):
    """The answer to a stale edit of a row that carries `version`: both texts side by side, to be sent again.

    row: fresh. now: field name -> what is saved now. happened: as Clash, from the row's own stamps if it is not given.
    Where the row did not move on, it has no place any more (the report went): its words are given back, and `url` leads
    on.
    """
    if row.version == form.cleaned_data["version"]:
        return conflict_page(request, stale, form, url)
    clash = Clash(happened or who_did(request.user, row.changed_by, row.changed_at), differing(form, now))
    return clash_page(request, template, form, clash, hidden={"version": row.version}, **context)


def can_keep_some(request, form) -> bool:
    """An autosave keeps what is right while one answer is half typed; a person's own Save is told what is wrong."""
    return bool(request.htmx) and "version" in form.cleaned_data


def saved(row, form, read=None, advice=""):
    """What autosave is told: when it was saved, the version to send next time, and what could not be kept.

    read: hidden field -> what to send in it next time, for a form whose parts have versions of their own. advice: what
    to mend in what was saved, as sentences.
    """
    wrong = next((errors[0] for errors in form.errors.values()), "")
    moment = (row.saved_at or timezone.now()).isoformat()
    said = {"saved_at": moment, "version": row.version, "error": wrong, "advice": advice, "read": read or {}}
    return JsonResponse(said)
