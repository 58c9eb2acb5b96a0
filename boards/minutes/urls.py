from django.urls import path

from boards.minutes import decision_views, views

urls = [
    path("meetings/<uuid:pk>/minutes", views.minutes, name="minutes"),
    path("meetings/<uuid:pk>/matters-arising", decision_views.matters_arising, name="matters_arising"),
    path("editions/<uuid:pk>", views.edition, name="edition"),
    path("editions/<uuid:pk>/publish", views.publish, name="publish"),
    path("minutes-as-pdf/<uuid:pk>", views.minutes_asked, name="minutes_asked"),
    path("minutes-as-pdf/<uuid:pk>/file", views.minutes_file, name="minutes_file"),
    path("items/<uuid:pk>/correct-minutes", views.item_correct, name="item_correct"),
    path("published-minutes/", views.published, name="published"),
    path("published-minutes/<uuid:pk>", views.publication, name="publication"),
    path("published-minutes/<uuid:pk>/file", views.publication_file, name="publication_file"),
    path("decisions/", decision_views.decisions, name="decisions"),
    path("decisions/<uuid:pk>/read", decision_views.decision_view, name="decision_view"),
    path("decisions/<uuid:pk>/send-up", decision_views.send_up, name="send_up"),
    path("groups/<uuid:pk>/sent-up", decision_views.received, name="received"),
    path("sent-up/<uuid:pk>", decision_views.sent_up, name="sent_up"),
]
