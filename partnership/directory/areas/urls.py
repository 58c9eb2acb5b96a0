from django.urls import path

from partnership.directory.areas import views

urlpatterns = [
    path("areas", views.areas, name="areas"),
    path("area/add", views.area_add, name="area_add"),
    path("area/<uuid:pk>/edit", views.area_edit, name="area_edit"),
    path("area/<uuid:pk>/place", views.area_place, name="area_place"),
    path("area/<uuid:pk>/holidays", views.holidays, name="holidays"),
    path("area/<uuid:pk>/holiday", views.holiday_add, name="holiday_add"),
]
