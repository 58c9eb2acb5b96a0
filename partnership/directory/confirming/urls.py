from django.urls import path

from partnership.directory.confirming import views

urlpatterns = [
    path("confirming", views.rounds, name="rounds"),
    path("confirming/<uuid:pk>", views.confirm, name="confirm"),
    path("confirming/<uuid:pk>/extend", views.confirm_extend, name="confirm_extend"),
]
