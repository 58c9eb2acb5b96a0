from django.urls import path

from partnership.directory.importing import views

urlpatterns = [
    path("imports", views.imports, name="imports"),
    path("imports/add", views.import_add, name="import_add"),
    path("imports/empty", views.import_empty, name="import_empty"),
    path("imports/<uuid:pk>", views.import_batch, name="import_batch"),
    path("imports/<uuid:pk>/choose", views.import_choose, name="import_choose"),
    path("imports/<uuid:pk>/take", views.import_take, name="import_take"),
    path("imports/<uuid:pk>/discard", views.import_discard, name="import_discard"),
]
