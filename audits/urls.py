from audits.answering.urls import urls as answering
from audits.figures.urls import urls as figures
from audits.rounds.urls import urls as rounds

app_name = "audits"
urlpatterns = [*answering, *figures, *rounds]
