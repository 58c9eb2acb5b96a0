from django.urls import path

from reviews.report import views

urlpatterns = [
    path("folder/<uuid:pk>/report", views.report_sections, name="report_sections"),
    path("section/<uuid:pk>", views.write_section, name="write_section"),
    path("section/<uuid:pk>/draft", views.draft_section, name="draft_section"),
    path("<uuid:pk>/report/draft", views.draft_report, name="draft_report"),
    path("folder/<uuid:pk>/report/comment", views.comment_report, name="comment_report"),
]
