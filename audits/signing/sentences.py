"""The sentences of what happens while a return is signed and submitted; codes and ids only."""

SENTENCES = {
    "audit_return_sign": "signed a return as its lead",
    "audit_return_back": "took a return back to change it",
    "audit_return_submit": "submitted a return",
    "audit_signature_asked": "asked the next to sign a return",
    "audit_signature_sign": "recorded a signature of a return",
    "audit_signature_send_back": "sent a return back",
    "audit_signature_drop": "asked for a signature no longer",
}
