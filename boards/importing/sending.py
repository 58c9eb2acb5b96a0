"""What a page of an import hands on from its preview to the taking: rows of texts, read anew and trusted in nothing."""

import json

from django.core.exceptions import ValidationError

from partnership.documents.tables import limits
from partnership.ui.forms import unstorable

FILE_BYTES = 5 * limits.MB
TOO_LARGE = f"The file is larger than {FILE_BYTES // limits.MB} MB. Save the one sheet alone and upload that."
CHANGED = "What the file said did not come back as it was sent. Upload the file again."
CARRIED = 1_500_000  # characters that a page carries on: below what a request may hold
LONGEST = 300  # characters of a cell


def packed(rows) -> str:
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


def unpacked(text, *, most, width):
    """A list of at most `most` rows, each [line, text, …] with `width` texts at most. Raises ValidationError."""
    try:
        rows = json.loads(text)
    except (ValueError, RecursionError):
        raise ValidationError(CHANGED) from None
    good = isinstance(rows, list) and 0 < len(rows) <= most and all(_is_row(row, width) for row in rows)
    if not good:
        raise ValidationError(CHANGED)
    return rows


def _is_row(row, width) -> bool:
    if not isinstance(row, list) or not 2 <= len(row) <= width + 1:
        return False
    line, *texts = row
    number = isinstance(line, int) and not isinstance(line, bool) and 0 <= line <= limits.ROWS * limits.RECORD_LINES
    return number and all(isinstance(each, str) and len(each) <= LONGEST and not unstorable(each) for each in texts)
