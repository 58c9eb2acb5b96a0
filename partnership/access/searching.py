"""One search over everything that the portal holds: a registry that the floors and wings fill with their own rows.

Each source asks its rows by the row rule first and then for the words, so that counts, titles and excerpts are made of
what this reader may see. docs/searching.md.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property

from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.db.models import IntegerField, Subquery

from partnership.access.reach import reach_of
from partnership.people.roles import Perm
from partnership.people.words import Words, plain

LONGEST, SHORTEST = 200, 2  # characters of what is asked
FEW, PAGE_SIZE = 5, 20  # of each kind side by side, and of one kind by the page
BEFORE, AFTER = 70, 170  # characters of an excerpt around the first word that was found

AT_MOST = 1_000_000  # rows of one table that hold the words
IDS = "only ids, for rows that the row rule lets through"

_TOKEN = re.compile(r'(-?)(?:"([^"]*)"|(\S+))')
_WORD = re.compile(r"[^\W_]+(?:['’ʼ][^\W_]+)*")
_OPERATORS = re.compile(r'"|(?:^|\s)-\w|\sOR\s')
_ENDINGS = ("ings", "ing", "ies", "ied", "es", "ed", "s", "y", "e")


class Total(Subquery):
    """How many rows a queryset has, asked within another question."""

    template = "(SELECT count(*) FROM (%(subquery)s) _found)"
    output_field = IntegerField()


@dataclass(frozen=True)
class Piece:
    """A part of a text; found: it is what was searched for. It is escaped when it is drawn."""

    text: str
    found: bool = False


@dataclass(frozen=True)
class Query:
    """What somebody searches for: words, all of which are to be there; the last may be only begun.

    "In quotes" they follow one another, OR asks for either, and a word after - must not be there (PostgreSQL's
    websearch_to_tsquery).
    """

    text: str

    @classmethod
    def of(cls, said: str):
        return cls(" ".join(said.split())[:LONGEST])

    @cached_property
    def words(self) -> tuple:
        """The words that a text is marked by, folded."""
        told = [words for sign, words in self._tokens if not sign]
        return tuple(word for words in told for word in words.split() if words != "or" or not self._operators)

    @cached_property
    def _operators(self) -> bool:
        return bool(_OPERATORS.search(self.text))

    @cached_property
    def _tokens(self) -> list:
        """(whether it must not be there, its words); nothing of signs alone."""
        found = []
        for sign, quoted, word in _TOKEN.findall(self.text):
            words = " ".join(_WORD.findall(plain(quoted or word)))
            if words:
                found.append((sign if self._operators else "", words))
        return found

    @property
    def empty(self) -> bool:
        return not self.words

    def matches(self):
        """The condition on a column of Words."""
        if self._operators:
            said = " ".join(f'{sign}"{words}"' if " " in words else f"{sign}{words}" for sign, words in self._tokens)
            found = SearchQuery(said, config="english", search_type="websearch")
            exactly = SearchQuery(said, config="simple", search_type="websearch")
            # The stem of a word that must not be there counts too.
            return found if any(sign for sign, _ in self._tokens) else found | exactly
        *first, last = self.words
        begun = self._begun(last)
        if first:
            begun = SearchQuery(" ".join(first), config="english") & begun
        return SearchQuery(" ".join(self.words), config="english") | begun

    def names(self):
        """The same for names: each word may be only begun, in whatever order."""
        found = self._begun(self.words[0])
        for word in self.words[1:]:
            found &= self._begun(word)
        return found

    @staticmethod
    def _begun(word):
        return SearchQuery(f"'{word}':*", config="simple", search_type="raw")

    def marked(self, text: str) -> Iterator[Piece]:
        """The whole text in pieces."""
        text, at = unicodedata.normalize("NFC", text), 0
        for match in self._found(text):
            if match.start() > at:
                yield Piece(text[at : match.start()])
            yield Piece(match.group(), True)
            at = match.end()
        if at < len(text):
            yield Piece(text[at:])

    def excerpt(self, text: str) -> list[Piece]:
        """Some words around the first that was found; nothing where none was."""
        text = unicodedata.normalize("NFC", text)
        first = next(self._found(text), None)
        if first is None:
            return []
        at = first.start()
        start, end = max(0, at - BEFORE), min(len(text), at + AFTER)
        if start:  # not in the middle of a word
            start = text.find(" ", start, at) + 1 or start
        if end < len(text):
            end = max(text.rfind(" ", at + 1, end), at + 1) if " " in text[at + 1 : end] else end
        said = f"{'… ' * bool(start)}{' '.join(text[start:end].split())}{' …' * (end < len(text))}"
        return list(self.marked(said))

    def _found(self, text):
        known = {}
        for match in _WORD.finditer(text):
            word = match.group()
            if word not in known:
                known[word] = self._means(plain(word))
            if known[word]:
                yield match

    def _means(self, word) -> bool:
        last = self.words[-1]
        return (
            word in self._known or (len(last) >= SHORTEST and word.startswith(last)) or _root(word) in self._known_roots
        )

    @cached_property
    def _known(self):
        return frozenset(self.words)

    @cached_property
    def _known_roots(self):
        return frozenset(map(_root, self.words))


def _root(word) -> str:
    """Roughly as the English dictionary has it: for marking what was found, not for finding it."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word.removesuffix(ending)
    return word


