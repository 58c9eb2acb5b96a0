from django.urls import path

from partnership.actions.register import views

urls = [
    path("", views.register, name="register"),
    path("export", views.export, name="export"),
    path("mine", views.mine, name="mine"),
    path("my-organisation", views.of_agency, name="of_agency"),
    path("out-of-order", views.reports, name="reports"),
    path("of/<uuid:pk>", views.of_group, name="of_group"),
    path("of/<uuid:pk>/owed", views.owed, name="owed"),
]
