from django.urls import path

from audits.answering import trust_views, views

urls = [
    path("returns/<uuid:pk>", views.audit_return, name="audit_return"),
    path("returns/<uuid:pk>/sections/<slug:section>", views.return_section, name="return_section"),
    path("returns/<uuid:pk>/left", views.return_unanswered, name="return_unanswered"),
    path("rounds/<uuid:pk>/trusts/<uuid:agency>", trust_views.trust_answers, name="trust_answers"),
]
