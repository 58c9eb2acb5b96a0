"""The pages on which an organisation answers: the return, one section at a time, what is left to do."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from audits.answering import pages, reads, services
from audits.answering.forms import AnswersForm
from audits.asking import asked_by, matches, progress, shown
from audits.models import AuditReturn
from audits.tabs import tabs_of_return
from partnership.access.flow import Stale
from partnership.access.page import page
from partnership.access.replies import posted
from partnership.access.rows import powers
from partnership.people.roles import Perm
from partnership.ui.parts import Task

RELATED = ("round__set_version", "agency")
CAN_WRITE = Perm.ANSWERS_WRITE


def _held(request, row) -> frozenset:
    held = powers(request.user, [row])[row.pk]
    if request.method == "POST" and CAN_WRITE not in held:
        raise PermissionDenied
    return held


@page(Perm.ANSWERS_VIEW, AuditReturn, related=RELATED)
def audit_return(request, row):
    """What it is, by when, what is left, and its sections; the button begins it."""
    held = _held(request, row)
    if request.method == "POST":
        return _begin(request, row)
    found = reads.standing(request.user, row)
    shut = services.why_shut(row)
    begun = row.status != AuditReturn.Status.ASKED
    context = {
        "row": row,
        "progress": found.progress(),
        "left": len(found.left()),
        "tasks": _tasks(found),
        "writers": reads.writers(found),
        "deadline": _deadline(row),
        "shut": shut,
        "back": reads.backs(request.user, [row]).get(row.pk),
        "writes": CAN_WRITE in held and not shut and begun,
        "may_sign": Perm.ANSWERS_SIGN in held,
        "may_begin": CAN_WRITE in held and not shut and not begun,
        "goes_on": reads.goes_on(request.user, found),
        "tabs": tabs_of_return(row, held, here="audits:audit_return"),
    }
    return render(request, "audits/audit_return.html", context)


def _begin(request, row):
    try:
        done = services.begin(row, by=request.user)
    except Stale:  # a colleague began it a moment ago
        return redirect("audits:audit_return", row.pk)
    except services.Shut as why:
        messages.warning(request, why.messages[0])
        return redirect("audits:audit_return", row.pk)
    taken = done.to_confirm
    more = f" {taken} answer{'s stand' if taken != 1 else ' stands'} there already, to be confirmed." if taken else ""
    messages.success(request, f"The return is begun.{more}")
    return redirect("audits:audit_return", row.pk)


def _tasks(found) -> list[Task]:
    tasks = []
    for section in found.sections():
        title = section.called
        if section.pk in found.later:
            tasks.append(Task(title, status="Asked later in the year"))
            continue
        part = found.progress(section)
        href = reverse("audits:return_section", args=[found.row.pk, section.code])
        tasks.append(Task(title, href, *_standing(part), _so_far(part)))
    return tasks


def _standing(part) -> tuple[str, str]:
    if part.complete:
        return "Done", ""
    if not part.missing:
        return "To confirm", "yellow"
    return ("Begun", "blue") if part.answered else ("Not begun", "grey")


def _deadline(row) -> dict:
    """How far off its own deadline is: days in London's calendar; below 0 once it is over."""
    days = (timezone.localdate(row.closes_at) - timezone.localdate()).days
    over = row.closes_at < timezone.now()
    return {"at": row.closes_at, "days": days, "over": over, "late": -days}


@page(Perm.ANSWERS_VIEW, AuditReturn, related=RELATED)
def return_section(request, row, section):
    """One section: each question is saved by itself as it is typed, or all of them by the button."""
    asking = asked_by(row.round.set_version)
    here = next((each for each in asking.sections if each.code == section), None)
    wordings = [each for each in asking.of_section.get(here.pk, ()) if matches(each.applies, row.facts)] if here else []
    if not wordings:
        raise Http404
    if request.method == "POST" and "part" in request.POST:
        return _save_one(request, row, here, wordings)  # the service asks whether she may
    held = _held(request, row)
    data = posted(request) if CAN_WRITE in held else None
    form = AnswersForm(data, wordings=wordings, user=request.user) if data is not None else None
    sent = pages.Sent(form)
    if form is not None:
        form.is_valid()
    if request.method == "POST":
        url = reverse("audits:return_section", args=[row.pk, section])
        try:
            sent.done = services.save_each(row, form.typed(), by=request.user)
            confirmed = _confirm(request, row, sent, wordings)
        except services.Shut as why:
            return pages.given_back(request, why, form, url)
        pages.tell(request, sent, confirmed)
        if not sent.unsaved:
            return redirect(_onward(request, row, here, url))
        row.refresh_from_db()
    return _section(request, row, here, held, sent)


