"""What was notified, as the national form asks for it: read, put right, and a page to copy from."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse

from partnership.access.context import folder_tabs
from partnership.access.flow import Stale
from partnership.access.page import page
from partnership.access.replies import form_page, posted, stale_edit, who_did
from partnership.access.rows import powers
from partnership.identities.services import open_identities
from partnership.people.roles import Perm
from reviews import forms, naming, reads
from reviews.ages import say_ages
from reviews.considering import files
from reviews.models import Child, Notification, Review
from reviews.notifying import first, services
from reviews.notifying.national import forms as national_forms


@page(Perm.REVIEW_VIEW, Review, related=("folder", "notification__authority"), methods=("GET",))
def notification(request, review):
    """The fields of the national form, child by child; who they are for those who may search, and that is recorded."""
    notice = getattr(review, "notification", None)
    if notice is None:
        return redirect("reviews:consideration", review.pk)
    held = powers(request.user, [review])[review.pk]
    children = list(Child.objects.visible_to(request.user).filter(review=review))
    who = {}
    if Perm.IDENTITY_SEARCH in held:
        why = "the page asked for IDENTITY_SEARCH on the review"
        who = {person.id: person for person in say_ages(open_identities(review.folder_id, why=why), notice.incident_on)}
    for child in children:
        child.who = who.get(child.identity_id)
    context = {
        "review": review,
        "notice": notice,
        "children": children,
        "forms": national_forms(children, one_form=notice.one_form),
        "can": {str(perm): True for perm in held},
        "tabs": folder_tabs(request.user, review.folder, held, here="reviews:notification"),
        "closed": review.settled,
        "copy_refused": files.copy_refused(files.newest_reason(request.user, review.folder_id).first()),
        "copies": files.files_of(request.user, review.folder_id, files.OF_NOTIFICATION),
    }
    return render(request, "reviews/notification.html", context)


@page(Perm.REVIEW_MANAGE, Notification, related=("review__folder", "authority"))
def change_notification(request, notice):
    initial = {name: getattr(notice, name) for name in (*services.FACTS, "version")}
    form = forms.ChangeNotificationForm(posted(request), user=request.user, initial=initial)
    home = reverse("reviews:notification", args=[notice.review_id])
    begun = first.begun(request)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_notification(notice, by=request.user, **form.changed())
        except Stale as stale:
            template, context = "reviews/change_notification.html", {"review": notice.review}
            return _stale(request, template, form, stale, notice, services.FACTS, home, **context)
        messages.success(request, "Saved." if begun else "Your changes were saved.")
        naming.warn(request, notice.review, naming.typed(form))
        return redirect(first.the_child(request.user, notice.review) if begun else home)
    return form_page(request, "reviews/change_notification.html", form, review=notice.review, begun=begun)


def _stale(request, template, form, stale, row, names, home, **context):
    """Neither a notification nor a child has stamps of its own: the trail says who changed it last."""
    row.refresh_from_db(fields=[*names, "version"])
    by, at = reads.who_changed(row)
    now, happened = {name: getattr(row, name) for name in names}, who_did(request.user, by, at)
    return stale_edit(request, template, form, stale, row, now, happened=happened, url=home, **context)


@page(Perm.REVIEW_MANAGE, Child, related=("review__folder",))
def change_child(request, child):
    initial = {name: getattr(child, name) for name in (*services.OF_CHILD, "version")}
    form = forms.ChangeChildForm(posted(request), user=request.user, initial=initial)
    home = reverse("reviews:notification", args=[child.review_id])
    begun = first.begun(request)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_child(child, by=request.user, **form.changed())
        except Stale as stale:
            template, context = "reviews/change_child.html", {"review": child.review, "child": child}
            return _stale(request, template, form, stale, child, services.OF_CHILD, home, **context)
        messages.success(request, "Saved." if begun else "Your changes were saved.")
        return redirect(first.who_it_is(request.user, child) if begun else home)
    return form_page(request, "reviews/change_child.html", form, review=child.review, child=child, begun=begun)


@page(Perm.REVIEW_MANAGE, Review, related=("folder",))
def attach_notification(request, review):
    """The council's notification as it came; it can be filed after the report was sent too."""
    form = forms.CopyForm(posted(request), request.FILES or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            files.attach_copy(review, by=request.user, upload_file=form.cleaned_data["file"])
        except ValidationError as error:
            form.put_errors(error)
        else:
            return redirect("reviews:notification", review.pk)
    return form_page(request, "reviews/attach_notification.html", form, review=review)
