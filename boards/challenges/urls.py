from django.urls import path

from boards.challenges import views

urls = [
    path("challenges", views.challenges, name="challenges"),
    path("challenges/raise", views.challenge_raise, name="challenge_raise"),
    path("challenges/<uuid:pk>", views.challenge, name="challenge"),
    path("challenges/<uuid:pk>/answer", views.challenge_answer, name="challenge_answer"),
    path("challenges/<uuid:pk>/agree", views.challenge_agree, name="challenge_agree"),
    path("challenges/<uuid:pk>/next-stage", views.challenge_escalate, name="challenge_escalate"),
    path("challenges/<uuid:pk>/take-back", views.challenge_withdraw, name="challenge_withdraw"),
    path("challenges/<uuid:pk>/decision", views.challenge_decide, name="challenge_decide"),
    path("challenges/<uuid:pk>/adviser", views.challenge_adviser, name="challenge_adviser"),
    path("challenges/<uuid:pk>/close", views.challenge_close, name="challenge_close"),
    path("challenges/<uuid:pk>/reopen", views.challenge_reopen, name="challenge_reopen"),
    path("challenges/<uuid:pk>/who-answers", views.name_answerer, name="name_answerer"),
    path("challenges/<uuid:pk>/who-carries-it-on", views.name_raiser, name="name_raiser"),
    path("challenges/<uuid:pk>/action", views.challenge_action, name="challenge_action"),
    path("challenges/<uuid:pk>/seal", views.challenge_seal, name="challenge_seal"),
]
