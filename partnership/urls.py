"""Every address of the portal. It reaches upward by string only."""

from django.urls import include, path

from partnership.access.health import healthz
from partnership.access.page import public
from partnership.ui import views as ui_views

urlpatterns = [
    path("", include("reporting.urls")),
    path("directory/", include("partnership.directory.urls")),
    path("actions/", include("partnership.actions.urls")),
    path("account/", include("partnership.directory.account_urls")),
    path("access/", include("partnership.access.urls")),
    path("deadlines/", include("partnership.deadlines.urls")),
    path("documents/", include("partnership.documents.urls")),
    path("notices/", include("partnership.notify.urls")),
    path("jobs/", include("partnership.jobs.urls")),
    path("boards/", include("boards.urls")),
    path("audits/", include("audits.urls")),
    path("training/", include("training.urls")),
    path("reviews/", include("reviews.urls")),
    path(
        "ui/",
        include(
            (
                [
                    path("brand.css", public(ui_views.brand_css, why="the stylesheet of every page"), name="brand_css"),
                    path("logo", public(ui_views.logo, why="the logo of every page"), name="logo"),
                    path("gallery", public(ui_views.gallery, why="shows components, holds no data"), name="gallery"),
                ],
                "ui",
            )
        ),
    ),
    path("healthz", public(healthz, why="the load balancer asks; it says up or down, nothing else"), name="healthz"),
]

handler400 = "partnership.access.errors.bad_request"
handler403 = "partnership.access.errors.forbidden"
handler404 = "partnership.access.errors.not_found"
handler500 = "partnership.access.errors.server_error"
