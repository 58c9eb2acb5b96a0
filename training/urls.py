from training.booking.urls import urls as booking
from training.certificates.urls import urls as certificates
from training.charges.urls import urls as charges
from training.figures.urls import urls as figures
from training.register.urls import urls as register

app_name = "training"
urlpatterns = [*booking, *register, *certificates, *charges, *figures]
