from django.urls import path

from reviews.timeliness import views

urlpatterns = [path("timeliness", views.timeliness, name="timeliness")]
