from django.urls import path

from audits.rounds import return_views, views

urls = [
    path("", views.audits, name="audits"),
    path("rounds/plan", views.round_plan, name="round_plan"),
    path("rounds/<uuid:pk>", views.audit_round, name="audit_round"),
    path("rounds/<uuid:pk>/edit", views.round_edit, name="round_edit"),
    path("rounds/<uuid:pk>/windows", views.round_windows, name="round_windows"),
    path("rounds/<uuid:pk>/topics", views.round_slices, name="round_slices"),
    path("rounds/<uuid:pk>/asked", views.round_asked, name="round_asked"),
    path("rounds/<uuid:pk>/close", views.round_close, name="round_close"),
    path("rounds/<uuid:pk>/returns", return_views.round_returns, name="round_returns"),
    path("returns/<uuid:pk>/stand", return_views.return_stand, name="return_stand"),
]
