from django.urls import path

from partnership.directory.gaps import views

urlpatterns = [
    path("gaps", views.gaps, name="gaps"),
    path("expected-duties", views.expected_duties, name="expected_duties"),
    path("duties-without-a-holder", views.duties_without_holder, name="duties_without_holder"),
    path("holders-without-a-sign-in", views.holders_without_sign_in, name="holders_without_sign_in"),
]
