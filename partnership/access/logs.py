"""What must not stand in a log: tokens that still open a door."""

import logging
import re

# The addresses that carry a token: a first sign-in, an invitation, a school's claim, a new address, a password reset,
# a reminder about actions, a calendar of one's own or of a group, an invitation to a meeting, a signature, a place on
# training, its approval and its evaluation.
_SLASH = "(?:/|%2F)"  # an address may stand inside another's query
TOKENS = re.compile(
    rf"({_SLASH}(?:first-sign-in|join|claim|confirm-address|actions{_SLASH}answer|calendar{_SLASH}feed"
    rf"|meetings{_SLASH}(?:answer|calendar)|audits{_SLASH}sign"
    rf"|training{_SLASH}(?:approve|place|say)){_SLASH}|{_SLASH}password{_SLASH}reset{_SLASH}key{_SLASH})"
    r"[^\s/?&%\"']+",
    re.IGNORECASE,
)


class HideTokens(logging.Filter):
    """Masks the tokens of addresses in every record; it drops none."""

    def filter(self, record):
        text = record.getMessage()
        if TOKENS.search(text):
            record.msg, record.args = masked(text), None
        if record.exc_info and record.exc_info[0] and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = masked(record.exc_text)
        return True


def masked(text: str) -> str:
    """The text without the tokens of the addresses in it."""
    return TOKENS.sub(r"\1…", text)
