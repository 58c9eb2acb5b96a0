from django.urls import path

from partnership.notify import views

app_name = "notify"
urlpatterns = [
    path("", views.notices, name="notices"),
    path("read-all", views.read_all, name="read_all"),
    path("preferences", views.preferences, name="preferences"),
    path("<uuid:pk>/read", views.read, name="read"),
    path("operations", views.operations, name="operations"),
    path("operations/hold", views.hold, name="hold"),
    path("operations/release", views.release, name="release"),
    path("operations/retry-all", views.retry_all, name="retry_all"),
    path("operations/letters/<uuid:pk>/retry", views.retry, name="retry"),
    path("operations/letters/<uuid:pk>/give-up", views.give_up, name="give_up"),
    path("operations/alarms/<uuid:pk>/close", views.close_alarm, name="close_alarm"),
    path("demo-outbox", views.demo_outbox, name="demo_outbox"),
]
