"""The chronology of a rapid review: reading it, an entry, what is said beside one, its files."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse

from partnership.access.context import folder_tabs
from partnership.access.flow import Stale
from partnership.access.page import page
from partnership.access.replies import act_on, conflict_page, form_page, posted
from partnership.access.rows import powers
from partnership.documents.tables.days import NoDate
from partnership.people.roles import Perm
from reviews import forms, naming, places
from reviews.chronology import reads, rows, services
from reviews.models import Entry, EntryNote, Review

ADD_AGAIN = (
    "It cannot be changed: withdraw the entry as wrong and add it again without that. Of what is withdrawn no word "
    "stands in a file."
)


def not_while_owed(user, review):
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
    page_obj = reads.page(
        request.user, review, number=request.GET.get("page", ""), names=names, moments=frame.moments, **asked
    )
    context |= {
        "form": form,
        "filtered": any(asked[name] for name in ("source", "child", "q")),
        "page_obj": page_obj,
        "may_change": Perm.REVIEW_MANAGE in held,
        "may_export": Perm.REPORT_MAKE in held,
        "waiting": frame.waiting,
    }
    return render(request, "reviews/chronology.html", context)


def home_of(review):
    return reverse("reviews:chronology", args=[review.pk])


@page(Perm.REVIEW_MANAGE, Review, related=("folder",))
def entry_add(request, review):
    not_while_owed(request.user, review)
    children = reads.children(request.user, review)
    form = forms.EntryForm(
        posted(request), user=request.user, offered=reads.returns(request.user, review), children=children
    )

    def act():
        facts = _facts(form.cleaned_data, children)
        services.add_entry(review, by=request.user, answer=form.cleaned_data["answer"], facts=facts)

    def then(made):
        naming.warn(request, review, naming.typed(form), then=ADD_AGAIN)

    said = ("The entry was added.", home_of(review))
    return act_on(request, form, act, "reviews/entry_add.html", said, then=then, review=review)


def _facts(data, children):
    reader = rows.Reader(children, answer=data["answer"])
    reader.learn([data["source"]])
    cells = {name: data[name] for name in ("when", "time", "source", "event", "analysis", "voice")}
    for name, read in (
        ("when", lambda: rows.read_moment(data["when"])),
        ("time", lambda: rows.read_time(data["time"])),
    ):
        try:
            read()
        except NoDate as wrong:
            raise ValidationError({name: str(wrong)}) from None
    try:
        facts, _ = reader.facts(cells)
    except NoDate as wrong:
        raise ValidationError({"time": str(wrong)}) from None
    return facts | {"children": sorted(data["children"])}


@page(Perm.REVIEW_MANAGE, Entry, related=("review__folder", "agency"))
def entry_note(request, row):
    not_while_owed(request.user, row.review)
    offered = reads.contradictable(request.user, row)
    form = forms.AnnotateForm(posted(request), user=request.user, offered=offered)
    if request.method == "POST" and form.is_valid():
        facts = {name: form.cleaned_data[name] for name in ("kind", "note", "other")}
        try:
            services.annotate(row, by=request.user, **facts)
        except Stale as stale:
            return conflict_page(request, stale, form, home_of(row.review))
        except ValidationError as error:
            form.put_errors(error)
        else:
            messages.success(request, "It was put beside the entry.")
            if facts["kind"] != EntryNote.Kind.WRONG:  # of what is withdrawn no word stands in a file
                naming.warn(request, row.review, naming.typed(form), then=ADD_AGAIN)
            return redirect(home_of(row.review))
    return form_page(request, "reviews/entry_note.html", form, review=row.review, entry=row)


def _made(request, review, kind):
    not_while_owed(request.user, review)
    found = places.in_chronology(request.user, review)
    return places.make(request, review, kind, found, what="the chronology", back=home_of(review))


@page(Perm.REPORT_MAKE, Review, related=("folder",), methods=("POST",))
def chronology_pdf(request, review):
    return _made(request, review, "chronology_pdf")


@page(Perm.REPORT_MAKE, Review, related=("folder",), methods=("POST",))
def chronology_xlsx(request, review):
    return _made(request, review, "chronology_xlsx")
