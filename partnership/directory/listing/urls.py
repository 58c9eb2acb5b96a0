from django.urls import path

from partnership.directory.listing import views

urlpatterns = [
    path("", views.agencies, name="agencies"),
    path("export", views.agencies_export, name="agencies_export"),
]
