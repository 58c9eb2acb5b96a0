from training.booking.urls import urls as booking

app_name = "training"
urlpatterns = [*booking]
