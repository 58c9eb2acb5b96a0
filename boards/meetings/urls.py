from django.urls import path

from boards.meetings import views

urls = [
    path("meetings", views.meetings, name="meetings"),
    path("meetings/<uuid:pk>", views.meeting, name="meeting"),
    path("folders/<uuid:pk>/meetings", views.meetings_of, name="meetings_of"),
    path("folders/<uuid:pk>/meetings/add", views.meeting_add, name="meeting_add"),
    path("meetings/<uuid:pk>/edit", views.meeting_edit, name="meeting_edit"),
    path("meetings/<uuid:pk>/cancel", views.meeting_cancel, name="meeting_cancel"),
    path("meetings/<uuid:pk>/step", views.meeting_step, name="meeting_step"),
]
