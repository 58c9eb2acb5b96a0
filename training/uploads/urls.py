from django.urls import path

from training.uploads import views

urls = [
    path("uploads", views.uploads, name="uploads"),
    path("uploads/<uuid:pk>", views.upload, name="upload"),
]
