from django.urls import path

from boards.matrix import views

urls = [
    path("groups/<uuid:pk>/attendance", views.matrix, name="matrix"),
    path("attendance", views.attendance, name="attendance"),
]
