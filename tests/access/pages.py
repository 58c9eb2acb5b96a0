"""Throw-away views beside the portal's own addresses, to see what the doors do with them."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path

from partnership.access.models import Folder
from partnership.access.page import page
from partnership.people.roles import Perm
from partnership.trail.services import record
from partnership.urls import handler400, handler403, handler404, handler500
from partnership.urls import urlpatterns as ours
from reviews.models import Review

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


def without_policy(request):
    return HttpResponse("everything")


@page(Perm.SIGN_IN)
def writes(request):
    """Writes whatever the method; answers as `?status=` says."""
    record("thrown_away", by=request.user)
    status = int(request.GET.get("status", 200))
    return redirect("/home") if status == 302 else HttpResponse("done", status=status)


@page(Perm.REVIEW_LIST)
def fetches_all(request):
    return HttpResponse(f"{[row.pk for row in Review.objects.all()]}")


@page(Perm.FOLDER_VIEW, Folder)
def reads_thrice(request, folder):
    """Asks for its powers again and again: the reach is resolved once."""
    from partnership.access.rows import allowing, can, powers

    for perm in (Perm.FOLDER_GRANT, Perm.REVIEW_VIEW, Perm.SEND):
        can(request.user, perm, folder)
        powers(request.user, [folder])
        list(allowing(Folder, request.user, perm))
    return HttpResponse("read")


urlpatterns = [
    *ours,
    path("thrown/without-policy", without_policy, name="without_policy"),
    path("thrown/writes", writes, name="writes"),
    path("thrown/fetches-all", fetches_all, name="fetches_all"),
    path("thrown/<uuid:pk>/reads-thrice", reads_thrice, name="reads_thrice"),
]
