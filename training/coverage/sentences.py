"""The sentences of coverage; codes and ids only."""

SENTENCES = {
    "headcount_said": "said how many people an organisation has in its roles",
    "requirement_added": "added a requirement of the training matrix",
    "requirement_ended": "ended a requirement of the training matrix",
    "training_coverage_exported": "took out the coverage of training; rows: {count}",
}
