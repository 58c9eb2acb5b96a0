"""Which organisations a search means, and which of them it means first."""

from django.db.models import Case, F, Func, IntegerField, Q, TextField, Value, When

from partnership.people.finding import BETWEEN, begins, fold
from partnership.people.models import Agency, Alias

WORDS_SEARCHED = 8


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


def same_thing(agency):
    """Records that may be of the same organisation: named alike, or at the same postcode."""
    postcodes = [site.postcode for site in agency.sites.all() if site.postcode]
    folded = fold(agency.name)
    named_so = begins(folded)
    alike = Q(words=named_so) | Q(words__startswith=named_so + BETWEEN) | Q(words__contains=BETWEEN + folded)
    if postcodes:
        alike |= Q(sites__postcode__in=postcodes)
    return Agency.objects.kept().filter(alike).exclude(pk=agency.pk).distinct()
