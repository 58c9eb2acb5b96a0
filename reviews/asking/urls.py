from django.urls import path

from reviews.asking import views

urlpatterns = [
    path("outstanding", views.all_outstanding, name="all_outstanding"),
    path("<uuid:pk>/outstanding", views.outstanding, name="outstanding"),
    path("<uuid:pk>/outstanding/pdf", views.outstanding_pdf, name="outstanding_pdf"),
    path("<uuid:pk>/outstanding/xlsx", views.outstanding_xlsx, name="outstanding_xlsx"),
    path("<uuid:pk>/letters", views.letters, name="letters"),
    path("<uuid:pk>/letters/make", views.make_letters, name="make_letters"),
    path("return/<uuid:pk>/more-time", views.ask_for_more_time, name="ask_for_more_time"),
    path("return/<uuid:pk>/extend", views.extend_return, name="extend_return"),
    path("return/<uuid:pk>/chase", views.chase, name="chase"),
    path("return/<uuid:pk>/call", views.note_call, name="note_call"),
    path("extension/<uuid:pk>", views.answer_extension, name="answer_extension"),
]
