"""The minutes of a meeting: circulated, corrected, checked, agreed, put right, published."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse

from boards.flow import MINUTES
from boards.meetings.tabs import tabs_of
from boards.minutes import editions, forms, prints, publishing, reads, services
from boards.models import Correction, Edition, Group, Item, Meeting, MinutesPrint, Publication
from partnership.access.flow import Stale
from partnership.access.page import page
from partnership.access.replies import Clash, act_on, clash_page, conflict_page, differing, form_page, posted
from partnership.access.rows import powers
from partnership.documents.views import give
from partnership.people.roles import Perm

ON_A_PAGE = 50


def _tabs(meeting, held):
    return tabs_of(meeting, held, here="boards:minutes")


@page(Perm.MEETING_VIEW, Meeting, related=reads.LOADED)
def minutes(request, meeting):
    data, facts = posted(request), reads.minutes_page(request.user, meeting)
    waiting = [row for row in facts.corrections if row.pk in facts.to_answer]
    shared = {"corrections": waiting, "reading": facts.reading}
    desk = forms.desk(request.user, meeting, data, facts.held, **shared)
    do = data.get("do", "") if data else ""
    form = desk.get(do) if do in DEEDS else None
    if request.method == "POST" and do in NEEDS and NEEDS[do] not in facts.held:
        raise PermissionDenied(f"minutes.{do}")
    if request.method == "POST" and form is None:
        messages.warning(request, "This can no longer be done: the page has moved on since you opened it.")
        return redirect("boards:minutes", meeting.pk)
    context = {
        "meeting": meeting,
        "page": facts,
        "files": reads.files_of(request.user, meeting),
        "desk": desk,
        "answers": [(row, desk["answers"].get(row.pk)) for row in facts.corrections],
        "can": {str(perm): True for perm in facts.held},
        "tabs": _tabs(meeting, facts.held),
    }
    deed, words = DEEDS.get(do, (None, ""))
    act = lambda: deed(request.user, meeting, form, facts)  # noqa: E731
    home = reverse("boards:minutes", args=[meeting.pk])
    return act_on(request, form, act, "boards/minutes.html", (words, home), stale_url=home, **context)


def _circulate(user, meeting, form, facts):
    services.circulate(meeting, by=user)


def _ask(user, meeting, form, facts):
    if facts.reading is None:
        raise Stale("There is nothing to correct: no minutes are circulated.")
    said = form.cleaned_data
    services.ask_correction(meeting, by=user, words=said["words"], item=said["item"], edition=facts.reading.edition)


def _answer(user, meeting, form, facts, *, taken):
    row = Correction.objects.visible_to(user).select_related("folder").get(pk=form.cleaned_data["correction"])
    services.answer_correction(row, by=user, taken=taken, words=form.cleaned_data["outcome_words"])


def _back(user, meeting, form, facts):
    services.back(meeting, by=user, note=form.cleaned_data["note"], item=form.cleaned_data["item"])


def _check(user, meeting, form, facts):
    said = form.cleaned_data
    services.check(meeting, by=user, edition=said["edition"], outside=said.get("outside", ""))


def _agree(user, meeting, form, facts):
    services.agree(meeting, by=user, agreed_in=form.cleaned_data["agreed_in"], words=form.cleaned_data["agreed_words"])


# What each form of the page does, and what is said then.
DEEDS = {
    "circulate": (_circulate, "The minutes are circulated. Those who were there are told."),
    "ask": (_ask, "Your correction is with whoever writes the minutes."),
    "take": (partial(_answer, taken=True), "It is recorded as taken in."),
    "decline": (partial(_answer, taken=False), "It is recorded as not taken in."),
    "back": (_back, "The minutes are a draft again."),
    "check": (_check, "It is recorded that the minutes were checked."),
    "agree": (_agree, "The minutes are agreed. From now on they are changed by a correction with a reason alone."),
}

# Asked before all else: whether a draft says anything is nobody's to learn by trying to circulate it, and who may not
# answer a correction has no form of it.
NEEDS = {do: MINUTES.steps[do].perm for do in ("circulate", "back", "check", "agree")}
NEEDS |= dict.fromkeys(("take", "decline"), Perm.MEETING_RUN)


def _meeting_of(user, pk):
    """The meeting of a row that a page let through: who sees a restricted item alone does not see its meeting."""
    row = Meeting.objects.visible_to(user).select_related(*reads.LOADED).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


@page(Perm.MEETING_VIEW, Edition)
def edition(request, row):
    """One edition as its reader has it. A POST asks for it as a PDF."""
    meeting = _meeting_of(request.user, row.meeting_id)
    if request.method == "POST":
        return redirect("jobs:job", prints.ask(row, by=request.user).pk)
    held = powers(request.user, [meeting])[meeting.pk]
    context = {
        "meeting": meeting,
        "found": editions.reading(request.user, meeting, row),
        "print": reads.print_of(request.user, row),
        "closed": meeting.minutes_status in Meeting.CLOSED_MINUTES,
        "may_correct": Perm.MEETING_RUN in held and meeting.minutes_status in Meeting.CLOSED_MINUTES,
        "tabs": _tabs(meeting, held),
    }
    return render(request, "boards/edition.html", context)


@page(Perm.MEETING_VIEW, MinutesPrint, methods=("GET",))
def minutes_asked(request, row):
    """Back from the job: the edition that was asked for."""
    return redirect("boards:edition", row.edition_id)


@page(Perm.MEETING_VIEW, MinutesPrint, downloads=True, methods=("GET",))
def minutes_file(request, row):
    version = prints.version_of(row)
    if version is None:
        raise Http404
    if not prints.still_theirs(request.user, row):
        messages.warning(request, prints.CHANGED)
        return redirect("boards:edition", row.edition_id)
    return give(request, version)


@page(Perm.MEETING_RUN, Item, related=("folder",))
def item_correct(request, item):
    """Agreed minutes of one item are put right: a new edition, with its reason."""
    meeting = _meeting_of(request.user, item.meeting_id)
    line = _line_of(request.user, meeting, item)
    if line is None or meeting.minutes_status not in Meeting.CLOSED_MINUTES:
        messages.warning(request, "These minutes are not agreed yet: they are changed in the draft.")
        return redirect("boards:minutes", meeting.pk)
    as_said = forms.CorrectItemForm.as_said
    initial = as_said(line.said) | {"read": line.part.pk}
    form = forms.CorrectItemForm(posted(request), user=request.user, said=line.said, initial=initial)
    template, context = "boards/item_correct.html", {"meeting": meeting, "item": item, "line": line}

    def act():
        said = form.cleaned_data
        facts = {"read": said["read"], "reason": said["reason"], "text": said["text"]}
        services.correct(item, by=request.user, decisions=form.decisions(), **facts)

    def stale(refused):
        happened = "Somebody else corrected this item while you were typing."
        now = as_said(line.said)
        if differing(form, now) == [] and form.cleaned_data["read"] == line.part.pk:
            return conflict_page(request, refused, form, home)
        clash = Clash(happened, differing(form, now))
        return clash_page(request, template, form, clash, hidden={"read": line.part.pk}, **context)

    home = reverse("boards:minutes", args=[meeting.pk])
    said = ("The correction is recorded. What was agreed before stays readable.", home)
    return act_on(request, form, act, template, said, on_stale=stale, **context)


def _line_of(user, meeting, item):
    found = editions.reading(user, meeting)
    return next((line for line in found.lines if line.part.item_id == item.pk), None) if found else None


# --- published --------------------------------------------------------------------------------------------------------


@page(Perm.MEETING_RUN, Edition)
def publish(request, row):
    """Exactly what would be published, to be read first."""
    row.meeting = meeting = _meeting_of(request.user, row.meeting_id)
    wanted = publishing.to_publish(meeting)
    if publishing.why_not(meeting) or wanted is None or wanted.pk != row.pk:
        messages.warning(request, publishing.why_not(meeting) or "There is nothing new to publish of these minutes.")
        return redirect("boards:minutes", meeting.pk)
    found = publishing.published(row)
    warned = publishing.warnings(request.user, row, found)
    form = forms.PublishForm(posted(request), user=request.user, warned=bool(warned))
    if request.method == "POST" and form.is_valid():
        try:
            job = publishing.ask(row, by=request.user)
        except Stale as refused:
            messages.warning(request, refused.messages[0])
            return redirect("boards:minutes", meeting.pk)
        return redirect("jobs:job", job.pk)
    context = {"meeting": meeting, "row": row, "found": found, "warned": warned}
    return form_page(request, "boards/publish.html", form, **context)


@page(Perm.GROUP_VIEW, methods=("GET",))
def published(request):
    """The published minutes of the groups: for everybody who signs in."""
    groups = Group.objects.filter(pk__in=Publication.objects.values("folder_id")).select_related("folder")
    groups = {str(group.pk): group.name for group in groups}
    chosen = request.GET.get("group", "") if request.GET.get("group", "") in groups else ""
    found = Paginator(publishing.listed(chosen), ON_A_PAGE).get_page(request.GET.get("page", ""))
    context = {"page_obj": found, "groups": groups.items(), "group": chosen}
    return render(request, "boards/published.html", context)


OF_PUBLICATION = ("edition__meeting__folder", "edition__meeting__group__folder", "document")


@page(Perm.GROUP_VIEW, Publication, related=OF_PUBLICATION, methods=("GET",))
def publication(request, row):
    context = {
        "row": row,
        "meeting": row.edition.meeting,
        "found": publishing.published(row.edition),
        "newer": publishing.replaced_by(row),
    }
    return render(request, "boards/publication.html", context)


@page(Perm.GROUP_VIEW, Publication, related=("document",), downloads=True, methods=("GET",))
def publication_file(request, row):
    """The very file, the same for everybody."""
    version = publishing.version_of(row)
    if version is None:
        raise Http404
    return give(request, version, marked=False)
