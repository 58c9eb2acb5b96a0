from django.urls import path

from training.evaluating import views

urls = [
    path("evaluations/<uuid:pk>", views.evaluation, name="evaluation"),
    path("say/<str:token>", views.evaluation_by_link, name="evaluation_by_link"),
    path("events/<uuid:pk>/evaluation", views.event_evaluation, name="event_evaluation"),
]
