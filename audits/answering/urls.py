from django.urls import path

from audits.answering import views

urls = [
    path("returns/<uuid:pk>", views.audit_return, name="audit_return"),
    path("returns/<uuid:pk>/sections/<slug:section>", views.return_section, name="return_section"),
    path("returns/<uuid:pk>/left", views.return_unanswered, name="return_unanswered"),
]
