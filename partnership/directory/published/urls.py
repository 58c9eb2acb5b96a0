from django.urls import path

from partnership.access.page import public
from partnership.directory.published import views

public_directory = public(views.public_directory, why="the public stakeholder directory: public fields alone")

urlpatterns = [
    path("public", public_directory, name="public_directory"),
]
