"""The sentences of what happens to groups, seats and challenges: codes and ids only, looked up when they are read."""

SENTENCES = {
    "group_added": "entered the group",
    "group_changed": "changed what is said of the group",
    "group_closed": "recorded that the group ends",
    "seat_added": "added a seat",
    "seat_changed": "put a seat right",
    "seat_given": "gave a seat to {user}",
    "seat_ended": "ended a seat",
    "challenge_raised": "recorded a challenge by {agency}",
    "challenge_named": "named {user} on the challenge",
    "challenge_unnamed": "took {user} off the challenge, who can carry it no longer",
    "challenge_answer": "recorded the answer to the challenge",
    "challenge_agree": "recorded that the challenge is resolved by agreement",
    "challenge_escalate": "took the challenge to the next stage",
    "challenge_withdraw": "took the challenge back",
    "challenge_decide": "recorded the Executive’s decision on the challenge",
    "challenge_adviser": "recorded the independent adviser",
    "challenge_close": "closed the challenge with what was learned",
    "challenge_reopen": "reopened the challenge",
}
