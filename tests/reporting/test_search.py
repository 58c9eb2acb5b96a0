"""One search: what it finds and how, that it is fast whatever the table, and that nothing of it stays anywhere."""

import logging
from collections import Counter

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from partnership.access import searching
from partnership.access.searching import Query, holding
from partnership.actions.models import Action
from partnership.documents.models import Document, Marking, State, Version
from partnership.documents.services import keep
from partnership.notify.models import Alarm
from partnership.people.models import User
from partnership.people.words import Words, plain
from partnership.trail.models import Event
from reporting import search
from tests.audits import making as of_audits
from tests.boards import making
from tests.training import making as of_training
from tests.world import person, sign_in

pytestmark = pytest.mark.django_db
WHY = "a test looks at the table"
SAID = [
    "O'Brien-Ní Dhomhnaill", "O’Brien Ni\u0301 Dhomhnaill", "Zoë", "Zoe\u0308", "Ñandú", "Llŷr Ŵyn", "Łukasz Søren",
    "Işık Diyarbakır", "Straße Ægir Þór", "محمد عَلِيّ", "王小明", "co\u00adoperate", "a\u200db", "ﬁle_name-v2.PDF",
]  # fmt: skip


@pytest.fixture
def officer(world, client):
    sign_in(client, world.officer)
    return client


@pytest.fixture
def group(world):
    return making.group(world, "Practice")


def action(group, what, **facts):
    return Action.objects.create(folder=group.folder, what=what, due_on=timezone.localdate(), **facts)


def found(client, q, kind="", **more):
    """What the page shows: (source's code, title) of each hit."""
    page = client.get(reverse("reporting:search"), {"q": q, "kind": kind} | more)
    assert page.status_code == 200, page.content.decode()
    return [(each.source.code, hit.hit.title) for each in page.context["groups"] for hit in each.hits]


def titles(client, q, kind):
    return [title for _, title in found(client, q, kind)]


def test_the_database_and_the_portal_fold_words_alike():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT portal_plain(said) FROM unnest(%s::text[]) WITH ORDINALITY AS t (said, n) ORDER BY n", [SAID]
        )
        assert [each for (each,) in cursor.fetchall()] == [plain(each) for each in SAID]


def test_a_name_is_found_whatever_its_accents_apostrophes_and_hyphens(world, officer):
    for name in ("Zoe\u0308 O’Brien-Ní Dhomhnaill", "Łukasz Ŵyn", "محمد علي", "Li", "Will May"):
        member = person("x", world.officer.memberships.get().role)
        User.objects.filter(pk=member.pk).update(name=name)
    for said in ("Zoë", "zoe", "O'Brien", "obrien", "Ni Dhomhnaill", "dhom zo"):
        assert titles(officer, said, "people") == ["Zoe\u0308 O’Brien-Ní Dhomhnaill"], said
    assert titles(officer, "lukasz wyn", "people") == ["Łukasz Ŵyn"]
    assert titles(officer, "محمد", "people") == ["محمد علي"]
    assert titles(officer, "will may", "people") == ["Will May"]  # no words at all to an English dictionary
    assert "Li" in titles(officer, "Li", "people")


def test_words_are_found_by_their_stem_in_any_order_and_the_last_half_typed(group, officer):
    action(group, "Agree the neglect pathway with each school", success="Fewer children wait")
    action(group, "Write to the housing bodies")
    (neglect,) = titles(officer, "pathways agreed", "actions")
    assert neglect.startswith("Agree the neglect")
    assert titles(officer, "wait children negl", "actions") == [neglect]
    assert titles(officer, '"neglect pathway"', "actions") == [neglect]
    assert titles(officer, '"pathway neglect"', "actions") == []
    assert titles(officer, "pathway -neglected", "actions") == []
    assert len(titles(officer, "neglect OR housing", "actions")) == 2


def test_a_reference_is_found_first_in_whatever_writing(group, officer):
    wanted = action(group, "Write to schools")
    action(group, f"Goes on from {wanted.reference}")
    for said in (wanted.reference, wanted.reference.lower(), wanted.reference.removeprefix("A-")):
        assert "Write to schools" in titles(officer, said, "actions")
    assert titles(officer, wanted.reference, "actions")[0] == "Write to schools"


