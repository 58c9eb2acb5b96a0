from django.urls import path

from partnership.actions.by_link import views

urls = [path("answer/<str:token>", views.answer_by_link, name="answer_by_link")]
