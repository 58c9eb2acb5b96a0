from django.urls import path

from reviews.disclosures import views

urlpatterns = [
    path("<uuid:pk>/disclosures", views.disclosures, name="disclosures"),
    path("<uuid:pk>/disclosure", views.disclosure_add, name="disclosure_add"),
    path("disclosure/<uuid:pk>", views.disclosure_edit, name="disclosure_edit"),
    path("disclosure/<uuid:pk>/decide", views.disclosure_decide, name="disclosure_decide"),
    path("disclosure/<uuid:pk>/left", views.disclosure_left, name="disclosure_left"),
    path("<uuid:pk>/family-contact", views.family_contact_add, name="family_contact_add"),
    path("family-contact/<uuid:pk>", views.family_contact_edit, name="family_contact_edit"),
]