def _save_one(request, row, section, wordings):
    form = pages.one_of(request, wordings)
    done, refusal = pages.save_one(form, partial(services.save_each, row, by=request.user))
    if refusal:
        return refusal
    asking = asked_by(row.round.set_version)
    now = {pk: each.code for pk, each in done.answers.items()}
    asked = {each.pk for each in shown(asking, row.facts, now)}
    part = progress(asking, row.facts, done.answers, done.shows, section.pk)
    show = {each.pk.hex: each.pk in asked for each in wordings if each.shown_if_id} | pages.still_shown(form, done)
    return pages.saved(form, done, show=show | {"confirm": part.to_confirm > 0}, live={"section": _so_far(part)})


def _so_far(part) -> str:
    return f"{part.answered} of {part.wanted} answered" + (f", {part.to_confirm} to confirm" if part.to_confirm else "")


def _confirm(request, row, sent, wordings) -> int:
    """'Confirm all of this section': what nobody typed into; what is wrong or stale is left alone."""
    if request.POST.get("then") != "confirm":
        return 0
    left = [each.pk for each in wordings if each.pk.hex not in sent.unsaved]
    return services.confirm(row, left, by=request.user)


def _onward(request, row, section, url) -> str:
    if request.POST.get("then") != "next":
        return pages.back_to(request, url)
    asking, later = asked_by(row.round.set_version), services.not_yet(row)
    for each in asking.sections[asking.sections.index(section) + 1 :]:
        if each.pk not in later and any(matches(one.applies, row.facts) for one in asking.of_section[each.pk]):
            return reverse("audits:return_section", args=[row.pk, each.code])
    return reverse("audits:return_unanswered", args=[row.pk])


def _section(request, row, section, held, sent):
    found = reads.standing(request.user, row)
    wordings = found.section(section)
    shut = services.why_shut(row) or (services.NOT_YET if section.pk in found.later else "")
    begun = row.status != AuditReturn.Status.ASKED
    writes = CAN_WRITE in held and not shut and begun
    asked = {each.pk for each in found.asked}
    fresh, forms = None, {}
    if writes:
        more = request.GET.get("more", "")
        fresh = AnswersForm(wordings=wordings, answers=found.answers, more=more, user=request.user)
        forms = sent.drawn(fresh)
    part = found.progress(section)
    context = {
        "row": row,
        "section": section,
        "lines": pages.lines(
            wordings, found.answers, asked=asked, before=reads.last_year(request.user, row, wordings), forms=forms,
            clashes=sent.clashes(request.user), shows=found.shows,
        ),
        "fresh": fresh,
        "writes": writes,
        "clashes": bool(sent.done and sent.done.stale),
        "shut": shut,
        "may_begin": CAN_WRITE in held and not shut and not begun,
        "so_far": _so_far(part),
        "to_confirm": part.to_confirm,
    }  # fmt: skip
    return pages.draw(request, "audits/return_section.html", sent, **context)


@page(Perm.ANSWERS_VIEW, AuditReturn, related=RELATED, methods=("GET",))
def return_unanswered(request, row):
    """What has yet to be answered or confirmed, each with the way to it."""
    held = _held(request, row)
    found = reads.standing(request.user, row)
    groups = []
    for wording, what in found.left():
        if not groups or groups[-1]["section"].pk != wording.section_id:
            groups.append({"section": wording.section, "later": wording.section_id in found.later, "rows": []})
        groups[-1]["rows"].append((wording, what))
    context = {
        "row": row,
        "groups": groups,
        "count": len(found.left()),
        "shut": services.why_shut(row),
        "may_sign": Perm.ANSWERS_SIGN in held and row.status == AuditReturn.Status.BEGUN,
        "tabs": tabs_of_return(row, held, here="audits:return_unanswered"),
    }
    return render(request, "audits/return_unanswered.html", context)