def test_an_organisation_is_found_by_number_and_postcode_and_a_code_word_by_those_on_the_case(world, client, officer):
    school = world.agencies["school"]
    assert titles(officer, str(school.school.urn), "organisations") == [school.name]
    word = world.ours.folder.reference
    assert titles(officer, word, "reviews") == [word]
    sign_in(client, world.stranger)
    assert found(client, word) == []


def test_audits_and_training_are_found_as_far_as_ones_own_pages_show_them(world, client, officer):
    school, course = world.agencies["school"], of_training.course(world, "Curious neglect course")
    of_training.course(world, "Curious draft", status="draft")
    of_training.event(world, course)
    of_training.event(world, course, status="planned")
    closed = of_audits.audit_round(world, title="Curious audit", status="closed")
    of_audits.audit_round(world, title="Curious audit to come", status="planned")
    others = [each for each in of_audits.schools(4) if each.pk != school.pk]
    for agency in (school, *others):
        of_audits.audit_return(closed, agency, status="submitted")

    def counts(q):
        return Counter(code for code, _ in found(client, q))

    assert counts("curious") == {"audits": 2, "courses": 2, "training_events": 2}
    assert counts(school.name)["audit_returns"] == 1 and "Schools" in titles(client, "Schools", "question_sets")
    sign_in(client, world.board_member)
    assert counts("curious") == {"audits": 1, "courses": 1, "training_events": 1}
    page = client.get(reverse("reporting:search"), {"q": "curious audit"}).content.decode()
    assert reverse("audits:round_figures", args=[closed.pk]) in page
    assert counts(school.name)["audit_returns"] == counts("Schools")["question_sets"] == 0
    sign_in(client, world.author_other)
    assert counts("curious") == {"courses": 1, "training_events": 1}
    assert [counts(each.name)["audit_returns"] for each in (school, others[0])] == [1, 0]


def test_what_was_typed_and_what_was_found_are_shown_as_text(group, officer):
    action(group, "Read <script>alert(1)</script> {{7*7}} <b>again</b>")
    page = officer.get(reverse("reporting:search"), {"q": "again <script>"})
    body = page.content.decode()
    assert "<script>alert" not in body and "<b>again" not in body
    assert "&lt;b&gt;<mark>again</mark>&lt;/b&gt;" in body and "{{7*7}}" in body


@pytest.mark.parametrize(
    "said, told",
    [
        ("x", "Enter 2 characters or more"),
        ("x" * 201, "200 characters or fewer"),
        ("!! --", "Enter a word or a number"),
    ],
)
def test_what_cannot_be_searched_for_is_said(officer, said, told):
    page = officer.get(reverse("reporting:search"), {"q": said})
    assert page.status_code == 422 and told in page.content.decode()


@pytest.mark.parametrize(
    "said", ["' & | ! :* <->", "a:*b ((", '"open', "\\' OR 1=1", "%_", "🙂 x1", "a" * 200, "-- no", "a\x00b"]
)
def test_signs_of_the_query_language_are_only_signs(officer, said):
    assert officer.get(reverse("reporting:search"), {"q": said}).status_code in (200, 400, 422)


def test_an_unknown_kind_and_a_page_that_is_none_are_no_crash(group, officer):
    for n in range(searching.PAGE_SIZE + 1):
        action(group, f"Visit school {n:02d}")
    assert len(titles(officer, "visit", "actions")) == searching.PAGE_SIZE
    assert len(found(officer, "visit")) == searching.FEW
    for page, shown in (("2", 1), ("99", 1), ("-1", 20), ("x", 20), (str(2**63), 1)):
        assert len(found(officer, "visit", "actions", page=page)) == shown, page
    assert officer.get(reverse("reporting:search"), {"q": "visit", "kind": "users"}).status_code == 422


