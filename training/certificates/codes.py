"""What a certificate's check address ends in: random, and readable from paper."""

import re
import secrets

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: no letter that looks like a figure
LENGTH = 26  # 130 bits
_LOOKS_LIKE = str.maketrans("oil", "011")
_BETWEEN = re.compile(r"[\s\-–]+")


def new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def read_code(typed: str) -> str:
    """A code as it is kept, of what somebody typed from paper; empty where it can be none."""
    code = _BETWEEN.sub("", str(typed)[:100]).lower().translate(_LOOKS_LIKE)
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else ""


def spaced(code: str) -> str:
    """The code in groups of four (two at the end), as paper shows it."""
    return " ".join(code[at : at + 4] for at in range(0, len(code), 4))
