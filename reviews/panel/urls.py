from django.urls import path

from reviews.panel import views

urlpatterns = [
    path("<uuid:pk>/panel", views.panel, name="panel"),
    path("<uuid:pk>/panel/reply", views.record_reply, name="record_reply"),
    path("panel/<uuid:pk>/answer", views.answer_reply, name="answer_reply"),
    path("panel/<uuid:pk>/correct", views.correct_reply, name="correct_reply"),
    path("panel/<uuid:pk>/answer/correct", views.correct_answer, name="correct_answer"),
]
