"""The chronology of a rapid review: reading it, adding to it, saying something beside an entry, taking it out."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse

from partnership.access.context import folder_tabs
from partnership.access.flow import Stale
from partnership.access.page import page
from partnership.access.replies import conflict_page, form_page, posted
from partnership.access.rows import powers
from partnership.directory.importing.incoming import shown_name
from partnership.people.roles import Perm
from reviews import forms, naming, places
from reviews.chronology import reads, rows, services
from reviews.chronology.days import NoDate
from reviews.models import Entry, EntryNote, Intake, Review

ADD_AGAIN = (
    "It cannot be changed: withdraw the entry as wrong and add it again without that. Of what is withdrawn no word "
    "stands in a file."
)


def _not_while_owed(user, review):
    if reads.owes(user, review):
        raise Http404


@page(Perm.REVIEW_VIEW, Review, related=("folder",), methods=("GET",))
def chronology(request, review):
    held = powers(request.user, [review])[review.pk]
    context = {"review": review, "tabs": folder_tabs(request.user, review.folder, held, here="reviews:chronology")}
    frame = reads.frame(request.user, review)
    if frame.owes:
        return render(request, "reviews/chronology_withheld.html", context)
    form = forms.ChronologyFilter(request.GET, sources=frame.sources, children=frame.children)
    asked, names = form.asked(), {child.pk: child.pseudonym for child in frame.children}
    page_obj = reads.page(request.user, review, number=request.GET.get("page", ""), names=names, **asked)
    context |= {
        "form": form,
        "filtered": any(asked[name] for name in ("source", "child", "q")),
        "page_obj": page_obj,
        "may_change": Perm.REVIEW_MANAGE in held,
        "may_export": Perm.REPORT_MAKE in held,
        "waiting": frame.waiting,
    }
    return render(request, "reviews/chronology.html", context)


def _home(review):
    return reverse("reviews:chronology", args=[review.pk])


@page(Perm.REVIEW_MANAGE, Review, related=("folder",))
def entry_add(request, review):
    _not_while_owed(request.user, review)
    children = reads.children(request.user, review)
    form = forms.EntryForm(
        posted(request), user=request.user, offered=reads.returns(request.user, review), children=children
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.add_entry(
                review, by=request.user, answer=form.cleaned_data["answer"], facts=_facts(form.cleaned_data, children)
            )
        except ValidationError as error:
            form.put_errors(error)
        else:
            messages.success(request, "The entry was added.")
            naming.warn(request, review, naming.typed(form), then=ADD_AGAIN)
            return redirect(_home(review))
    return form_page(request, "reviews/entry_add.html", form, review=review)


def _facts(data, children):
    reader = rows.Reader(children, answer=data["answer"])
    reader.learn([data["source"]])
    cells = {name: data[name] for name in ("when", "time", "source", "event", "analysis", "voice")}
    for name, read in (("when", lambda: rows.read_day(data["when"])), ("time", lambda: rows.read_time(data["time"]))):
        try:
            read()
        except NoDate as wrong:
            raise ValidationError({name: str(wrong)}) from None
    try:
        facts, _ = reader.facts(cells)
    except NoDate as wrong:
        raise ValidationError({"time": str(wrong)}) from None
    return facts | {"children": sorted(data["children"])}


def _received(request, review, form, template, read):
    """The answer of a page that takes rows in: on to their preview."""
    if request.method == "POST" and form.is_valid():
        answer = form.cleaned_data["answer"]
        reader = rows.Reader(reads.children(request.user, review), answer=answer)
        try:
            name, (found, remarks) = read(reader)
        except ValidationError as error:
            form.add_error("file" if "file" in form.fields else "text", error)
        else:
            row = services.receive(review, by=request.user, name=name, rows=found, remarks=remarks, answer=answer)
            return redirect("reviews:intake", row.pk)
    return form_page(request, template, form, review=review)


@page(Perm.REVIEW_MANAGE, Review, related=("folder",))
def entries_paste(request, review):
    _not_while_owed(request.user, review)
    form = forms.PasteForm(posted(request), user=request.user, offered=reads.returns(request.user, review))
    return _received(
        request, review, form, "reviews/entries_paste.html",
        lambda reader: ("", rows.of_paste(form.cleaned_data["text"], reader)),
    )  # fmt: skip


@page(Perm.REVIEW_MANAGE, Review, related=("folder",))
def entries_upload(request, review):
    _not_while_owed(request.user, review)
    form = forms.UploadChronologyForm(
        posted(request), request.FILES or None, user=request.user, offered=reads.returns(request.user, review)
    )
    return _received(
        request, review, form, "reviews/entries_upload.html",
        lambda reader: (shown_name(form.cleaned_data["file"].name), rows.of_file(form.cleaned_data["file"], reader)),
    )  # fmt: skip


@page(Perm.REVIEW_MANAGE, Intake, related=("review__folder", "by"))
def intake(request, row):
    """What the rows were read as; by POST all of them are taken, or none."""
    _not_while_owed(request.user, row.review)
    if request.method == "POST":
        try:
            row = services.take(row, by=request.user)
        except Stale as stale:
            messages.warning(request, stale.messages[0])
        except ValidationError as error:
            messages.warning(request, error.messages[0])
            return redirect("reviews:intake", row.pk)
        else:
            known = row.count - row.added
            already = f" {known:,} stood in it already." if known else ""
            messages.success(
                request, f"{row.added:,} {'entry was' if row.added == 1 else 'entries were'} added.{already}"
            )
        return redirect(_home(row.review))
    only = request.GET.get("only") == "wrong"
    listed = [each for each in row.rows if each["problem"]] if only else row.rows
    context = {
        "intake": row, "review": row.review, "only": only,
        "page_obj": Paginator(listed, 100).get_page(request.GET.get("page", "")),
    }  # fmt: skip
    return render(request, "reviews/intake.html", context)


@page(Perm.REVIEW_MANAGE, Intake, related=("review__folder",), methods=("POST",))
def intake_discard(request, row):
    try:
        services.discard(row, by=request.user)
        messages.success(request, "The rows were discarded. Nothing was added.")
    except Stale as stale:
        messages.warning(request, stale.messages[0])
    return redirect(_home(row.review))


@page(Perm.REVIEW_MANAGE, Entry, related=("review__folder", "agency"))
def entry_note(request, row):
    _not_while_owed(request.user, row.review)
    offered = reads.contradictable(request.user, row)
    form = forms.AnnotateForm(posted(request), user=request.user, offered=offered)
    if request.method == "POST" and form.is_valid():
        facts = {name: form.cleaned_data[name] for name in ("kind", "note", "other")}
        try:
            services.annotate(row, by=request.user, **facts)
        except Stale as stale:
            return conflict_page(request, stale, form, _home(row.review))
        except ValidationError as error:
            form.put_errors(error)
        else:
            messages.success(request, "It was put beside the entry.")
            if facts["kind"] != EntryNote.Kind.WRONG:  # of what is withdrawn no word stands in a file
                naming.warn(request, row.review, naming.typed(form), then=ADD_AGAIN)
            return redirect(_home(row.review))
    return form_page(request, "reviews/entry_note.html", form, review=row.review, entry=row)


def _made(request, review, kind):
    _not_while_owed(request.user, review)
    found = places.in_chronology(request.user, review)
    return places.make(request, review, kind, found, what="the chronology", back=_home(review))


@page(Perm.REPORT_MAKE, Review, related=("folder",), methods=("POST",))
def chronology_pdf(request, review):
    return _made(request, review, "chronology_pdf")


@page(Perm.REPORT_MAKE, Review, related=("folder",), methods=("POST",))
def chronology_xlsx(request, review):
    return _made(request, review, "chronology_xlsx")
