"""The sentences of what happens to question sets: codes and ids only, looked up when they are read."""

SENTENCES = {
    "question_set_added": "entered a question set",
    "question_set_loaded": "took version {edition} of a question set from what comes with the portal",
}
