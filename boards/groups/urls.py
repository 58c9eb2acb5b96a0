from django.urls import path

from boards.groups import governance_views, views

urls = [
    path("groups", views.groups, name="groups"),
    path("groups/add", views.group_add, name="group_add"),
    path("groups/vacant", views.vacant_seats, name="vacant_seats"),
    path("groups/on", views.on_day, name="on_day"),
    path("groups/arrangements/add", governance_views.arrangement_add, name="arrangement_add"),
    path("groups/arrangements/<uuid:pk>", governance_views.arrangement_edit, name="arrangement_edit"),
    path("groups/<uuid:pk>", views.group, name="group"),
    path("groups/<uuid:pk>/terms", governance_views.terms, name="terms"),
    path("groups/<uuid:pk>/terms/add", governance_views.terms_add, name="terms_add"),
    path("terms/<uuid:pk>/edit", governance_views.terms_edit, name="terms_edit"),
    path("groups/<uuid:pk>/quorum", governance_views.quorum, name="quorum"),
    path("groups/<uuid:pk>/rotation", governance_views.rotation, name="rotation"),
    path("groups/<uuid:pk>/hand-over", governance_views.hand_over, name="hand_over"),
    path("groups/<uuid:pk>/others/add", governance_views.other_body_add, name="other_body_add"),
    path("groups/others/<uuid:pk>/edit", governance_views.other_body_edit, name="other_body_edit"),
    path("groups/<uuid:pk>/edit", views.group_edit, name="group_edit"),
    path("groups/<uuid:pk>/close", views.group_close, name="group_close"),
    path("groups/<uuid:pk>/seats/add", views.seat_add, name="seat_add"),
    path("seats/<uuid:pk>/edit", views.seat_edit, name="seat_edit"),
    path("seats/<uuid:pk>/give", views.seat_give, name="seat_give"),
    path("seats/<uuid:pk>/end", views.seat_end, name="seat_end"),
]
