from django.urls import path

from audits.chasing import views

urls = [
    path("rounds/<uuid:pk>/standing", views.round_standing, name="round_standing"),
    path("rounds/<uuid:pk>/remind", views.round_remind, name="round_remind"),
    path("rounds/<uuid:pk>/ladder", views.round_ladder, name="round_ladder"),
    path("rounds/<uuid:pk>/letters", views.round_letters, name="round_letters"),
    path("letters/<uuid:pk>", views.audit_letter, name="audit_letter"),
    path("rungs/<uuid:pk>/edit", views.rung_edit, name="rung_edit"),
    path("returns/<uuid:pk>/reminders", views.return_reminders, name="return_reminders"),
]
