from audits.answering.urls import urls as answering
from audits.beside.urls import urls as beside
from audits.chasing.urls import urls as chasing
from audits.figures.urls import urls as figures
from audits.rounds.urls import urls as rounds
from audits.sets.urls import urls as sets
from audits.signing.urls import urls as signing
from audits.taking.urls import urls as taking

app_name = "audits"
urlpatterns = [*answering, *beside, *chasing, *figures, *rounds, *sets, *signing, *taking]
