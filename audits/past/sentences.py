SENTENCES = {"audit_round_taken_in": "entered a round of a past year with {count} returns"}
