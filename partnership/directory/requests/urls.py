"""The addresses of requests about accounts, and of one person; partnership/directory/urls.py adds them."""

from django.urls import path

from partnership.access.page import public
from partnership.directory.requests import open_views, people_views, views

lost_phone = public(open_views.lost_phone, why="the second step of signing in, for who has no phone any more")

urlpatterns = [
    path("requests", views.account_requests, name="account_requests"),
    path("requests/<uuid:pk>", views.account_request, name="account_request"),
    path("requests/<uuid:pk>/check", views.request_check, name="request_check"),
    path("requests/<uuid:pk>/approve", views.request_approve, name="request_approve"),
    path("requests/<uuid:pk>/refuse", views.request_refuse, name="request_refuse"),
    path("requests/<uuid:pk>/settle", views.request_settle, name="request_settle"),
    path("requests/<uuid:pk>/send-again", views.request_send_again, name="request_send_again"),
    path("person/<uuid:pk>", people_views.person, name="person"),
    path("person/<uuid:pk>/role", people_views.person_role, name="person_role"),
    path("person/<uuid:pk>/address", people_views.person_address, name="person_address"),
    path("person/<uuid:pk>/lost-phone", people_views.person_lost_phone, name="person_lost_phone"),
    path("person/<uuid:pk>/double", people_views.person_double, name="person_double"),
    path("role/<uuid:pk>/end", people_views.role_end, name="role_end"),
    path("lost-phone", lost_phone, name="lost_phone"),
    path("confirm-address/<str:token>", open_views.confirm_address, name="confirm_address"),
]
