"""Who was named on a review's returns and opens those alone: for 'People with access'."""

from django.urls import reverse

from partnership.access.holding import rows_of_named
from partnership.access.parts import Part
from partnership.people.roles import Perm
from reviews.models import AgencyReturn

S = AgencyReturn.Status
OPENS = {
    "author": "Their own return only",
    "helper": "The return that they help with, and nothing else",
    "signer": "The return that they sign, and nothing else",
    "coordinator": "How this return stands, and what it says once it was submitted",
}
WHY = {
    "author": "Named author of the return",
    "helper": "Helps to write the return",
    "signer": "Signs the return",
    "coordinator": "Co-ordinator of the organisation",
}


def parts_in_returns(user, folder):
    """The authors, helpers, signers and co-ordinators who can open a return of this review today, guests too.

    Somebody who is barred, suspended or gone opens nothing and is not among them. As many queries for fifty returns as
    for one.
    """
    rows = list(AgencyReturn.objects.visible_to(user).filter(folder=folder).select_related("folder", "agency", *OPENS))
    let_in = {(folder.pk, Perm.RETURN_PART): frozenset()}  # whoever is on the case stands in the list of those
    for path in OPENS if rows else ():
        able = rows_of_named(rows, path, Perm.RETURN_PART, let_in)
        for row in (each for each in rows if each.pk in able):
            yield _part(row, path)


def _part(row, path):
    person = getattr(row, path)
    guest = path == "author" and not row.agency_id
    opens = OPENS[path]
    if path == "author" and row.status == S.ASKED:
        opens += ", and whom to search for until it is finished"
    return Part(
        user_id=person.pk,
        name=row.author_name if path == "author" else person.name,
        where=row.body,
        why=("Guest, asked for one return" if guest else WHY[path]),
        opens=opens,
        until=_until(path, guest),
        url=reverse("reviews:agency_return", args=[row.pk]),
    )


def _until(path, guest) -> str:
    if guest:
        return "The review is closed or sent, or their access is ended"
    return "Its author finishes it" if path == "helper" else "The request is withdrawn, or somebody else takes it on"


# What pages of a return are called in a list of readings.
PAGES_OF_RETURN = {
    "reviews:agency_return": "its first page",
    "reviews:write_return": "writing it",
    "reviews:nil_return": "saying that there is no record",
    "reviews:finish_return": "finishing it",
    "reviews:sign_return": "signing it",
    "reviews:return_files": "its files",
    "reviews:return_file": "a file of it",
    "reviews:return_passages": "its passages",
    "reviews:return_version": "an earlier version",
    "reviews:search_record": "whom to search for",
}


def returns_by_name(user, ids) -> dict:
    rows = AgencyReturn.objects.visible_to(user).filter(pk__in=ids).select_related("agency")
    return {row.pk: f"Return of {row.body}" for row in rows}
