from django.urls import path

from partnership.access import views

app_name = "access"
urlpatterns = [
    path("emergency", views.emergency, name="emergency"),
    path("<uuid:pk>/people", views.people, name="people"),
    path("<uuid:pk>/story", views.folder_story, name="folder_story"),
    path("<uuid:pk>/readers", views.readers, name="readers"),
    path("<uuid:pk>/let-in", views.let_in, name="let_in"),
    path("<uuid:pk>/take-off", views.take_off, name="take_off"),
    path("<uuid:pk>/declare", views.declare, name="declare"),
    path("<uuid:pk>/bar", views.bar, name="bar"),
    path("<uuid:pk>/lift-bar", views.lift_bar, name="lift_bar"),
]
