from django.urls import path

from audits.sets import views, wording_views

urls = [
    path("sets", views.sets, name="sets"),
    path("sets/add", views.set_add, name="set_add"),
    path("sets/<uuid:pk>", views.question_set, name="question_set"),
    path("sets/<uuid:pk>/edit", views.set_edit, name="set_edit"),
    path("sets/versions/<uuid:pk>", views.set_version, name="set_version"),
    path("sets/versions/<uuid:pk>/try", views.set_try, name="set_try"),
    path("sets/versions/<uuid:pk>/use", views.set_use, name="set_use"),
    path("sets/versions/<uuid:pk>/add", views.section_add, name="section_add"),
    path("sets/sections/<uuid:pk>/edit", views.section_edit, name="section_edit"),
    path("sets/sections/<uuid:pk>/add", wording_views.wording_add, name="wording_add"),
    path("sets/questions/<uuid:pk>/edit", wording_views.wording_edit, name="wording_edit"),
]
