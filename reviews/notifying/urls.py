from django.urls import path

from reviews.notifying import views

urlpatterns = [
    path("<uuid:pk>/notified", views.notification, name="notification"),
    path("<uuid:pk>/notified/copy", views.attach_notification, name="attach_notification"),
    path("notification/<uuid:pk>/change", views.change_notification, name="change_notification"),
    path("child/<uuid:pk>/change", views.change_child, name="change_child"),
]
