from django.urls import path

from reviews.answering import lead_views, part_views, views

urlpatterns = [
    path("return/<uuid:pk>/no-record", views.nil_return, name="nil_return"),
    path("return/<uuid:pk>/finish", views.finish_return, name="finish_return"),
    path("return/<uuid:pk>/signer", views.change_signer, name="change_signer"),
    path("return/<uuid:pk>/sign", views.sign_return, name="sign_return"),
    path("return/<uuid:pk>/give-back", views.give_back, name="give_back"),
    path("return/<uuid:pk>/take-back", views.take_back, name="take_back"),
    path("return/<uuid:pk>/change", views.change_return, name="change_return"),
    path("return/<uuid:pk>/version/<int:number>", views.return_version, name="return_version"),
    path("return/<uuid:pk>/helper", part_views.return_helper, name="return_helper"),
    path("return/<uuid:pk>/helper/off", part_views.helper_off, name="helper_off"),
    path("return/<uuid:pk>/passages", part_views.return_passages, name="return_passages"),
    path("return/<uuid:pk>/passages/off", part_views.passage_off, name="passage_off"),
    path("return/<uuid:pk>/files", part_views.return_files, name="return_files"),
    path("return/<uuid:pk>/files/off", part_views.return_file_off, name="return_file_off"),
    path("return/<uuid:pk>/file/<int:place>", part_views.return_file, name="return_file"),
    path("return/<uuid:pk>/record", lead_views.record_return, name="record_return"),
    path("<uuid:pk>/coordinators", lead_views.coordinators, name="coordinators"),
    path("coordinator/<uuid:pk>/off", lead_views.coordinator_off, name="coordinator_off"),
]
