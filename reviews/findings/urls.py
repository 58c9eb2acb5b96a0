from django.urls import path

from reviews.findings import action_views, views

urlpatterns = [
    path("<uuid:pk>/findings", views.findings, name="findings"),
    path("<uuid:pk>/themes", views.themes, name="themes"),
    path("<uuid:pk>/episode", views.episode_add, name="episode_add"),
    path("episode/<uuid:pk>", views.episode_edit, name="episode_edit"),
    path("episode/<uuid:pk>/remove", views.episode_remove, name="episode_remove"),
    path("episode/<uuid:pk>/move", views.episode_move, name="episode_move"),
    path("<uuid:pk>/safety", views.safety_add, name="safety_add"),
    path("safety/<uuid:pk>", views.safety_edit, name="safety_edit"),
    path("safety/<uuid:pk>/remove", views.safety_remove, name="safety_remove"),
    path("safety/<uuid:pk>/move", views.safety_move, name="safety_move"),
    path("<uuid:pk>/recommendation", views.recommendation_add, name="recommendation_add"),
    path("recommendation/<uuid:pk>", views.recommendation_edit, name="recommendation_edit"),
    path("recommendation/<uuid:pk>/action", action_views.make_action, name="make_action"),
    path("recommendation/<uuid:pk>/remove", views.recommendation_remove, name="recommendation_remove"),
    path("recommendation/<uuid:pk>/move", views.recommendation_move, name="recommendation_move"),
]
