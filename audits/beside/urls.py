from django.urls import path

from audits.beside import evidence_views, people_views, time_views

urls = [
    path("returns/<uuid:pk>/evidence", evidence_views.evidence, name="evidence"),
    path("returns/<uuid:pk>/evidence-for", evidence_views.evidence_for, name="evidence_for"),
    path("evidence/<uuid:pk>", evidence_views.evidence_piece, name="evidence_piece"),
    path("evidence/<uuid:pk>/file", evidence_views.evidence_file, name="evidence_file"),
    path("returns/<uuid:pk>/people", people_views.return_people, name="return_people"),
    path("returns/<uuid:pk>/more-time", time_views.more_time, name="more_time"),
    path("extensions", time_views.extensions, name="extensions"),
    path("extensions/<uuid:pk>", time_views.extension, name="extension"),
]
