from audits.answering.urls import urls as answering
from audits.figures.urls import urls as figures

app_name = "audits"
urlpatterns = [*answering, *figures]
