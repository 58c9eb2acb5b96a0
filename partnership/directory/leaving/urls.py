from django.urls import path

from partnership.directory.leaving import views

urlpatterns = [
    path("leaving", views.departures, name="departures"),
    path("leaving/all", views.leavings, name="leavings"),
    path("leaving/mine", views.i_am_leaving, name="i_am_leaving"),
    path("leaving/<uuid:pk>", views.departure, name="departure"),
    path("leaving/<uuid:pk>/cancel", views.departure_cancel, name="departure_cancel"),
    path("leaving/role/<uuid:pk>", views.let_leave, name="let_leave"),
    path("leaving/role/<uuid:pk>/move", views.let_move, name="let_move"),
]
