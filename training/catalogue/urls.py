from django.urls import path

from partnership.access.page import public
from training.catalogue import public_views, views

OPEN = "the catalogue is published: courses, days, places and how many are left, and nobody's name"

urls = [
    path("", public(public_views.catalogue, why=OPEN), name="catalogue"),
    path("courses/<uuid:pk>", public(public_views.course, why=OPEN), name="course"),
    path("events/<uuid:pk>", public(public_views.event, why=OPEN), name="event"),
    path("run/courses", views.courses, name="courses"),
    path("run/courses/add", views.course_add, name="course_add"),
    path("courses/<uuid:pk>/edit", views.course_edit, name="course_edit"),
]
