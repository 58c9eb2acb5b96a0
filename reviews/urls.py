from django.urls import path

from reviews import deciding_views, identity_views, return_views, sending_views, views
from reviews.answering import urls as answering
from reviews.around import urls as around
from reviews.asking import urls as asking
from reviews.chronology import urls as chronology
from reviews.considering import urls as considering
from reviews.disclosures import urls as disclosures
from reviews.ending import urls as ending
from reviews.findings import urls as findings
from reviews.guests import urls as guests
from reviews.keeping import urls as keeping
from reviews.meeting import urls as meeting
from reviews.notifying import urls as notifying
from reviews.packs import urls as packs
from reviews.panel import urls as panel
from reviews.report import urls as report
from reviews.timeliness import urls as timeliness

app_name = "reviews"
urlpatterns = [
    path("", views.reviews, name="reviews"),
    path("notify", views.notify, name="notify"),
    path("<uuid:pk>", views.review, name="review"),
    path("folder/<uuid:pk>", views.of_folder, name="of_folder"),
    path("<uuid:pk>/notification", views.correct_notification, name="correct_notification"),
    path("<uuid:pk>/partners", deciding_views.let_in_partners, name="let_in_partners"),
    path("<uuid:pk>/child", views.add_child, name="add_child"),
    path("<uuid:pk>/identities", identity_views.identities, name="identities"),
    path("<uuid:pk>/person", identity_views.add_person, name="add_person"),
    path("child/<uuid:pk>/identity", identity_views.identify_child, name="identify_child"),
    path("identity/<uuid:pk>", identity_views.change_person, name="change_person"),
    path("<uuid:pk>/ask", return_views.ask_agency, name="ask_agency"),
    path("<uuid:pk>/ask-several", return_views.ask_agencies, name="ask_agencies"),
    path("return/<uuid:pk>", return_views.agency_return, name="agency_return"),
    path("return/<uuid:pk>/search", return_views.search_record, name="search_record"),
    path("return/<uuid:pk>/write", return_views.write_return, name="write_return"),
    path("return/<uuid:pk>/declare", return_views.declare, name="declare"),
    path("return/<uuid:pk>/back", return_views.send_back, name="send_back"),
    path("return/<uuid:pk>/withdraw", return_views.withdraw, name="withdraw"),
    path("<uuid:pk>/draft", sending_views.draft_sent, name="draft_sent"),
    path("<uuid:pk>/decide", deciding_views.decide, name="decide"),
    path("<uuid:pk>/sign", deciding_views.sign_off, name="sign_off"),
    path("<uuid:pk>/silence", deciding_views.record_silence, name="record_silence"),
    path("<uuid:pk>/leads-told", deciding_views.leads_told, name="leads_told"),
    path("<uuid:pk>/report", sending_views.make_report, name="make_report"),
    path("<uuid:pk>/sent", sending_views.record_sending, name="record_sending"),
    path("<uuid:pk>/sent/correct", sending_views.correct_sending, name="correct_sending"),
    *answering.urlpatterns,
    *considering.urlpatterns,
    *notifying.urlpatterns,
    *around.urlpatterns,
    *asking.urlpatterns,
    *chronology.urlpatterns,
    *findings.urlpatterns,
    *guests.urlpatterns,
    *meeting.urlpatterns,
    *panel.urlpatterns,
    *report.urlpatterns,
    *packs.urlpatterns,
    *disclosures.urlpatterns,
    *timeliness.urlpatterns,
    *ending.urlpatterns,
    *keeping.urlpatterns,
]
