from django.urls import path

from reviews.keeping import views

urlpatterns = [
    path("<uuid:pk>/kept", views.kept, name="kept"),
    path("<uuid:pk>/hold", views.hold_set, name="hold_set"),
    path("hold/<uuid:pk>/lift", views.hold_lift, name="hold_lift"),
]
