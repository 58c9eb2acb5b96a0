from django.urls import path

from audits.taking import views

urls = [
    path("returns/<uuid:pk>/print", views.return_print, name="return_print"),
    path("returns/<uuid:pk>/word", views.return_word, name="return_word"),
    path("returns/<uuid:pk>/word/in", views.return_word_in, name="return_word_in"),
    path("submissions/<uuid:pk>", views.submission, name="submission"),
]
