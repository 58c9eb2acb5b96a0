"""A page of a wing with an upload on it, beside the portal's own addresses: as docs/documents.md says to write one."""

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template import engines
from django.urls import path

from partnership.access.models import Folder
from partnership.access.page import page
from partnership.access.replies import posted
from partnership.documents import reads, services
from partnership.documents.forms import UploadForm
from partnership.people.roles import Perm
from partnership.urls import handler400, handler403, handler404, handler500
from partnership.urls import urlpatterns as ours

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

PAGE = """{% extends "base.html" %}{% block title %}Files{% endblock %}{% block content %}
{% heading "Files" %}{% for file in files %}{% include "documents/_file.html" %}{% endfor %}
<form method="post" enctype="multipart/form-data" novalidate>{% csrf_token %}{{ form }}{% button "Upload" %}</form>
{% endblock %}"""


@page(Perm.FOLDER_VIEW, Folder)
def uploads(request, folder):
    form = UploadForm(posted(request), request.FILES or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            services.take(folder=folder, by=request.user, **form.facts())
        except ValidationError as error:
            form.put_errors(error)
        else:
            return redirect("uploads", folder.pk)
    context = {"form": form, "files": reads.files(request.user, folder=folder)}
    status = 422 if request.method == "POST" else 200
    return HttpResponse(engines["django"].from_string(PAGE).render(context, request), status=status)


urlpatterns = [*ours, path("wing/<uuid:pk>/uploads", uploads, name="uploads")]
