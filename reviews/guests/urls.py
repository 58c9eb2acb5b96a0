from django.urls import path

from reviews.guests import views

urlpatterns = [
    path("<uuid:pk>/ask-outside", views.ask_outside, name="ask_outside"),
    path("guest/<uuid:pk>", views.guest, name="guest"),
    path("guest/<uuid:pk>/call", views.guest_call, name="guest_call"),
    path("guest/<uuid:pk>/invite", views.guest_invite, name="guest_invite"),
    path("guest/<uuid:pk>/block", views.guest_block, name="guest_block"),
    path("guest/join/<str:token>", views.guest_join, name="guest_join"),
]
