"""The sentences of reminders: codes and numbers only."""

SENTENCES = {
    "ladder_laid": "laid a ladder of {count} reminders",
    "rung_changed": "changed a reminder of the ladder",
    "return_reminded": "sent reminder {rung} of the ladder to an organisation that owes its return; emails: {people}",
    "return_reached_nobody": "found nobody to write to at an organisation that owes its return",
    "audit_letters_made": "made {count} letters of reminder",
    "standing_exported": "took out who owes a return",
}
