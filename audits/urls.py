from audits.answering.urls import urls as answering
from audits.signing.urls import urls as signing
from audits.taking.urls import urls as taking

app_name = "audits"
urlpatterns = [
    *answering,
    *signing,
    *taking,
]
