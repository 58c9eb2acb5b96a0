from django.urls import path

from reviews.meeting import views

urlpatterns = [
    path("<uuid:pk>/rapid-meeting", views.meeting, name="meeting"),
    path("<uuid:pk>/rapid-meeting/plan", views.plan_meeting, name="plan_meeting"),
    path("meeting/<uuid:pk>/invite", views.invite, name="invite"),
    path("invitee/<uuid:pk>/remove", views.uninvite, name="uninvite"),
    path("invitee/<uuid:pk>/chair", views.chair, name="chair"),
    path("meeting/<uuid:pk>/attendance", views.attendance, name="attendance"),
    path("meeting/<uuid:pk>/notes", views.meeting_notes, name="meeting_notes"),
    path("<uuid:pk>/meeting", views.meeting_held, name="meeting_held"),
]
