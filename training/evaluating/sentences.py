"""The sentences of what happens to evaluations; codes and ids only."""

SENTENCES = {
    "evaluation_asked": "asked what training was worth",
    "evaluation_asked_again": "asked those again who had not said what training was worth",
    "evaluation_answered": "said what training was worth",
    "evaluation_by_link": "took what somebody said by a link of what training was worth",
    "evaluation_taken_back": "took back a question about training that nobody had answered",
    "evaluations_exported": "took out what people said of training",
}
