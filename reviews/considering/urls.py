from django.urls import path

from reviews.considering import views

urlpatterns = [
    path("start", views.start, name="start"),
    path("refer", views.refer, name="refer"),
    path("referral/record", views.record_referral, name="record_referral"),
    path("referral/<uuid:pk>", views.referral, name="referral"),
    path("referral/<uuid:pk>/decide", views.decide_referral, name="decide_referral"),
    path("referral/<uuid:pk>/file", views.attach_file, name="attach_file"),
    path("referral/<uuid:pk>/take-back", views.take_back_referral, name="take_back_referral"),
    path("<uuid:pk>/consideration", views.consideration, name="consideration"),
    path("<uuid:pk>/council-aware", views.council_aware, name="council_aware"),
    path("<uuid:pk>/view", views.give_view, name="give_view"),
    path("<uuid:pk>/view/record", views.record_view, name="record_view"),
    path("<uuid:pk>/notify", views.notify_considered, name="notify_considered"),
    path("<uuid:pk>/not-notified", views.nobody_notifies, name="nobody_notifies"),
    path("<uuid:pk>/consider-again", views.consider_again, name="consider_again"),
    path("<uuid:pk>/begin", views.begin_rapid_review, name="begin_rapid_review"),
]
