from django.urls import path

from partnership.actions.risks import views

urls = [
    path("risks", views.risks, name="risks"),
    path("risks/add", views.risk_add, name="risk_add"),
    path("risks/<uuid:pk>", views.risk, name="risk"),
    path("risks/<uuid:pk>/edit", views.risk_edit, name="risk_edit"),
    path("risks/<uuid:pk>/action", views.risk_action, name="risk_action"),
    path("risks/<uuid:pk>/close", views.risk_close, name="risk_close"),
    path("risks/<uuid:pk>/reopen", views.risk_reopen, name="risk_reopen"),
]
