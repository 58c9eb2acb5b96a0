from audits.rounds.urls import urls as rounds

app_name = "audits"
urlpatterns = [*rounds]
