"""What a review found. Every function takes the user first and shows what the row rule allows."""

from hashlib import sha256

from partnership.people.models import Agency
from reviews.findings.vocabulary import THEMES, source_of, title_of
from reviews.models import AgencyReturn, Episode, Recommendation, ReviewTheme, SafetyAction


def rows(user, model, review):
    found = model.objects.visible_to(user).filter(review=review, removed_at=None)
    return found.select_related("changed_by").prefetch_related("agencies")


def themes(user, review):
    """The themes of the review, the vocabulary's first and in its order."""
    order = list(THEMES)
    found = ReviewTheme.objects.visible_to(user).filter(review=review).select_related("chosen_by")
    return sorted(found, key=lambda row: (order.index(row.code) if row.code in THEMES else len(order), title_of(row)))


def read_of(found) -> str:
    """What a page of themes showed, in short: it changes with them."""
    return sha256("\n".join(sorted(f"{row.code}|{row.words}" for row in found)).encode()).hexdigest()[:16]


def findings(user, review) -> dict:
    """Everything that the page and the report show."""
    return {
        "episodes": list(rows(user, Episode, review)),
        "safety_actions": list(rows(user, SafetyAction, review)),
        "themes": [(title_of(row), source_of(row)) for row in themes(user, review)],
        "recommendations": list(rows(user, Recommendation, review)),
    }


def concerned(user, review, row=None) -> set:
    """Ids of the organisations that a finding may name: the partners, those asked for a return, those it names."""
    asked = AgencyReturn.objects.visible_to(user).filter(review=review, agency__isnull=False)
    asked = asked.values_list("agency_id", flat=True)
    named = row.agencies.values_list("pk", flat=True) if row is not None else ()
    partners = Agency.objects.live().exclude(partner_seat="").values_list("pk", flat=True)
    return {*asked, *named, *partners}