@dataclass(frozen=True)
class Hit:
    """Something that was found. title, text: as they are, to be marked; where: its reference, its state, its group, its
    day, each in words of a line."""

    title: str
    url: str
    text: str = ""
    where: tuple = ()


@dataclass(frozen=True)
class Shown:
    """A hit as the page draws it. words: an excerpt, none where nothing of the text was searched for."""

    title: tuple
    words: tuple
    hit: Hit


@dataclass(frozen=True)
class Source:
    """One kind of thing that can be found.

    find: (user, query, cut) -> (Hits of this slice of what was found, how many there are in all). Its rows are asked by
    the row rule of `user`, in one statement. perm: who holds it nowhere is not asked about.
    """

    code: str
    label: str
    order: int
    perm: Perm
    find: Callable


@dataclass
class Found:
    """What was found of one kind."""

    source: Source
    hits: list = field(default_factory=list)
    total: int = 0

    @property
    def more(self) -> bool:
        return self.total > len(self.hits)


_sources: dict[str, Source] = {}


def register_search(source: Source) -> None:
    """Called once from an AppConfig.ready."""
    _sources[source.code] = source


def sources_for(user) -> list[Source]:
    """What this person can search, in the order of the page."""
    reach = reach_of(user)
    return sorted((each for each in _sources.values() if reach.holds(each.perm)), key=lambda each: each.order)


def search(user, query, sources) -> list[Found]:
    """The first few of each kind of `sources`, of those of which there are any. A question a kind."""
    with by_index():
        found = [_found(user, query, each, slice(0, FEW)) for each in sources]
    return [each for each in found if each.total]


# What PostgreSQL would rather do of words that most rows have, each slower by far: read every table from end to end and
# make the words of each row (see `holding`); walk the rows in their order and look for each in the list of what was
# found; compile the question, on a server that does so.
_RATHER_NOT = ("enable_seqscan", "enable_material", "jit")


@contextmanager
def by_index():
    """Within a transaction: what is searched for is found by the index of words, and by nothing else."""
    with connection.cursor() as cursor:
        cursor.execute("; ".join(f"SET LOCAL {name} = off" for name in _RATHER_NOT))
    yield
    with connection.cursor() as cursor:
        cursor.execute("; ".join(f"SET LOCAL {name} TO DEFAULT" for name in _RATHER_NOT))


def search_one(user, query, source, page) -> tuple[Found, int]:
    """(a page of one kind, its number). Beyond the last page it is the last."""
    first = (page - 1) * PAGE_SIZE
    with by_index():
        found = _found(user, query, source, slice(first, first + PAGE_SIZE))
        if found.total and not found.hits:
            page = -(-found.total // PAGE_SIZE)
            found = _found(user, query, source, slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE))
    return found, page


def _found(user, query, source, cut):
    hits, total = source.find(user, query, cut)
    return Found(source, [_shown(query, hit) for hit in hits], total)


def _shown(query, hit):
    title = hit.title.strip() or "Untitled"
    return Shown(tuple(query.marked(title)), tuple(query.excerpt(hit.text)), replace(hit, title=title))


def holding(rows, query, *, words=None, matches=None):
    """Those of `rows` that hold what is searched for.

    words: of a small table without an index of them; without, those of the model's own index. matches: a condition on
    them; without, `query.matches()`.
    """
    matches = matches or query.matches()
    if words:
        return rows.alias(_words=words).filter(_words=matches)
    # The index alone answers, apart from the row rule: where PostgreSQL looks at rows one by one it makes the words of
    # each anew, and it takes that for cheap. The bound keeps it from putting the two questions together again.
    found = rows.model._base_manager.all()
    found = found.unscoped(IDS) if hasattr(found, "unscoped") else found
    found = found.alias(_words=Words.of(rows.model)).filter(_words=matches).order_by()
    return rows.filter(pk__in=found.values("pk")[:AT_MOST])


def cut_of(rows, cut) -> tuple[list, int]:
    """(the rows of a slice, how many there are in all), in one question; in two beyond the last."""
    found = list(rows.annotate(_total=Total(rows.order_by().values("pk")))[cut])
    if found or not cut.start:
        return found, found[0]._total if found else 0
    return [], rows.order_by().count()
