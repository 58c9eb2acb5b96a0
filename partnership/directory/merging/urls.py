from django.urls import path

from partnership.directory.merging import views

urlpatterns = [
    path("organisation/<uuid:pk>/merge", views.agency_merge, name="agency_merge"),
    path("merging/<uuid:pk>/undo", views.merge_undo, name="merge_undo"),
    path("second-number/<uuid:pk>/refuse", views.second_number_refuse, name="second_number_refuse"),
]
