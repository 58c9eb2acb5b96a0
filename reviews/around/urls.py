from django.urls import path

from reviews.around import views

urlpatterns = [
    path("<uuid:pk>/around", views.around, name="around"),
    path("<uuid:pk>/proceeding", views.proceeding_add, name="proceeding_add"),
    path("proceeding/<uuid:pk>", views.proceeding_edit, name="proceeding_edit"),
    path("<uuid:pk>/interest", views.interest_add, name="interest_add"),
    path("interest/<uuid:pk>", views.interest_edit, name="interest_edit"),
    path("<uuid:pk>/link", views.link_review, name="link_review"),
    path("link/<uuid:pk>/remove", views.unlink_review, name="unlink_review"),
]
