"""The sentences of what happens to question sets: codes and ids only, looked up when they are read."""

SENTENCES = {
    "question_set_added": "entered a question set",
    "question_set_changed": "changed what is said of a question set",
    "question_set_loaded": "took version {edition} of a question set from what comes with the portal",
    "question_set_begun": "began version {edition} of a question set",
    "question_set_thrown_away": "threw the draft of version {edition} of a question set away",
    "question_set_numbered": "numbered version {edition} of a question set anew",
    "question_set_use": "put version {edition} of a question set into use",
    "question_set_retire": "recorded that version {edition} of a question set is used no longer",
    "question_section_added": "added a section to a question set",
    "question_section_changed": "changed a section of a question set",
    "question_section_removed": "took a section out of a question set",
    "question_added": "added a question to a question set",
    "question_changed": "changed a question of a question set",
    "question_moved": "moved a part of a question set",
    "question_left_out": "left a question out of a question set",
}
