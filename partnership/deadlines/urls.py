from django.urls import path

from partnership.deadlines import clock_views, holiday_views, rules_views

app_name = "deadlines"
urlpatterns = [
    path("due", clock_views.due, name="due"),
    path("timeliness", clock_views.timeliness, name="timeliness"),
    path("start", clock_views.start, name="start"),
    path("clock/<uuid:pk>", clock_views.deadline, name="deadline"),
    path("clock/<uuid:pk>/meet", clock_views.meet, name="meet"),
    path("clock/<uuid:pk>/move", clock_views.move, name="move"),
    path("clock/<uuid:pk>/pause", clock_views.pause, name="pause"),
    path("clock/<uuid:pk>/resume", clock_views.resume, name="resume"),
    path("clock/<uuid:pk>/cancel", clock_views.cancel, name="cancel"),
    path("rules", rules_views.rules, name="rules"),
    path("rules/rule/<slug:code>", rules_views.rule, name="rule"),
    path("rules/rule/<slug:code>/edition", rules_views.edition_add, name="edition_add"),
    path("rules/bank-holidays", holiday_views.holidays, name="holidays"),
    path("rules/bank-holidays/add", holiday_views.holiday_add, name="holiday_add"),
    path("rules/bank-holidays/<slug:division>/year", holiday_views.year_add, name="year_add"),
    path("rules/bank-holiday/<uuid:pk>/move", holiday_views.holiday_move, name="holiday_move"),
    path("rules/bank-holiday/<uuid:pk>/give-up", holiday_views.holiday_give_up, name="holiday_give_up"),
]
