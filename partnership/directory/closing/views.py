"""Close an organisation, and take that back. Both pages say first what ends or goes on with it."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render

from partnership.access.page import page
from partnership.access.replies import posted
from partnership.directory.closing import forms, reads, services
from partnership.directory.editing import edited
from partnership.people.models import Agency
from partnership.people.roles import Perm


@page(Perm.DIRECTORY_EDIT, Agency)
def agency_close(request, row):
    if row.ends and request.method == "GET":
        return redirect("directory:agency", pk=row.pk)  # its page says so, and offers to take it back
    hanging = reads.hanging(row)
    form = forms.CloseForm(
        posted(request), user=request.user, agency=row, hanging=hanging.duties, initial={"version": row.version}
    )
    act = partial(services.close, row, by=request.user)
    return edited(
        request, "directory/agency_close.html", form=form, act=act, agency=row, row=hanging,
        done="The closing was recorded. It can be taken back on this page.",
    )  # fmt: skip


@page(Perm.DIRECTORY_EDIT, Agency)
def agency_reopen(request, row):
    if row.ends is None or row.merged_into_id:
        return redirect("directory:agency", pk=row.pk)
    if request.method == "POST":
        try:
            services.reopen(row, by=request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, f"The closing was taken back: {row.name} goes on.")
            return redirect("directory:agency", pk=row.pk)
    context = {"agency": row, "again": reads.again(row)}
    return render(request, "directory/agency_reopen.html", context, status=409 if request.method == "POST" else 200)
