"""The words by which a text is found, whatever its capitals, accents, apostrophes and hyphens: in SQL and in Python.

`Words` is what the database keeps of a text's words; `plain` is the same done to what somebody typed. The embedded
PostgreSQL has no unaccent: the functions of migration 0011 do it, and tests hold that both sides agree.
"""

import re
import unicodedata

from django.contrib.postgres.search import SearchVectorField
from django.db.models import F, Func, TextField, Value
from django.db.models.functions import Concat

# Marks above and below letters, what stands between characters without being seen, apostrophes: they are dropped.
DROPPED = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u064b-\u065f"  # accents of Latin, Cyrillic, Hebrew and Arabic letters
    "\u00ad\u200b-\u200f\u2060\ufeff"
    "'’‘ʼ`"
)
# Words on both sides of these are words of their own: Ní-Dhomhnaill, 2026/27, minutes_v2.docx, head@school.example.
# Without it PostgreSQL would take <…> for a tag, and look at nothing in it.
BETWEEN = "-‐‑‒–—_/.@<>&"
# Letters that are no letter with a mark, and what people type for them.
TYPED = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "ı": "i", "ð": "d", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th"})
_DROPPED, _BETWEEN = re.compile(f"[{DROPPED}]"), re.compile(f"[{BETWEEN}]")


def plain(text: str) -> str:
    """As portal_plain does it in the database."""
    bare = _DROPPED.sub("", unicodedata.normalize("NFKD", text))
    return _BETWEEN.sub(" ", bare).lower().translate(TYPED)


class Words(Func):
    """The words of some columns together, each as it is and by its stem. A model that is searched has an index of
    them, a GinIndex, and is asked by the very same expression (`of`), or a search would read the whole table."""

    function = "portal_words"
    output_field = SearchVectorField()

    def __init__(self, *columns, **extra):
        first, *more = (F(each) if isinstance(each, str) else each for each in columns)
        parts = [part for each in more for part in (Value(" "), each)]
        super().__init__(Concat(first, *parts, output_field=TextField()) if more else first, **extra)

    @classmethod
    def of(cls, model):
        """The words of a model that has them in an index."""
        (found,) = (each for index in model._meta.indexes for each in index.expressions if isinstance(each, cls))
        return found
