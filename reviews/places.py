"""Where what is about to leave the portal names somebody: the places in a report, a pack, a chronology, with links.

Each function takes the user first and looks at what that person may read, as the file itself does. Nothing is said to
somebody who may not read the identities.
"""

from dataclasses import dataclass

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from partnership.jobs.services import ask
from reviews.chronology import reads as chronology
from reviews.forms import ChangeNotificationForm
from reviews.models import AgencyReturn, Entry, EntryNote, Notification, Pack, ReportSection
from reviews.naming import found_in, known_of, may_be_told
from reviews.packs import reads as packs
from reviews.report import reads as report

SHOWN = 50  # places on a page; what is beyond is counted
TOLD = 5  # places in a banner


@dataclass(frozen=True)
class Place:
    """advice: what to do there, as a sentence that names the passage. url: the page where it is put right."""

    advice: str
    url: str


def in_report(user, review) -> list:
    return _among(user, review, lambda: _of_report(report.report(user, review)))


def in_pack(user, review, audience) -> list:
    """audience: of Pack.Audience."""
    if audience == Pack.Audience.PARTNERS:
        return in_report(user, review)
    texts = lambda: _of_pack(audience, packs.contents(user, review, audience))  # noqa: E731
    found = _among(user, review, texts)
    return found + in_chronology(user, review) if audience == Pack.Audience.MEMBERS else found


def in_chronology(user, review) -> list:
    """Nothing for somebody who still owes a return: the chronology is withheld from them."""
    if chronology.owes(user, review):
        return []
    return _among(user, review, lambda: _of_chronology(user, review))


def written_already(user, review) -> list:
    """What was written before somebody was known: the notification, the requests, the report's sections, the entries.

    Asked when an identity record is saved: a name cannot be known by the rule before it stands there.
    """

    def texts():
        notice = Notification.objects.visible_to(user).filter(review=review).first()
        if notice:
            url = reverse("reviews:change_notification", args=[notice.pk])
            for name, field in ChangeNotificationForm.base_fields.items():
                if isinstance(value := getattr(notice, name, None), str):
                    yield field.label, value, url
        for row in AgencyReturn.objects.visible_to(user).filter(review=review).select_related("agency", "subject"):
            yield f"the request to {row.body}", row.purpose, reverse("reviews:agency_return", args=[row.pk])
        for row in ReportSection.objects.visible_to(user).filter(review=review).exclude(text=""):
            yield f"section {row.get_code_display()}", row.text, reverse("reviews:write_section", args=[row.pk])

    return _among(user, review, texts) + in_chronology(user, review)


def warn_of_written(request, review) -> None:
    """After an identity record was saved: a warning that leads to what already says so."""
    if found := written_already(request.user, review):
        told = format_html_join(
            " ", '{} <a class="govuk-notification-banner__link" href="{}">Put it right</a>.',
            ((each.advice, each.url) for each in found[:TOLD]),
        )  # fmt: skip
        more = f" There are {len(found) - TOLD} more such places." if len(found) > TOLD else ""
        messages.warning(request, format_html("{}{}", told, more))


def make(request, review, kind, places, *, what, back):
    """Have the file made by a job; first, where it would name somebody, show the places and ask.

    kind: of the job. places: what a function above gave. what: 'the report'; back: the address to go back to.
    """
    if places and "seen" not in request.POST:
        context = {"review": review, "what": what, "places": places[:SHOWN], "more": len(places[SHOWN:]), "back": back}
        return render(request, "reviews/somebody_named.html", context | {"audience": request.POST.get("audience", "")})
    return redirect("jobs:job", ask(kind, review, by=request.user).pk)


def _among(user, review, texts) -> list:
    """texts() -> (what the passage is called, its text, address)."""
    if not may_be_told(user, review):
        return []
    known = known_of(review.folder_id)
    if known.empty:
        return []
    return [
        Place(found.advice(where), url) for where, text, url in texts() if text and (found := found_in(text, known))
    ]


def _of_report(facts):
    """What reviews/_report_body_pdf.html prints of what people wrote."""
    review, page = facts["review"], facts["page"]
    notice = reverse("reviews:change_notification", args=[page.notification.pk])
    yield "Where it happened", page.notification.setting, notice
    yield "Other proceedings", page.notification.parallel, notice
    for each in facts["sections"]:
        url = reverse("reviews:write_section", args=[each.row.pk])
        name = f"section {each.number}, {each.title}"
        yield name, each.row.text, url
        if each.draft and (not each.row.text.strip() or each.undrafted):
            yield f"what the sources give for {name}", each.draft, url
    if page.decision:
        yield "the rationale of the decision", page.decision.rationale, reverse("reviews:decide", args=[review.pk])
        here = reverse("reviews:review", args=[review.pk])
        for seat in page.seats:
            if seat.sign_off:
                yield f"the reason of the {seat.label.lower()}", seat.sign_off.reason, here
    for each in facts["comments"]:
        yield f"the comment of {each.by.name}", each.words, reverse("reviews:report_sections", args=[review.folder_id])


def _of_pack(audience, facts):
    """What reviews/pack_members_pdf.html and reviews/pack_aloud_pdf.html print of what people wrote."""
    review = facts["review"]
    aloud = audience == Pack.Audience.ALOUD
    if aloud:
        notice = reverse("reviews:change_notification", args=[review.notification.pk])
        yield "What was notified", review.notification.what_happened, notice
        yield from _of_findings(facts["found"])
    elif facts["meeting"]:
        yield "Place of the meeting", facts["meeting"].place, facts["meeting"].url
    for row, answers, passages in facts["returns"]:
        url = reverse("reviews:agency_return", args=[row.pk])
        for label, text in answers:
            if not aloud or label in packs.READ_OUT:
                yield f"{label}, return of {row.about_name}", text, url
        for text in passages:
            yield f"a passage to be read out, return of {row.about_name}", text, url


def _of_findings(found):
    for row in found["safety_actions"]:
        yield "What was done, an immediate safety action", row.what, reverse("reviews:safety_edit", args=[row.pk])
    for number, row in enumerate(found["episodes"], start=1):
        texts = f"{row.title}\n{row.happened}\n{row.analysis}"
        yield f"key practice episode {number}", texts, reverse("reviews:episode_edit", args=[row.pk])
    for number, row in enumerate(found["recommendations"], start=1):
        yield f"recommendation {number}", row.words, reverse("reviews:recommendation_edit", args=[row.pk])
    for title, _ in found["themes"]:
        yield "a theme", title, ""


def _of_chronology(user, review):
    """Of what was withdrawn no word leaves, so it is not looked at."""
    notes = EntryNote.objects.visible_to(user).filter(entry__review=review)
    beside, withdrawn = {}, set()
    for entry, other, kind, note in notes.values_list("entry_id", "other_id", "kind", "note"):
        for at in filter(None, (entry, other)):
            beside.setdefault(at, []).append(note)
        if kind == EntryNote.Kind.WRONG:
            withdrawn.add(entry)
    rows = chronology.entries(user, review).exclude(pk__in=withdrawn).select_related("agency")
    for row in rows.order_by(*Entry.ORDER).iterator(chunk_size=500):
        text = _words_of(row, beside.get(row.pk, ()))
        yield f"the entry of {row.source_name}, {row.when}", text, reverse("reviews:entry_note", args=[row.pk])


def _words_of(entry, notes) -> str:
    return "\n".join([entry.source, entry.written, entry.event, entry.analysis, entry.voice, *notes])
