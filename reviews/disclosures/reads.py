"""Requests for material, and contact with family and witnesses. Every function takes the user first."""

from collections import defaultdict

from django.db.models import Q
from django.utils import timezone

from partnership.documents.models import Version
from reviews.models import Disclosure, FamilyContact, Proceeding
from reviews.own_account import versions_withheld


def requests(user, review) -> list:
    """The requests for material, the newest first, each with `sent`: the files that left which this person may have."""
    rows = list(Disclosure.objects.visible_to(user).filter(review=review))
    links = Disclosure.files.through.objects.filter(disclosure__in=[row.pk for row in rows])
    of_row = defaultdict(list)
    for row_id, version_id in links.values_list("disclosure_id", "version_id"):
        of_row[row_id].append(version_id)
    wanted = {pk for each in of_row.values() for pk in each}
    files = Version.objects.visible_to(user).filter(pk__in=wanted).select_related("document") if wanted else []
    found = {file.pk: file for file in files}
    for pk in versions_withheld(user, list(found.values())):
        del found[pk]
    for row in rows:
        row.sent = [found[pk] for pk in of_row[row.pk] if pk in found]
    return rows


def contacts(user, review):
    return FamilyContact.objects.visible_to(user).filter(review=review)


def contact_is_held(review_id) -> bool:
    """Whether a proceeding that runs today lets family and witnesses be contacted only with its lead's agreement."""
    rows = Proceeding.objects.unscoped("one bit, for somebody who works on the review")
    runs = Q(ended_on=None) | Q(ended_on__gte=timezone.localdate())
    return rows.filter(runs, review_id=review_id, holds_contact=True).exists()
