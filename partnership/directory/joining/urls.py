from django.urls import path

from partnership.directory.joining import duty_views, public_views, views

urlpatterns = [
    path("organisation/<uuid:pk>/people", views.agency_people, name="agency_people"),
    path("organisation/<uuid:pk>/invite", views.invite, name="invite"),
    path("organisation/<uuid:pk>/duties", duty_views.agency_duties, name="agency_duties"),
    path("organisation/<uuid:pk>/duties/add", duty_views.duty_of_ours, name="duty_of_ours"),
    path("organisation/<uuid:pk>/ask", views.duty_ask, name="duty_ask"),
    path("duty/<uuid:pk>/holder", duty_views.duty_holder, name="duty_holder"),
    path("duty/<uuid:pk>/invite", duty_views.holder_invite, name="holder_invite"),
    path("invitations", views.invitations, name="invitations"),
    path("invitations/add", views.invite_wide, name="invite_wide"),
    path("invitations/<uuid:pk>", views.invitation, name="invitation"),
    path("invitations/<uuid:pk>/approve", views.invitation_approve, name="invitation_approve"),
    path("invitations/<uuid:pk>/refuse", views.invitation_refuse, name="invitation_refuse"),
    path("invitations/<uuid:pk>/again", views.invitation_again, name="invitation_again"),
    path("invitations/<uuid:pk>/withdraw", views.invitation_withdraw, name="invitation_withdraw"),
    path("join/<str:token>", views.join, name="join"),
    path("claim/<str:token>", public_views.claim, name="claim"),
    path("invitations/requests", public_views.access_requests, name="access_requests"),
    path("invitations/request/<uuid:pk>", public_views.access_request, name="access_request"),
    path("ask", public_views.OPEN["ask_access"], name="ask_access"),
    path("ask/sent", public_views.OPEN["access_asked"], name="access_asked"),
    path("school", public_views.OPEN["claim_school"], name="claim_school"),
    path("school/sent", public_views.OPEN["claim_asked"], name="claim_asked"),
    path("school/mailed", public_views.OPEN["claim_mailed"], name="claim_mailed"),
    path("joined", public_views.OPEN["joined"], name="joined"),
]
