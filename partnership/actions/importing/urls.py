from django.urls import path

from partnership.actions.importing import owner_views, views

urls = [
    path("imports", views.imports, name="imports"),
    path("imports/add", views.import_add, name="import_add"),
    path("imports/<uuid:pk>", views.import_log, name="import_log"),
    path("imports/<uuid:pk>/columns", views.import_columns, name="import_columns"),
    path("imports/<uuid:pk>/words", views.import_words, name="import_words"),
    path("imports/<uuid:pk>/choose", views.import_choose, name="import_choose"),
    path("imports/<uuid:pk>/take", views.import_take, name="import_take"),
    path("imports/<uuid:pk>/discard", views.import_discard, name="import_discard"),
    path("imports/<uuid:pk>/take-back", views.import_take_back, name="import_take_back"),
    path("owners", owner_views.owners_to_name, name="owners_to_name"),
    path("owners/<uuid:pk>", owner_views.name_owners, name="name_owners"),
    path("owners/risks/<uuid:pk>", owner_views.name_risk_owners, name="name_risk_owners"),
]
