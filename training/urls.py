from training.figures.urls import urls as figures

app_name = "training"
urlpatterns = [*figures]
