"""The sentences of an organisation's people; codes and ids only."""

SENTENCES = {
    "learner_changed": "changed the training record of somebody",
    "learner_left": "recorded since when somebody works there no longer",
    "learner_back": "recorded that somebody works there after all",
    "completion_added": "recorded a course that somebody completed",
    "completion_taken_off": "took a completed course off somebody’s record",
}
