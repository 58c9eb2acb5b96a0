from django.urls import path

from training.coverage import views

urls = [
    path("coverage", views.coverage, name="coverage"),
    path("coverage/all", views.coverage_all, name="coverage_all"),
    path("requirements", views.requirements, name="requirements"),
]
