from django.urls import path

from partnership.access.page import public
from partnership.directory import account_views, views
from partnership.directory.areas import urls as areas
from partnership.directory.closing import urls as closing
from partnership.directory.confirming import urls as confirming
from partnership.directory.covering import urls as covering
from partnership.directory.gaps import urls as gaps
from partnership.directory.importing import urls as importing
from partnership.directory.joining import urls as joining
from partnership.directory.leaving import urls as leaving
from partnership.directory.listing import urls as listing
from partnership.directory.merging import urls as merging
from partnership.directory.mine import urls as mine
from partnership.directory.particulars import urls as particulars
from partnership.directory.published import urls as published
from partnership.directory.requests import urls as requests

app_name = "directory"
demo_sign_in = public(account_views.demo_sign_in, why="the demo's people sign in with a click; 404 unless DEMO is on")

urlpatterns = [
    path("organisation/<uuid:pk>", views.agency, name="agency"),
    path("organisation/<uuid:pk>/history", views.agency_history, name="agency_history"),
    path("organisation/add", views.agency_add, name="agency_add"),
    path("organisation/<uuid:pk>/edit", views.agency_edit, name="agency_edit"),
    path("organisation/<uuid:pk>/site", views.site_add, name="site_add"),
    path("organisation/<uuid:pk>/duty", views.duty_add, name="duty_add"),
    path("organisation/<uuid:pk>/succession", views.succession_add, name="succession_add"),
    path("organisation/<uuid:pk>/schedule-item", views.classification_add, name="classification_add"),
    path("organisation/<uuid:pk>/other-name", views.alias_add, name="alias_add"),
    path("succession/<uuid:pk>/remove", views.succession_remove, name="succession_remove"),
    path("site/<uuid:pk>/edit", views.site_edit, name="site_edit"),
    path("duty/<uuid:pk>/edit", views.duty_edit, name="duty_edit"),
    path("duty/<uuid:pk>/end", views.duty_end, name="duty_end"),
    path("schedule-item/<uuid:pk>/end", views.classification_end, name="classification_end"),
    path("other-name/<uuid:pk>/remove", views.alias_remove, name="alias_remove"),
    path("first-sign-in/<str:token>", account_views.first_sign_in, name="first_sign_in"),
    path("demo-sign-in/<uuid:pk>", demo_sign_in, name="demo_sign_in"),
]
for part in (
    areas,
    closing,
    confirming,
    covering,
    gaps,
    importing,
    joining,
    leaving,
    listing,
    merging,
    mine,
    particulars,
    published,
    requests,
):
    urlpatterns += part.urlpatterns
