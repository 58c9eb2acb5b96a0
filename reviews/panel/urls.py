from django.urls import path

from reviews.panel import views

urlpatterns = [
    path("<uuid:pk>/panel", views.panel, name="panel"),
    path("<uuid:pk>/panel/reply", views.record_reply, name="record_reply"),
    path("panel/<uuid:pk>/answer", views.answer_reply, name="answer_reply"),
]
