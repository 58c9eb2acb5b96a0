"""Rows for a chronology: pasted or uploaded, looked at, put right, said whose they are, taken or discarded."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.urls import reverse

from partnership.access.flow import Stale
from partnership.access.page import page
from partnership.access.replies import conflict_page, form_page, posted
from partnership.directory.importing.incoming import shown_name
from partnership.people.roles import Perm
from reviews import forms, naming
from reviews.chronology import reads, rows, services
from reviews.chronology.views import home_of, not_while_owed
from reviews.models import Intake, Review

SHOWN = 50
DISCARDED = "The rows were discarded. Nothing was added."
OF_REVIEW = ("review__folder", "by", "answer__agency")


def _reader(user, review, answer):
    return rows.Reader(reads.children(user, review), answer=answer, asked=reads.returns(user, review))


def _received(request, review, form, template, read):
    """The answer of a page that takes rows in: on to their preview."""
    if request.method == "POST" and form.is_valid():
        answer = form.cleaned_data["answer"]
        try:
            name, (found, remarks) = read(_reader(request.user, review, answer))
        except ValidationError as error:
            form.add_error("file" if "file" in form.fields else "text", error)
        else:
            row = services.receive(review, by=request.user, name=name, rows=found, remarks=remarks, answer=answer)
            return redirect("reviews:intake", row.pk)
    return form_page(request, template, form, review=review)


@page(Perm.REVIEW_MANAGE, Review, related=("folder",))
def entries_paste(request, review):
    not_while_owed(request.user, review)
    form = forms.PasteForm(posted(request), user=request.user, offered=reads.returns(request.user, review))
    return _received(
        request, review, form, "reviews/entries_paste.html",
        lambda reader: ("", rows.of_paste(form.cleaned_data["text"], reader)),
    )  # fmt: skip


@page(Perm.REVIEW_MANAGE, Review, related=("folder",))
def entries_upload(request, review):
    not_while_owed(request.user, review)
    form = forms.UploadChronologyForm(
        posted(request), request.FILES or None, user=request.user, offered=reads.returns(request.user, review)
    )
    return _received(
        request, review, form, "reviews/entries_upload.html",
        lambda reader: (shown_name(form.cleaned_data["file"].name), rows.of_file(form.cleaned_data["file"], reader)),
    )  # fmt: skip


@page(Perm.REVIEW_MANAGE, Intake, related=OF_REVIEW)
def intake(request, row):
    """What the rows were read as; by POST those that can be read are taken."""
    not_while_owed(request.user, row.review)
    if request.method == "POST":
        return _keep_back(request, row) if "instead" in request.POST else _take(request, row)
    named = _named(request.user, row)
    only = request.GET.get("only") == "wrong"
    listed = [each for each in row.rows if each["problem"]] if only else row.rows
    names = _children(request.user, row)
    page_obj = Paginator(listed, 100).get_page(request.GET.get("page", ""))
    page_obj.object_list = [rows.shown(each, names) for each in page_obj.object_list]
    waiting = row.status == Intake.Status.WAITING
    context = {
        "intake": row, "review": row.review, "only": only, "good": row.count - row.wrong, "page_obj": page_obj,
        "unknown": reads.unknown_sources(row) if waiting else [], "named": [words for _, words in named[:SHOWN]],
        "named_more": len(named[SHOWN:]), "read": services.mark_of(row) if named else "",
    }  # fmt: skip
    return render(request, "reviews/intake.html", context)


def _children(user, row) -> dict:
    return {str(child.pk): child.pseudonym for child in reads.children(user, row.review)}


def _named(user, row) -> list:
    """(place, advice) of all the rows that would be added and name somebody of the case: each of them is read."""
    told = ("written", "source", "event", "analysis", "voice")
    texts = [
        ((at, each["line"]), "\n".join(each["facts"].get(name, "") for name in told))
        for at, each in enumerate(row.rows)
        if not each["problem"]
    ]
    return [(at, found.advice(f"line {line}")) for (at, line), found in naming.finds(user, row.review, texts)]


def _keep_back(request, row):
    """The rows that name somebody come back to be put right, or are left out."""
    at = [place for place, _ in _named(request.user, row)]
    names, out = _children(request.user, row), request.POST["instead"] == "out"
    rows_instead = [] if out else [rows.to_be_put_right(row.rows[each], names) for each in at]
    try:
        if at:
            row = services.keep_back(row, by=request.user, at=at, rows=rows_instead, read=request.POST.get("read", ""))
    except Stale as stale:
        messages.warning(request, stale.messages[0])
    else:
        said = "left out" if out else "kept back. You are given them in a box when the others are added"
        messages.success(request, f"{len(at):,} {'row was' if len(at) == 1 else 'rows were'} {said}.")
    return redirect("reviews:intake_mend" if row.count and row.count == row.wrong else "reviews:intake", row.pk)


def _take(request, row):
    good, before = row.count - row.wrong, row.added
    try:
        row = services.take(row, by=request.user)
    except Stale as stale:
        messages.warning(request, stale.messages[0])
        return redirect(home_of(row.review))
    except ValidationError as error:
        messages.warning(request, error.messages[0])
        return redirect("reviews:intake_mend", row.pk)
    added = row.added - before
    already = f" {good - added:,} stood in it already." if good > added else ""
    messages.success(request, f"{added:,} {'entry was' if added == 1 else 'entries were'} added.{already}")
    return redirect("reviews:intake_mend", row.pk) if row.wrong else redirect(home_of(row.review))


@page(Perm.REVIEW_MANAGE, Intake, related=OF_REVIEW)
def intake_mend(request, row):
    """The rows that could not be read, in a box, each with its line and reason above."""
    not_while_owed(request.user, row.review)
    if request.method == "GET" and (row.count > row.wrong or row.status != Intake.Status.WAITING):
        return redirect("reviews:intake", row.pk)
    wrong = [each for each in row.rows if each["problem"]]
    initial = {"text": rows.as_lines(wrong), "read": services.mark_of(row)}
    form = forms.MendForm(posted(request), user=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            found, _ = rows.of_paste(form.cleaned_data["text"], _reader(request.user, row.review, row.answer))
            services.mend(row, by=request.user, rows=found, read=form.cleaned_data["read"])
        except Stale as stale:
            return conflict_page(request, stale, form, reverse("reviews:intake", args=[row.pk]))
        except ValidationError as error:
            form.add_error("text", error)
        else:
            return redirect("reviews:intake", row.pk)
    held = [(f"row {at}", "\n".join(each.get("cells", {}).values())) for at, each in enumerate(wrong, 1)]
    context = {"wrong": wrong, "named": naming.advice(request.user, row.review, held)[:SHOWN]}
    return form_page(request, "reviews/intake_mend.html", form, review=row.review, intake=row, **context)


@page(Perm.REVIEW_MANAGE, Intake, related=OF_REVIEW)
def intake_sources(request, row):
    """Which body of the review a source is that the directory does not know: a nursery that was asked as a guest."""
    not_while_owed(request.user, row.review)
    sources = reads.unknown_sources(row)[:50]
    if request.method == "GET" and (not sources or row.status != Intake.Status.WAITING):
        return redirect("reviews:intake", row.pk)
    offered = reads.returns(request.user, row.review)
    form = forms.SourcesForm(posted(request), user=request.user, sources=sources, offered=offered)
    if request.method == "POST" and form.is_valid():
        try:
            services.name_sources(row, by=request.user, bodies=form.bodies())
        except Stale as stale:
            return conflict_page(request, stale, form, home_of(row.review))
        return redirect("reviews:intake", row.pk)
    return form_page(request, "reviews/intake_sources.html", form, review=row.review, intake=row)


@page(Perm.REVIEW_MANAGE, Intake, related=("review__folder",), methods=("POST",))
def intake_discard(request, row):
    try:
        row = services.discard(row, by=request.user)
        messages.success(request, "The rows that waited were discarded." if row.added else DISCARDED)
    except Stale as stale:
        messages.warning(request, stale.messages[0])
    return redirect(home_of(row.review))
