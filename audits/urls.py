from audits.answering.urls import urls as answering

app_name = "audits"
urlpatterns = [*answering]
