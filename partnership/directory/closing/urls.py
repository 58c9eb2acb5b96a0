from django.urls import path

from partnership.directory.closing import views

urlpatterns = [
    path("organisation/<uuid:pk>/close", views.agency_close, name="agency_close"),
    path("organisation/<uuid:pk>/open-again", views.agency_reopen, name="agency_reopen"),
]
