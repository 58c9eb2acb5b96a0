"""What the pages promise about identities is what the rule holds."""

import re

import pytest
from django.template import Context, Template
from django.urls import reverse

from partnership.access.rows import holders
from partnership.people.roles import FOLDER_ROLES, LABELS, POWERS, Perm

PROMISE = Template("{% load identity_readers %}{% identity_readers %}")


def promise():
    return PROMISE.render(Context())


def test_the_words_name_every_role_that_reads_identities_and_no_other():
    for role in FOLDER_ROLES:
        assert (f"{LABELS[role].lower()}s" in promise()) is (Perm.IDENTITY_SEARCH in POWERS[role]), role


def test_the_words_follow_the_roles(monkeypatch):
    from partnership.people.roles import Role

    monkeypatch.setitem(POWERS, Role.CASE_OFFICER, POWERS[Role.CASE_OFFICER] - {Perm.IDENTITY_SEARCH})
    assert "case officer" not in promise() and "case leads of the review" in promise()


def test_whoever_the_words_leave_out_is_turned_away(world, sign_in):
    page = reverse("reviews:identities", args=[world.ours.review.pk])
    readers = set(holders(world.ours.folder, Perm.IDENTITY_SEARCH))
    assert readers and {world.panel, world.signer_icb}.isdisjoint(readers)
    for user in holders(world.ours.folder, Perm.REVIEW_VIEW):
        assert sign_in(user).get(page).status_code == (200 if user in readers else 403)


@pytest.mark.parametrize(
    "persona, name, row",
    [
        ("officer", "add_person", lambda case: case.review),
        ("author", "search_record", lambda case: case.returns["uhnm"]),
        (None, "privacy", None),
    ],
)
def test_the_pages_say_it(world, sign_in, client, persona, name, row):
    if persona:
        client = sign_in(world.people[persona])
    path = reverse(f"reviews:{name}", args=[row(world.ours).pk]) if row else f"/{name}"
    words = " ".join(re.sub(r"<[^>]+>", " ", client.get(path).content.decode()).split())
    assert promise() in words
    assert re.search(r"each reading is recorded", words, re.IGNORECASE)
