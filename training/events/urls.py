from django.urls import path

from training.events import copy_views, parts_views, views

urls = [
    path("folders/<uuid:pk>", views.folder, name="folder"),
    path("run/events", views.events, name="events"),
    path("run/events/plan", views.event_plan, name="event_plan"),
    path("run/events/copy", copy_views.events_copy, name="events_copy"),
    path("events/<uuid:pk>/run", views.event_run, name="event_run"),
    path("events/<uuid:pk>/edit", views.event_edit, name="event_edit"),
    path("events/<uuid:pk>/cancel", views.event_cancel, name="event_cancel"),
    path("events/<uuid:pk>/reserved", parts_views.event_reserved, name="event_reserved"),
    path("events/<uuid:pk>/trainers", parts_views.event_trainers, name="event_trainers"),
]
