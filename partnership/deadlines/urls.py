from django.urls import path

from partnership.deadlines import clock_views

app_name = "deadlines"
urlpatterns = [
    path("", clock_views.due, name="due"),
    path("timeliness", clock_views.timeliness, name="timeliness"),
    path("start", clock_views.start, name="start"),
    path("<uuid:pk>", clock_views.deadline, name="deadline"),
    path("<uuid:pk>/meet", clock_views.meet, name="meet"),
    path("<uuid:pk>/move", clock_views.move, name="move"),
    path("<uuid:pk>/pause", clock_views.pause, name="pause"),
    path("<uuid:pk>/resume", clock_views.resume, name="resume"),
    path("<uuid:pk>/cancel", clock_views.cancel, name="cancel"),
]
