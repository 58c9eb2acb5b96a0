from django.urls import path

from reviews.meeting import views

urlpatterns = [
    path("<uuid:pk>/rapid-meeting", views.meeting, name="meeting"),
    path("<uuid:pk>/meeting", views.meeting_held, name="meeting_held"),
]
