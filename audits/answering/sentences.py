"""The sentences of what happens to answers: counts and ids only."""

SENTENCES = {
    "audit_return_begin": "began the return",
    "answers_saved": "saved answers",
    "answers_confirmed": "confirmed answers that were taken over",
    "trust_answers_saved": "saved the trust’s shared answers",
    "trust_answers_given": "gave the trust’s shared answers to its schools",
}
SAVED_AS_TYPED = ("answers_saved", "trust_answers_saved")
