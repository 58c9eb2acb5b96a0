"""The addresses of 'Your account'; partnership/directory/urls.py adds them."""

from django.urls import path

from partnership.directory.mine import views

urlpatterns = [
    path("account", views.account, name="account"),
    path("account/address", views.account_address, name="account_address"),
    path("account/withdraw", views.account_withdraw, name="account_withdraw"),
    path("account/sessions", views.account_sessions, name="account_sessions"),
    path("account/roles", views.account_roles, name="account_roles"),
    path("account/access", views.account_access, name="account_access"),
]
