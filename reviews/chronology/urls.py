from django.urls import path

from reviews.chronology import intake_views, views

urlpatterns = [
    path("<uuid:pk>/chronology", views.chronology, name="chronology"),
    path("<uuid:pk>/chronology/entry", views.entry_add, name="entry_add"),
    path("<uuid:pk>/chronology/paste", intake_views.entries_paste, name="entries_paste"),
    path("<uuid:pk>/chronology/upload", intake_views.entries_upload, name="entries_upload"),
    path("<uuid:pk>/chronology/pdf", views.chronology_pdf, name="chronology_pdf"),
    path("<uuid:pk>/chronology/xlsx", views.chronology_xlsx, name="chronology_xlsx"),
    path("chronology/rows/<uuid:pk>", intake_views.intake, name="intake"),
    path("chronology/rows/<uuid:pk>/mend", intake_views.intake_mend, name="intake_mend"),
    path("chronology/rows/<uuid:pk>/sources", intake_views.intake_sources, name="intake_sources"),
    path("chronology/rows/<uuid:pk>/discard", intake_views.intake_discard, name="intake_discard"),
    path("chronology/entry/<uuid:pk>", views.entry_note, name="entry_note"),
]
