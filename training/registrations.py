"""What the wing tells the floors: each area registers its own."""

from training import merging, searching
from training.booking import registering as booking
from training.catalogue import registering as catalogue
from training.certificates import registering as certificates
from training.charges import registering as charges
from training.coverage import registering as coverage
from training.evaluating import registering as evaluating
from training.events import registering as events
from training.figures import registering as figures
from training.past import registering as past
from training.people import registering as people
from training.register import registering as register_of_events
from training.uploads import registering as uploads


def register():
    merging.register()
    searching.register()
    booking.register()
    catalogue.register()
    register_of_events.register()
    certificates.register()
    charges.register()
    figures.register()
    past.register()
    events.register()
    people.register()
    coverage.register()
    uploads.register()
    evaluating.register()
