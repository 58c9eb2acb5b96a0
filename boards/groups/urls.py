from django.urls import path

from boards.groups import views

urls = [
    path("groups", views.groups, name="groups"),
    path("groups/add", views.group_add, name="group_add"),
    path("groups/<uuid:pk>", views.group, name="group"),
    path("groups/<uuid:pk>/edit", views.group_edit, name="group_edit"),
    path("groups/<uuid:pk>/close", views.group_close, name="group_close"),
    path("groups/<uuid:pk>/seats/add", views.seat_add, name="seat_add"),
    path("seats/<uuid:pk>/edit", views.seat_edit, name="seat_edit"),
    path("seats/<uuid:pk>/give", views.seat_give, name="seat_give"),
    path("seats/<uuid:pk>/end", views.seat_end, name="seat_end"),
]
