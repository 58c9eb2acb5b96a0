from audits.answering.urls import urls as answering
from audits.figures.urls import urls as figures
from audits.beside.urls import urls as beside
from audits.chasing.urls import urls as chasing
from audits.rounds.urls import urls as rounds
from audits.sets.urls import urls as sets

app_name = "audits"
urlpatterns = [*answering, *figures, *rounds]
urlpatterns = [*answering, *beside, *chasing, *rounds, *sets]
