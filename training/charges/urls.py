from django.urls import path

from training.charges import views

urls = [
    path("charges", views.charges, name="charges"),
    path("charges/<uuid:pk>", views.charge, name="charge"),
    path("tariffs", views.tariffs, name="tariffs"),
    path("tariffs/<uuid:pk>", views.tariff, name="tariff"),
]
