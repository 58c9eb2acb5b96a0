from audits.beside.urls import urls as beside

app_name = "audits"
urlpatterns = []
urlpatterns += beside
