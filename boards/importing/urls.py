from django.urls import path

from boards.importing import views

urls = [
    path("groups/<uuid:pk>/attendance/take-in", views.import_attendance, name="import_attendance"),
    path("groups/<uuid:pk>/minutes/take-in", views.import_minutes, name="import_minutes"),
    path("seats/take-in", views.import_seats, name="import_seats"),
]
