from django.urls import path

from partnership.directory.covering import views

urlpatterns = [
    path("colleagues", views.colleagues, name="colleagues"),
    path("colleagues/cover", views.cover_add, name="cover_add"),
    path("colleagues/cover/<uuid:pk>/end", views.cover_end, name="cover_end"),
]
