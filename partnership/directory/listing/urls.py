from django.urls import path

from partnership.directory.listing import views

urlpatterns = [
    path("", views.agencies, name="agencies"),
    path("offered", views.organisations_offered, name="organisations_offered"),
    path("export", views.agencies_export, name="agencies_export"),
]
