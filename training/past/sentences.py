SENTENCES = {
    "training_years_taken_in": "entered two past years of training with {events} events and {delegates} delegates"
}
