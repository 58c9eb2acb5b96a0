"""The sentences of what happens beside a return: codes and ids only."""

SENTENCES = {
    "evidence_added": "added evidence",
    "evidence_changed": "put right what is said of evidence",
    "evidence_put_away": "put evidence away",
    "evidence_brought_back": "brought evidence back",
    "evidence_shown": "put evidence under a question",
    "evidence_taken_off": "took evidence off a question",
    "people_confirmed": "confirmed the organisation’s people",
    "more_time_asked": "asked for more time",
    "more_time_given": "gave more time unasked",
    "audit_extension_give": "gave more time",
    "audit_extension_refuse": "gave no more time",
    "audit_extension_end": "more time was asked for, and is needed no longer",
}
