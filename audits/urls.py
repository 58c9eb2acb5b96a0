from audits.chasing.urls import urls as chasing

app_name = "audits"
urlpatterns = [
    *chasing,
]
