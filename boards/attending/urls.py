from django.urls import path

from boards.attending import item_views, views

urls = [
    path("meetings/<uuid:pk>/in-the-meeting", views.in_meeting, name="in_meeting"),
    path("meetings/<uuid:pk>/guests/add", views.guest_add, name="guest_add"),
    path("attendances/<uuid:pk>/take-off", views.guest_off, name="guest_off"),
    path("items/<uuid:pk>/minutes", item_views.item_minutes, name="item_minutes"),
    path("items/<uuid:pk>/decisions/add", item_views.decision_add, name="decision_add"),
    path("items/<uuid:pk>/actions/add", item_views.item_action, name="item_action"),
    path("items/<uuid:pk>/interests", item_views.interest, name="interest"),
    path("decisions/<uuid:pk>/edit", item_views.decision, name="decision"),
    path("interests/<uuid:pk>", item_views.interest_settle, name="interest_settle"),
]
