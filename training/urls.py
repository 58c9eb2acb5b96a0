from training.catalogue.urls import urls as catalogue
from training.events.urls import urls as events

app_name = "training"
urlpatterns = [*catalogue, *events]
