from django.urls import path

from partnership.directory.particulars import views

urlpatterns = [
    path("organisation/<uuid:pk>/contact", views.contact_add, name="contact_add"),
    path("contact/<uuid:pk>/edit", views.contact_edit, name="contact_edit"),
    path("contact/<uuid:pk>/end", views.contact_end, name="contact_end"),
    path("organisation/<uuid:pk>/agreement", views.agreement_add, name="agreement_add"),
    path("agreement/<uuid:pk>/edit", views.agreement_edit, name="agreement_edit"),
    path("agreement/<uuid:pk>/end", views.agreement_end, name="agreement_end"),
    path("organisation/<uuid:pk>/closed-days", views.closure_add, name="closure_add"),
    path("closed-days/<uuid:pk>/edit", views.closure_edit, name="closure_edit"),
    path("closed-days/<uuid:pk>/remove", views.closure_remove, name="closure_remove"),
    path("organisation/<uuid:pk>/runs", views.ownership_add, name="ownership_add"),
    path("runs/<uuid:pk>/end", views.ownership_end, name="ownership_end"),
    path("runs/<uuid:pk>/remove", views.ownership_remove, name="ownership_remove"),
    path("organisation/<uuid:pk>/number", views.number_add, name="number_add"),
    path("number/<uuid:pk>/remove", views.number_remove, name="number_remove"),
    path("school/<uuid:pk>/edit", views.school_edit, name="school_edit"),
]
