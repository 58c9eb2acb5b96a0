"""What the search of the directory finds an organisation by: its names, numbers, towns and postcodes, folded.

One column holds all of it, so that a search is one condition a word whatever the number of organisations. Whoever
writes an organisation or what hangs on it calls `refresh` in the same transaction.
"""

import re
import unicodedata
from collections import defaultdict

from django.db import connection

from partnership.people.models import Agency, Alias, Registration, School, Site

# People and registers write these either way: St Mary's and Saint Mary's, Burton-on-Trent and Burton upon Trent.
SAME = {"saint": "st", "upon": "on", "&": "and"}
_APOSTROPHES = re.compile(r"['’ʼ`]")
BETWEEN = " | "  # between the texts of an organisation in its column; the first is its name
_BETWEEN = re.compile(r"[^\w&]+|_")


def fold(text: str) -> str:
    """Small letters without accents, apostrophes and hyphens; one blank between words; spellings as SAME."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).casefold()
    words = _BETWEEN.split(_APOSTROPHES.sub("", plain))
    return " ".join(SAME.get(word, word) for word in words if word)


def words_from(*texts) -> str:
    """The column of one organisation: each folded text once. A postcode counts as written and without its blank.

    It begins with a blank, so that one stands before every word: `begins` asks for it.
    """
    kept = dict.fromkeys(folded for folded in map(fold, filter(None, texts)) if folded)
    return " " + BETWEEN.join(kept) if kept else ""


def plain_number(number: str) -> str:
    """A register's number as the directory keeps it, in capitals without blanks: 'rx 1' is RX1."""
    return "".join(number.split()).upper()


def begins(word: str) -> str:
    """What the column holds where one of its words begins with this one."""
    return f" {word}"


def compact(postcode: str) -> str:
    return postcode.replace(" ", "")


def refresh(agency_ids) -> int:
    """Write the column of these organisations anew. Returns how many; six statements however many there are."""
    ids = list(agency_ids)
    texts = defaultdict(list)
    for pk, *said in Agency.objects.filter(pk__in=ids).values_list("pk", "name"):
        texts[pk] += said
    for pk, *said in Alias.objects.filter(agency__in=ids).order_by("name").values_list("agency_id", "name"):
        texts[pk] += said
    for pk, urn in School.objects.filter(agency__in=ids).values_list("agency_id", "urn"):
        texts[pk].append(str(urn))
    for pk, number in Registration.objects.filter(agency__in=ids).values_list("agency_id", "number"):
        texts[pk].append(number)
    sites = Site.objects.filter(agency__in=ids).order_by("name")
    for pk, name, town, postcode in sites.values_list("agency_id", "name", "town", "postcode"):
        texts[pk] += [name, town, postcode, compact(postcode)]
    write({pk: words_from(*said) for pk, said in texts.items()})
    return len(texts)


def write(words: dict) -> None:
    """agency id -> its column, made by whoever has all the words at hand already."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE people_agency AS agency SET words = said.words
            FROM unnest(%s::uuid[], %s::text[]) AS said (id, words)
            WHERE agency.id = said.id AND agency.words <> said.words
            """,
            [list(words), list(words.values())],
        )
