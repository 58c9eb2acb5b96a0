from django.urls import path

from partnership.documents import views

app_name = "documents"
urlpatterns = [
    path("<uuid:pk>", views.state, name="state"),
    path("<uuid:pk>/download", views.download, name="download"),
    path("<uuid:pk>/unmarked", views.unmarked, name="unmarked"),
]
