"""The report by section: read, written, drafted from the sources, commented on by its independent scrutineer."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse

from partnership.access.context import folder_tabs
from partnership.access.flow import Stale
from partnership.access.models import Folder
from partnership.access.page import page
from partnership.access.replies import (
    Clash,
    act_on,
    can_keep_some,
    clash_page,
    conflict_page,
    differing,
    form_page,
    posted,
    who_did,
)
from partnership.access.rows import powers
from partnership.people.roles import Perm
from reviews import forms, naming, partners
from reviews.models import ReportSection, Review
from reviews.own_account import report_withheld
from reviews.report import reads, services
from reviews.report.drafting import drafts
from reviews.running import running


@page(Perm.REPORT_READ, Folder, methods=("GET",))
def report_sections(request, folder):
    """For those on the case, and for its scrutineer, who sees nothing else of it."""
    held = powers(request.user, [folder])[folder.pk]
    may_write = Perm.REVIEW_MANAGE in held
    tabs = folder_tabs(request.user, folder, held, here="reviews:report_sections")
    if report_withheld(request.user, folder, held=held):
        context = {"folder": folder, "tabs": tabs, "what": "The report by section"}
        return render(request, "reviews/report_withheld.html", context)
    review = Review.objects.visible_to(request.user).filter(folder=folder).first()
    found = reads.sections(request.user, folder, review=review if may_write else None)
    context = {
        "folder": folder,
        "review": review,
        "sent": bool(reads.gone([folder])) if review is None else review.settled,
        "sections": found,
        "progress": reads.progress([each.state for each in found]),
        "comments": reads.comments(request.user, folder),
        "may_write": may_write,
        "may_comment": Perm.REPORT_COMMENT in held and bool(found),
        "tabs": tabs,
    }
    return render(request, "reviews/report_sections.html", context)


def _home(folder_id, section=None):
    return reverse("reviews:report_sections", args=[folder_id]) + (f"#{section.code}" if section else "")


@page(Perm.REVIEW_MANAGE, ReportSection, related=("review", "folder", "saved_by"))
def write_section(request, row):
    form = forms.SectionForm(posted(request), user=request.user, initial={"text": row.text, "version": row.version})
    if request.method == "POST" and (form.is_valid() or can_keep_some(request, form)):
        text = form.cleaned_data.get("text", row.text)
        try:
            done = services.write(row, by=request.user, version=form.cleaned_data["version"], text=text)
        except Stale as stale:
            return _stale_section(request, row, form, stale)
        if request.htmx:
            return naming.autosaved(request, done, form, row.review)
        messages.success(request, "The section was saved.")
        naming.warn(request, row.review, naming.typed(form))
        return redirect(_home(row.folder_id, row))
    return form_page(request, "reviews/write_section.html", form, **_around(request, row))


def _around(request, row):
    """What stands around the form: what the section is to say, and what the sources give for it."""
    return {"section": reads.Shown(0, row, drafts(request.user, row.review)[row.code])}


def _stale_section(request, row, form, stale):
    row.refresh_from_db(fields=["text", "version", "saved_by", "saved_at", "typed", "draft_mark"])
    if row.version == form.cleaned_data["version"]:  # nobody was quicker: the report has gone
        return conflict_page(request, stale, form, _home(row.folder_id, row))
    happened = who_did(request.user, row.saved_by, row.saved_at, "saved this section")
    clash, hidden = Clash(happened, differing(form, {"text": row.text})), {"version": row.version}
    return clash_page(request, "reviews/write_section.html", form, clash, hidden=hidden, **_around(request, row))


@page(Perm.REVIEW_MANAGE, ReportSection, related=("review", "folder", "saved_by"))
def draft_section(request, row):
    """Asks what becomes of words that somebody typed; where nobody has, one press is enough."""
    shown = reads.Shown(0, row, drafts(request.user, row.review)[row.code])
    form = forms.DraftForm(posted(request), user=request.user, asks=row.typed, initial={"version": row.version})

    def act():
        return services.draft(row, by=request.user, version=form.cleaned_data["version"], below=form.below())

    return act_on(
        request, form, act, "reviews/draft_section.html",
        ("The section was drafted from the sources. Read it through and make it yours.", _home(row.folder_id, row)),
        stale_url=reverse("reviews:draft_section", args=[row.pk]),
        then=lambda drafted: _warn_of_drafted(request, row.review, [drafted]), section=shown, asks=row.typed,
    )  # fmt: skip


@page(Perm.REVIEW_MANAGE, Review, related=("folder",), methods=("POST",))
@running
def draft_report(request, review):
    try:
        drafted, kept = services.draft_all(review, by=request.user)
    except Stale as stale:
        messages.warning(request, stale.messages[0])
        return redirect(_home(review.folder_id))
    many = len(drafted)
    done = f"{many} section{'' if many == 1 else 's'} {'was' if many == 1 else 'were'} drafted from the sources."
    messages.success(request, done if drafted else "Nothing was drafted: the sources hold nothing new.")
    _warn_of_drafted(request, review, drafted)
    if kept:
        names = partners.names_of([f"‘{each.get_code_display()}’" for each in kept])
        messages.info(request, f"Somebody has written under {names}: what stands there was left as it is.")
    return redirect(_home(review.folder_id))


def _warn_of_drafted(request, review, rows):
    """What the sources say was written by others: a draft carries on whom they name."""
    naming.warn(request, review, [(row.get_code_display(), row.text) for row in rows])


@page(Perm.REPORT_COMMENT, Folder)
def comment_report(request, folder):
    sent = bool(reads.gone([folder]))
    form = forms.CommentForm(posted(request), user=request.user, sent=sent)

    def act():
        services.comment(folder, by=request.user, words=form.cleaned_data["words"])

    where = "here, beside the report that was sent" if sent else "beside the report, and goes into it"
    said = (f"Your comment stands {where}. The case’s team and the partners are told.", _home(folder.pk))
    return act_on(request, form, act, "reviews/comment_report.html", said, folder=folder)
