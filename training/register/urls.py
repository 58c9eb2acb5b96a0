from django.urls import path

from training.register import views

urls = [
    path("registers", views.registers, name="registers"),
    path("events/<uuid:pk>/register", views.register, name="register"),
    path("events/<uuid:pk>/register/unexpected", views.unexpected, name="unexpected"),
    path("events/<uuid:pk>/register/complete", views.complete, name="complete"),
    path("events/<uuid:pk>/register/<uuid:booking>", views.came, name="came"),
    path("bookings/<uuid:pk>/ticket", views.ticket, name="ticket"),
]
