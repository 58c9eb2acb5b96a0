"""The sentences of uploads; codes and ids only."""

SENTENCES = {
    "training_upload_received": "sent in a file of completed courses; rows: {count}",
    "training_upload_answered": "said what a file of completed courses means",
    "training_upload_take": "took a file of completed courses in; completions: {count}",
    "training_upload_discard": "discarded a file of completed courses",
    "training_upload_take_back": "took a file of completed courses back; completions: {count}",
    "training_upload_lapsed": "let go of a file of completed courses that nobody took in",
}
