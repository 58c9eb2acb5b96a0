from django.urls import path

from training.people import views

urls = [
    path("people", views.people, name="people"),
    path("people/<uuid:pk>", views.learner, name="learner"),
]
