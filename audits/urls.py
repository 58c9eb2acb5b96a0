from audits.figures.urls import urls as figures

app_name = "audits"
urlpatterns = [*figures]