def test_of_documents_the_newest_clean_file_alone_is_found_and_none_that_is_kept_apart(world, group, officer):
    def kept(title, **facts):
        return keep(b"x", folder=group.folder, title=title, name="paper_on-neglect.pdf", by=world.officer,
                    content_type="application/pdf", marking=Marking.OFFICIAL, **facts)  # fmt: skip

    shown, waits, apart = kept("Annual paper"), kept("Waiting paper"), kept("Paper apart")
    Version.objects.unscoped(WHY).filter(pk=waits.pk).update(state=State.QUARANTINED)
    Version.objects.unscoped(WHY).filter(pk=apart.pk).update(apart=True)
    Document.objects.unscoped(WHY).filter(pk=apart.document_id).update(apart=True)
    assert titles(officer, "neglect", "documents") == titles(officer, "annual paper", "documents") == ["Annual paper"]
    newer = Version.objects.create(
        folder=group.folder, document=shown.document, number=2, name="second.pdf", content_type="application/pdf",
        key="second", sha256="0" * 64, size=1, state=State.CLEAN,
    )  # fmt: skip
    assert titles(officer, "neglect", "documents") == []
    page = officer.get(reverse("reporting:search"), {"q": "annual", "kind": "documents"})
    assert reverse("documents:state", args=[newer.pk]) in page.content.decode()


def test_guests_and_closed_accounts_are_not_among_the_people(world, officer):
    for name, facts in (("Quentin One", {"guest": True}), ("Quentin Two", {"closed_at": timezone.now()})):
        somebody = person("q", world.officer.memberships.get().role)
        User.objects.filter(pk=somebody.pk).update(name=name, **facts)
    unknown = person("q")
    User.objects.filter(pk=unknown.pk).update(name="Quentin Three")
    assert titles(officer, "Quentin", "people") == []


def test_a_search_is_an_event_without_its_words(group, officer, world, caplog):
    action(group, "Ring the Placeholder family")
    with caplog.at_level(logging.INFO):
        found(officer, "Placeholder")
    event = Event.objects.filter(verb=search.SEARCHED).latest("pk")
    assert (event.actor_id, event.data) == (world.officer.pk, {"found": 1, "kind": ""})
    assert "laceholder" not in caplog.text
    listed = Event.objects.filter(verb="listed").count()
    found(officer, "nothingofthekind")
    assert Event.objects.filter(verb="listed").count() == listed, "what showed no row was no reading of one"


def test_whoever_searches_without_end_is_stopped_and_those_who_look_after_the_portal_are_told(officer, monkeypatch):
    monkeypatch.setattr(search, "MOST", 1)
    found(officer, "school")
    page = officer.get(reverse("reporting:search"), {"q": "school"})
    assert page.status_code == 429 and page.context.get("groups") is None
    assert Alarm.objects.filter(what=search.MUCH, closed_at=None).count() == 1


def test_a_search_asks_as_much_for_fifty_rows_as_for_one(group, officer):
    def asked():
        with transaction.atomic(), CaptureQueriesContext(connection) as queries:
            found(officer, "visit")
        return len(queries)

    action(group, "Visit school")
    found(officer, "visit")
    once = asked()
    for n in range(50):
        action(group, f"Visit school {n}")
    assert asked() == once <= 16 + len(searching._sources)


def test_every_searched_table_is_asked_by_its_index():
    """By the very expression of the index: otherwise each row's words are made anew."""
    from boards.models import Decision, Item, Minute, Part
    from partnership.actions.models import Risk

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    for model in (Action, Risk, Document, Version, User, Item, Minute, Part, Decision):
        (index,) = (each.name for each in model._meta.indexes if any(isinstance(e, Words) for e in each.expressions))
        rows = model.objects.unscoped(WHY) if hasattr(model.objects, "unscoped") else model.objects.all()
        plan = holding(rows.order_by(), Query.of("neglect")).explain()
        assert f"Bitmap Index Scan on {index}" in plan, plan


def test_an_excerpt_is_taken_where_the_word_is_and_not_in_the_middle_of_one():
    text = "Nothing here. " * 40 + "The policies were read by Zoë. " + "Nothing there. " * 40
    pieces = Query.of("policy zoe").excerpt(text)
    said = "".join(each.text for each in pieces)
    assert [each.text for each in pieces if each.found] == ["policies", "Zoë"]
    assert said.startswith("… ") and said.endswith(" …") and len(said) < 260
    assert not said.removeprefix("… ").startswith("othing")
