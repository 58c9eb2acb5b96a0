"""The sentences of what happens to events: codes and ids only."""

SENTENCES = {
    "training_event_planned": "planned an event of the course",
    "training_event_changed": "changed the event, or what is told to those who have a place",
    "training_event_open": "opened the event for booking",
    "training_event_cancel": "cancelled the event",
    "training_places_reserved": "reserved {places} places of the event",
    "training_places_released": "gave {places} reserved places of the event to everybody",
    "trainer_added": "named a trainer of the event",
    "trainer_removed": "took a trainer off the event",
    "training_term_copied": "copied {count} events, {weeks} weeks later",
}
