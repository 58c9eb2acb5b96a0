from django.urls import path

from reviews.ending import views

urlpatterns = [
    path("<uuid:pk>/close", views.close, name="close"),
    path("<uuid:pk>/reopen", views.reopen, name="reopen"),
    path("<uuid:pk>/notification/withdraw", views.withdraw_notification, name="withdraw_notification"),
    path("<uuid:pk>/notification/again", views.notify_again, name="notify_again"),
]
