from django.urls import path

from partnership.actions.answering import closing_views, date_views, planning_views, views

urlpatterns = [
    path("in/<uuid:pk>/add", planning_views.add, name="add"),
    path("to-approve", closing_views.to_approve, name="to_approve"),
    path("<uuid:pk>", views.action, name="action"),
    path("<uuid:pk>/edit", planning_views.edit, name="edit"),
    path("<uuid:pk>/split", planning_views.split, name="split"),
    path("<uuid:pk>/give", planning_views.give, name="give"),
    path("<uuid:pk>/start", planning_views.start, name="start"),
    path("<uuid:pk>/park", closing_views.park, name="park"),
    path("<uuid:pk>/update", views.update, name="update"),
    path("<uuid:pk>/evidence", views.evidence_add, name="evidence_add"),
    path("evidence/<uuid:pk>/file", views.evidence_file, name="evidence_file"),
    path("evidence/<uuid:pk>/remove", views.evidence_remove, name="evidence_remove"),
    path("<uuid:pk>/ask-date", date_views.ask_date, name="ask_date"),
    path("date/<uuid:pk>", date_views.decide_date, name="decide_date"),
    path("date/<uuid:pk>/withdraw", date_views.withdraw_date, name="withdraw_date"),
    path("<uuid:pk>/day", date_views.set_due, name="set_due"),
    path("<uuid:pk>/rate", views.rate, name="rate"),
    path("<uuid:pk>/done", closing_views.ask_close, name="ask_close"),
    path("<uuid:pk>/approve", closing_views.approve, name="approve"),
    path("<uuid:pk>/send-back", closing_views.send_back, name="send_back"),
    path("<uuid:pk>/cancel", closing_views.cancel, name="cancel"),
    path("<uuid:pk>/reopen", closing_views.reopen, name="reopen"),
]
