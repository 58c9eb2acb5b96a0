from training.booking.urls import urls as booking
from training.catalogue.urls import urls as catalogue
from training.events.urls import urls as events

app_name = "training"
urlpatterns = [*booking, *catalogue, *events]
