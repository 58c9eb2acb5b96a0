from django.urls import path

from boards.meetings import series_views, standing_views, views

urls = [
    path("meetings", views.meetings, name="meetings"),
    path("folders/<uuid:pk>/meetings/series", series_views.series_add, name="series_add"),
    path("series/<uuid:pk>", series_views.series, name="series"),
    path("folders/<uuid:pk>/standing", standing_views.standing_items, name="standing_items"),
    path("folders/<uuid:pk>/standing/add", standing_views.standing_item_add, name="standing_item_add"),
    path("standing/<uuid:pk>", standing_views.standing_item, name="standing_item"),
    path("meetings/<uuid:pk>", views.meeting, name="meeting"),
    path("folders/<uuid:pk>/meetings", views.meetings_of, name="meetings_of"),
    path("folders/<uuid:pk>/meetings/add", views.meeting_add, name="meeting_add"),
    path("meetings/<uuid:pk>/edit", views.meeting_edit, name="meeting_edit"),
    path("meetings/<uuid:pk>/cancel", views.meeting_cancel, name="meeting_cancel"),
    path("meetings/<uuid:pk>/step", views.meeting_step, name="meeting_step"),
]
