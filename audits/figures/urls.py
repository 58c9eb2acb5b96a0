from django.urls import path

from audits.figures import own_views, views

urls = [
    path("figures", views.audit_figures, name="audit_figures"),
    path("rounds/<uuid:pk>/grid", views.round_grid, name="round_grid"),
    path("rounds/<uuid:pk>/figures", views.round_figures, name="round_figures"),
    path("rounds/<uuid:pk>/figures/<uuid:question>", views.question_figures, name="question_figures"),
    path("rounds/<uuid:pk>/actions", own_views.round_gaps, name="round_gaps"),
    path("returns/<uuid:pk>/benchmark", own_views.benchmark, name="benchmark"),
    path("returns/<uuid:pk>/answers/<uuid:question>", own_views.return_answer, name="return_answer"),
    path("returns/<uuid:pk>/gaps", own_views.return_gaps, name="return_gaps"),
    path("answers/<uuid:pk>/action", own_views.gap_action, name="gap_action"),
]
