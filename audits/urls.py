from audits.sets.urls import urls as sets

app_name = "audits"
urlpatterns = [*sets]
