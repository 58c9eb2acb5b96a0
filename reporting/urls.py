from django.urls import path

from partnership.access.page import public
from reporting import search, views

app_name = "reporting"
_statement = public(views.statement, why="statements that the law wants public, no data")
urlpatterns = [
    path("", public(views.start, why="it only leads on"), name="start"),
    path("home", views.home, name="home"),
    path("search", search.search, name="search"),
    *[path(name, _statement, {"name": name}, name=name) for name in views.STATEMENTS],
]
