"""The pages of actions, gathered from their subjects."""

from partnership.actions.answering import urls as answering
from partnership.actions.by_link import urls as by_link
from partnership.actions.importing import urls as importing
from partnership.actions.planning.urls import urls as planning
from partnership.actions.register import urls as register
from partnership.actions.risks import urls as risks

app_name = "actions"
urlpatterns = [
    *register.urls,
    *by_link.urls,
    *planning,
    *importing.urls,
    *risks.urls,
    *answering.urlpatterns,
]
