from training.booking.urls import urls as booking
from training.catalogue.urls import urls as catalogue
from training.certificates.urls import urls as certificates
from training.charges.urls import urls as charges
from training.coverage.urls import urls as coverage
from training.evaluating.urls import urls as evaluating
from training.events.urls import urls as events
from training.figures.urls import urls as figures
from training.people.urls import urls as people
from training.register.urls import urls as register
from training.uploads.urls import urls as uploads

app_name = "training"
urlpatterns = [*catalogue, *events, *booking, *register, *certificates, *charges, *figures, *evaluating, *people]
urlpatterns += [*coverage, *uploads]
