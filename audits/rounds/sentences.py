"""The sentences of what happens to rounds and returns: codes and ids only."""

SENTENCES = {
    "audit_round_planned": "planned a round of an audit",
    "audit_round_changed": "changed what is said of the round, or whom it asks",
    "audit_population_changed": "changed whether the round asks {agency}",
    "audit_window_added": "added a window to the round",
    "audit_window_changed": "changed a window of the round",
    "audit_window_removed": "removed a window of the round",
    "audit_slices_set": "set when the topics of the round are asked",
    "audit_round_open": "sent the round out to {count} organisations",
    "audit_late_asked": "asked {count} organisations that came after the round was sent out",
    "audit_round_discard": "discarded the round, of which nobody was asked",
    "audit_round_close": "closed the round; {count} owed their return",
    "audit_round_reopen": "opened the round again",
    "audit_return_excuse": "excused a return of the round",
    "audit_return_ask_again": "asked a return after all",
    "audit_return_give_back": "gave a submitted return back",
    "audit_return_moved": "led a return to {agency}, which follows the organisation that was asked",
    "audit_returns_exported": "took the list of returns out as a file",
}
