from django.urls import path

from boards.agenda import pack_views, views

urls = [
    path("meetings/<uuid:pk>/agenda", views.agenda, name="agenda"),
    path("meetings/<uuid:pk>/agenda/add", views.item_add, name="item_add"),
    path("meetings/<uuid:pk>/packs", pack_views.packs, name="packs"),
    path("items/<uuid:pk>", views.item, name="item"),
    path("items/<uuid:pk>/edit", views.item_edit, name="item_edit"),
    path("items/<uuid:pk>/papers/add", views.paper_add, name="paper_add"),
    path("papers/<uuid:pk>", views.paper, name="paper"),
    path("papers/<uuid:pk>/edit", views.paper_edit, name="paper_edit"),
    path("packs/<uuid:pk>", pack_views.pack, name="pack"),
    path("packs/<uuid:pk>/file", pack_views.pack_file, name="pack_file"),
]
