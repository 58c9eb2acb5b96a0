from django.urls import path

from boards.calling import own_views, views

urls = [
    path("meetings/<uuid:pk>/invitations", views.invitations, name="invitations"),
    path("meetings/<uuid:pk>/invite", views.invite, name="invite"),
    path("invitees/<uuid:pk>", views.invitee, name="invitee"),
    path("proposals/<uuid:pk>", views.proposal, name="proposal"),
    path("meetings/<uuid:pk>/reply", views.reply, name="reply"),
    path("meetings/answer/<str:token>", views.reply_by_link, name="reply_by_link"),
    path("meetings/assistants", own_views.assistants, name="assistants"),
    path("folders/<uuid:pk>/calendar", own_views.group_calendar, name="group_calendar"),
    path("meetings/calendar/<str:token>.ics", own_views.group_feed, name="group_feed"),
]
