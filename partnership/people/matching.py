"""Which organisations a search means, which of them it means first, and which it may have meant."""

from difflib import get_close_matches

from django.db.models import Case, F, Func, IntegerField, Q, TextField, Value, When

from partnership.people.finding import BETWEEN, begins, fold
from partnership.people.models import Agency, Alias

WORDS_SEARCHED = 8
# How alike two words are that one may be a slip for the other (difflib's ratio): a figure of six, two letters swapped.
LIKE = 0.75
ALIKE = 3  # so many other spellings of a word are looked for
SHORTEST = 4  # what is shorter is like too much


class NameOf(Func):
    """The folded name with a blank before it: the first text of the column."""

    function = "split_part"
    output_field = TextField()

    def __init__(self):
        super().__init__(F("words"), Value(BETWEEN), Value(1))


def words_of(q) -> list:
    return fold(q).split()[:WORDS_SEARCHED]


def searched(rows, q):
    """Those with words that begin with those of `q`, in whatever order; none where `q` is only signs."""
    if not q.strip():
        return rows
    words = words_of(q)
    if not words:
        return rows.none()
    for word in words:
        rows = rows.filter(words__contains=begins(word))
    return rows


def best_first(rows, q):
    """Who is called exactly so, or has that number, then whose name begins so, then who is named with all the words,
    then the rest; each by name."""
    folded = fold(q)
    rows = rows.alias(folded_name=NameOf())
    named_so = begins(folded)
    exact = Q(words=named_so) | Q(words__startswith=named_so + BETWEEN)
    if any(character.isdigit() for character in folded):
        exact |= Q(words__contains=f"{BETWEEN}{folded}{BETWEEN}") | Q(words__endswith=BETWEEN + folded)
    named, also = Q(), Q()
    for word in words_of(q):
        named &= Q(folded_name__contains=begins(word))
        also &= Q(name__icontains=word)
    aliases = Alias.objects.order_by().values("agency_id")
    ranks = (
        exact | Q(pk__in=aliases.filter(name__iexact=" ".join(q.split()))),
        Q(words__startswith=named_so),
        named | Q(pk__in=aliases.filter(also)),
    )
    cases = [When(rule, then=number) for number, rule in enumerate(ranks)]
    rank = Case(*cases, default=len(ranks), output_field=IntegerField())
    return rows.order_by(rank, "name", "pk")


class WordOf(Func):
    """Each word of the column, a row each."""

    function = "unnest"
    template = "unnest(string_to_array(%(expressions)s, ' '))"
    output_field = TextField()
    set_returning = True


def nearly(rows, q):
    """Those whom `q` would find if its words that nobody has were slips of others; none where none is like them.

    Two questions, of which one reads every word that `rows` have: for a search that has found nothing.
    """
    words = words_of(q)
    if not words:
        return rows.none()
    known = set(rows.order_by().annotate(word=WordOf(F("words"))).values_list("word", flat=True).distinct())
    for word in words:
        meant = [word] if any(each.startswith(word) for each in known) else _alike(word, known)
        either = Q()
        for each in meant:
            either |= Q(words__contains=begins(each))
        rows = rows.filter(either) if meant else rows.none()
    return rows


def _alike(word, known):
    """Words that may have been meant; figures are taken for figures of the same length alone."""
    if len(word) < SHORTEST:
        return []
    # difflib takes a second for the words of a whole country: it is asked about the few that are near at a glance.
    if any(character.isdigit() for character in word):
        near = {each for each in known if len(each) == len(word) and _differing(word, each) <= 2}
    else:
        pairs = _pairs(word)
        near = {each for each in known if abs(len(each) - len(word)) <= 2 and len(pairs & _pairs(each)) > 1}
    return get_close_matches(word, sorted(near), n=ALIKE, cutoff=LIKE)


def _differing(one, other) -> int:
    return sum(a != b for a, b in zip(one, other, strict=True))


def _pairs(word) -> set:
    """Each two characters that stand beside each other, the blank before the word counted."""
    return set(zip(f" {word}", word, strict=False))


def same_thing(agency):
    """Records that may be of the same organisation: named alike, or at the same postcode."""
    postcodes = [site.postcode for site in agency.sites.all() if site.postcode]
    folded = fold(agency.name)
    named_so = begins(folded)
    alike = Q(words=named_so) | Q(words__startswith=named_so + BETWEEN) | Q(words__contains=BETWEEN + folded)
    if postcodes:
        alike |= Q(sites__postcode__in=postcodes)
    return Agency.objects.kept().filter(alike).exclude(pk=agency.pk).distinct()


def called_exactly(names) -> dict:
    """Folded name -> (id, name) of the organisation with exactly such a name, or another name of its own.

    (None, "") for a name that two bear: it is nobody's. One question for names and one for other names.
    """
    if not names:
        return {}
    # Case is folded here and not in the database: a list is asked for by the names as they may be written.
    spelt = {form for name in names for form in (name, name.title(), name.upper(), name.lower())}
    pairs = [*Agency.objects.live().filter(name__in=spelt).values_list("name", "pk", "name")]
    pairs += Alias.objects.filter(name__in=spelt).values_list("name", "agency_id", "agency__name")
    known = {}
    for said, pk, name in pairs:
        at = said.casefold()
        known[at] = (pk, name) if known.get(at, (pk, name))[0] == pk else (None, "")
    return known
