from django.urls import path

from training.figures import views

urls = [path("figures", views.figures, name="figures")]
