"""The sentences of what happens to places; codes and ids only."""

SENTENCES = {
    "booking_made": "booked somebody on training",
    "booking_ask": "asked a manager to approve a training place",
    "booking_approve": "approved a training place",
    "booking_offer": "offered a training place",
    "booking_take": "took an offered training place",
    "booking_place": "gave somebody who waited a training place",
    "booking_end": "ended a training booking",
    "booking_needs": "changed what the trainer should know of somebody",
    "bookings_exported": "took out a list of training bookings",
    "event_places_changed": "changed the number of places of a training event",
    "learner_added": "entered somebody whose training is kept",
    "learner_tied": "tied an account to somebody whose training is kept",
}
