"""The pages on which a lead answers: saved as typed, saved by the button, shown both texts, given back what has no
place."""

import html
import json
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from audits.answering import services
from audits.answering.work import shared_by_trust
from audits.models import Answer, AuditReturn, Round, Signature, Submission, Wording
from partnership.access.work import work_of
from partnership.people.models import Agency
from partnership.people.roles import Role
from partnership.ui.dates import plain
from tests.audits import making
from tests.audits.test_answers import answers, asked, fresh
from tests.world import person

pytestmark = pytest.mark.django_db
WHY = "a test looks"
AUTOSAVE = {"HX-Request": "true"}


@pytest.fixture
def begun(world):
    return making.audit_return(making.audit_round(world), world.agencies["school"], status="begun")


def url(row, section="leading"):
    return reverse("audits:return_section", args=[row.pk, section])


def marks(text) -> dict:
    return json.loads(html.unescape(re.search(r'name="read_answers" value="([^"]*)"', text)[1]))


class Page:
    """The page of a section as a browser without JavaScript has it: its marks, and what stands in its boxes."""

    def __init__(self, client, row, section="leading"):
        self.client, self.row, self.section = client, row, section
        self.answer = client.get(url(row, section))
        self.text = self.answer.content.decode()

    def key(self, code):
        return asked(self.row, code).pk.hex

    def data(self, then="stay", **typed):
        """typed: code of a question -> what is typed; the rest is sent as it stands."""
        found = dict(re.findall(r'name="(\w+_(?:number|na_reason))" type="text"(?: value="([^"]*)")?', self.text))
        found |= dict(re.findall(r'name="(\w+_code)" type="radio" value="(\w+)" checked', self.text))
        found |= dict(re.findall(r'<textarea name="(\w+)"[^>]*>\s([^<]*)</textarea>', self.text))
        for code, values in typed.items():
            found |= {f"{self.key(code)}_{name}": value for name, value in values.items()}
        return found | {"then": then, "read_answers": json.dumps(marks(self.text))}

    def save(self, then="stay", **typed):
        return self.client.post(url(self.row, self.section), self.data(then, **typed))

    def autosave(self, question, /, mark=None, **values):
        key = self.key(question)
        data = {f"{key}_{name}": value for name, value in values.items()}
        data |= {"part": key, "version": mark or marks(self.text)[key], "autosave": "1"}
        return self.client.post(url(self.row, self.section), data, headers=AUTOSAVE)


def test_an_answer_saves_itself_as_it_is_typed_and_the_next_saving_knows_its_version(world, begun, sign_in):
    page = Page(sign_in(world.school_outside), begun)
    reply = page.autosave("policy", code="met", text="Reviewed <script>").json()
    assert (answers(begun)["policy"].text, reply["version"][:2]) == ("Reviewed <script>", "1.")
    reply = page.autosave("policy", mark=reply["version"], code="partly", text="").json()
    assert (answers(begun)["policy"].code, answers(begun)["policy"].version) == ("partly", 2)
    # What hangs on an answer is asked at once, and counted.
    reply = page.autosave("governors", code="no").json()
    assert reply["show"][page.key("why-not")] is True and reply["live"]["section"] == "2 of 3 answered"
    assert page.autosave("policy", code="green").status_code == 422


def test_saving_one_answer_asks_the_database_at_most_twelve_times(world, sign_in):
    many = [("leading", str(n), f"question-{n}", "yes_no", {}) for n in range(250)]
    version = making.question_set("many", asked=many)
    row = making.audit_return(making.audit_round(world, version), world.agencies["school"], status="begun",
                              answers={f"question-{n}": {"code": "yes"} for n in range(200)})  # fmt: skip
    client = sign_in(world.school_outside)
    page = Page(client, row)
    page.autosave("question-1", code="no")
    key = page.key("question-249")
    data = {f"{key}_code": "no", f"{key}_text": "x", "part": key, "version": marks(page.text)[key]}
    with CaptureQueriesContext(connection) as asked_for:
        assert client.post(url(row), data, headers=AUTOSAVE).status_code == 200
    assert len(asked_for) <= 12, "\n".join(each["sql"][:150] for each in asked_for)


def test_without_javascript_one_button_saves_the_section(world, begun, sign_in):
    page = Page(sign_in(world.school_outside), begun)
    answer = page.save("next", policy={"code": "met", "text": "Reviewed"}, governors={"code": "no"})
    assert answer.url == url(begun, "training")
    assert {code: each.code for code, each in answers(begun).items()} == {"policy": "met", "governors": "no"}
    page = Page(page.client, begun)
    assert re.search(rf'id="q-{page.key("why-not")}" data-autosave-part="\w+">', page.text)
    page.save(policy={"code": "na", "na_reason": "We have no policy of our own"})
    assert answers(begun)["policy"].na_reason == "We have no policy of our own"
    assert answers(begun)["policy"].version == 2 and answers(begun)["governors"].version == 1


def test_what_is_right_is_saved_and_what_is_wrong_stands_on_the_page_with_its_error(world, begun, sign_in):
    page = Page(sign_in(world.school_outside), begun, "training")
    day = {"day_day": "31", "day_month": "4", "day_year": "2026"}
    answer = page.save(trained={"number": "90"}, **{"trained-on": day}, incidents={"text": "Words"})
    text = answer.content.decode()
    assert answer.status_code == 200 and "2 answers saved. 1 not saved" in text
    assert 'value="31"' in text and "must be a real date" in text
    assert set(answers(begun)) == {"trained", "incidents"}
    wrong = Page(page.client, begun, "training").save(trained={"number": "101"})
    assert wrong.status_code == 422 and 'value="101"' in wrong.content.decode()


def test_two_leads_are_shown_both_texts_and_what_else_she_typed_is_saved(world, begun, sign_in):
    mine = Page(sign_in(world.school_outside), begun)
    answered(begun, world.author_other, "policy", code="not", text="His words")
    late = mine.autosave("policy", code="met", text="My words")
    assert late.status_code == 409 and answers(begun)["policy"].text == "His words"
    answer = mine.save(policy={"code": "met", "text": "My words"}, governors={"code": "yes"})
    text = answer.content.decode()
    assert answer.status_code == 200 and answers(begun)["governors"].code == "yes"
    assert "My words" in text and "His words" in text and "Author Other saved another answer" in text
    # What she did not touch is not hers: his later answer stays.
    answered(begun, world.author_other, "governors", version=1, code="partly")
    again = Page.__new__(Page)
    again.client, again.row, again.section, again.text = mine.client, begun, "leading", text
    assert again.save(policy={"code": "met", "text": "My words"}).status_code == 302
    assert (answers(begun)["policy"].text, answers(begun)["governors"].code) == ("My words", "partly")


def answered(row, by, question, /, version=0, **values):
    return services.save(row, asked(row, question), by=by, values=values, version=version)


@pytest.mark.parametrize("why", ["signing", "submitted", "closed"])
def test_what_was_typed_too_late_is_given_back_and_nothing_is_written(world, begun, sign_in, why):
    page = Page(sign_in(world.school_outside), begun)
    if why == "closed":
        Round.objects.filter(pk=begun.round_id).update(status="closed", closed_at=timezone.now())
    else:
        AuditReturn.objects.unscoped(WHY).filter(pk=begun.pk).update(status=why, submitted_at=timezone.now())
    reply = page.autosave("policy", code="met", text="Typed late")
    assert reply.status_code == 422 and "no longer change" in reply.json()["error"]
    answer = page.save(policy={"code": "met", "text": "Typed late"})
    text = answer.content.decode()
    assert answer.status_code == 409 and "Typed late" in text and "no longer change" in text
    assert not answers(begun)
    text = page.client.get(url(begun)).content.decode()
    assert "no longer change" in text and "<textarea" not in text


def test_confirm_all_confirms_what_nobody_typed_into(world, sign_in):
    before = making.audit_round(world, year=2025)
    making.audit_return(before, world.agencies["school"], status="submitted",
                        answers={"policy": {"code": "met"}, "governors": {"code": "yes"}})  # fmt: skip
    row = making.audit_return(making.audit_round(world, before=before), world.agencies["school"])
    client = sign_in(world.school_outside)
    assert client.post(reverse("audits:audit_return", args=[row.pk])).status_code == 302
    page = Page(client, row)
    assert page.text.count("To confirm") == 2 and "Answer of 2025/26:" in page.text
    reply = page.autosave("governors", code="yes", still="on").json()
    assert reply["live"]["section"] == "1 of 2 answered, 1 to confirm"
    key = page.key("governors")
    assert (reply["show"][f"{key}-waits"], reply["show"][f"{key}-still"]) == (False, True)
    # Answered otherwise, there is nothing of last year's to be said of it.
    reply = page.autosave("governors", mark=reply["version"], code="no", still="on").json()
    assert (reply["show"][f"{key}-waits"], reply["show"][f"{key}-still"]) == (False, False)
    page = Page(client, row)
    page.save("confirm", policy={"code": "not"})
    assert fresh(row).to_confirm == 0 and answers(row)["policy"].code == "not"
    left = client.get(reverse("audits:return_unanswered", args=[row.pk])).content.decode()
    assert "3 questions" in left and f"#q-{page.key('trained')}" in left


def test_a_school_meets_nothing_of_another_and_the_unit_reads_and_writes_nothing(world, begun, sign_in):
    theirs = making.audit_return(begun.round, world.agencies["uhnm"], answers={"policy": {"text": "Secret"}})
    client = sign_in(world.school_outside)
    for name in ("audit_return", "return_unanswered"):
        assert client.get(reverse(f"audits:{name}", args=[theirs.pk])).status_code == 404
    assert client.post(url(theirs), {"part": asked(theirs, "policy").pk.hex}).status_code == 404
    answered(begun, world.author_other, "policy", code="met", text="For the unit")
    client = sign_in(world.officer)
    text = client.get(url(begun)).content.decode()
    assert "For the unit" in text and "<textarea" not in text
    assert client.post(url(begun), {"then": "stay"}).status_code == 403
    assert client.post(reverse("audits:audit_return", args=[begun.pk])).status_code == 403


def test_a_section_of_250_questions_is_saved_at_once_with_all_its_boxes_and_2001_fields_are_refused(world, sign_in):
    more = {"scale": making.MET, "may_not_apply": True}
    many = [("leading", str(n), f"question-{n}", "scale", more) for n in range(250)]
    row = making.audit_return(
        making.audit_round(world, making.question_set("many", asked=many)), world.agencies["school"], status="begun"
    )
    client = sign_in(world.school_outside)
    page = Page(client, row)
    data = page.data()
    keys = Wording.objects.filter(set_version=row.round.set_version).values_list("pk", flat=True)
    for pk in keys:
        data |= {f"{pk.hex}_code": "met", f"{pk.hex}_text": "x", f"{pk.hex}_na_reason": "", f"{pk.hex}_still": ""}
    assert len(data) > 1000
    assert client.post(url(row), data).status_code == 302
    assert Answer.objects.unscoped(WHY).filter(audit_return=row, code="met").count() == 250 == fresh(row).answered
    for address in (
        url(row),
        *(reverse(f"audits:{name}", args=[row.pk]) for name in ("audit_return", "return_unanswered")),
    ):
        with CaptureQueriesContext(connection) as asked_for:
            assert client.get(address).status_code == 200
        assert len(asked_for) <= 16, "no question of the database a question of the audit"
    data = {f"field_{n}": "x" for n in range(2001)}
    assert client.post(url(row), data).status_code == 400


def test_a_table_takes_rows_and_asks_for_more(world, sign_in):
    columns = {"columns": ["Who", "When"]}
    version = making.question_set("tabled", asked=[("leading", "1", "log", "table", columns)])
    row = making.audit_return(making.audit_round(world, version), world.agencies["school"], status="begun")
    page = Page(sign_in(world.school_outside), row)
    key = page.key("log")
    answer = page.save(f"row:{key}", log={"rows_0_0": "Head", "rows_0_1": "May", "rows_1_0": "", "rows_1_1": ""})
    assert answer.url == f"{url(row)}?more={key}#q-{key}"
    assert answers(row)["log"].rows == [["Head", "May"]]
    assert page.client.get(answer.url).content.decode().count(f'name="{key}_rows_') == 12


def test_what_was_typed_when_the_session_had_ended_comes_back_and_marks_that_are_none_do_no_harm(world, begun, sign_in):
    client = sign_in(world.school_outside)
    page = Page(client, begun)
    token = re.search(r'name="form_token" value="([^"]*)"', page.text)[1]
    client.logout()
    answer = client.post(url(begun), page.data(policy={"code": "met", "text": "Typed"}) | {"form_token": token})
    back = parse_qs(urlsplit(answer.url).query)["next"][0]
    answer = sign_in(world.school_outside).get(back)
    assert answer.status_code == 200 and "Typed" in answer.content.decode() and not answers(begun)
    for wrong in ("[" * 100_000, "[1]", '{"x": {}}', "\0"):
        data = page.data(policy={"code": "met", "text": "Typed"}) | {"read_answers": wrong}
        assert client.post(url(begun), data).status_code in (200, 302, 409)
    assert answers(begun)["policy"].version == 1


def home_of(user) -> str:
    return " ".join(f"{work.what} {work.note}" for works in work_of(user) for work in works)


def test_home_says_who_sent_a_return_back_for_whom_it_waits_and_its_receipt(world, begun):
    lead, today = world.school_outside, plain(timezone.localdate())
    shared = {"folder": begun.folder, "agency": begun.agency, "audit_return": begun}
    one = Signature.objects.create(step="head", status="sent_back", name="Ann Head", note="1a is not so", **shared)
    assert "Sent back by the headteacher, Ann Head: ‘1a is not so’" in home_of(lead)
    AuditReturn.objects.unscoped(WHY).filter(pk=begun.pk).update(status="signing")
    Signature.objects.create(step="head", attempt=2, **shared)
    assert f"waits for the headteacher since {today}" in home_of(lead) and "Sent back" not in home_of(lead)
    AuditReturn.objects.unscoped(WHY).filter(pk=begun.pk).update(status="submitted", submitted_at=timezone.now())
    submission = Submission.objects.create(
        reference="R-TEST", content={}, sha256="x", **shared | {"audit_return": begun}
    )
    assert f"submitted on {today}, receipt R-TEST" in home_of(lead)
    # Given back after all have signed: what the headteacher said before is over.
    Signature.objects.unscoped(WHY).filter(attempt=2).update(status="dropped")
    AuditReturn.objects.unscoped(WHY).filter(pk=begun.pk).update(status="begun", submitted_at=None)
    Submission.objects.unscoped(WHY).filter(pk=submission.pk).update(why_given_back="Name the governor")
    assert "Sent back by the business unit: ‘Name the governor’" in home_of(lead)
    assert one.note not in home_of(lead) and "the return of" not in home_of(world.lead_other)


def test_more_is_never_answered_than_is_asked_and_who_wrote_adds_up(world, begun, sign_in):
    for code, values in (("policy", {"code": "met"}), ("governors", {"code": "no"}), ("why-not", {"text": "New"}),
                         ("incidents", {"number": "3"}), ("governors", {"code": "yes"})):  # fmt: skip
        version = answers(begun)[code].version if code in answers(begun) else 0
        answered(begun, world.author_other, code, version=version, **values)
    row = fresh(begun)
    assert (row.answered, row.wanted) == (3, 5), "what is asked no longer counts no more, what is answered besides does"
    text = sign_in(world.school_outside).get(reverse("audits:audit_return", args=[row.pk])).content.decode()
    assert "3 of 5 questions answered" in text and "Author Other, 3 answers" in text


def test_the_lead_goes_on_after_what_she_saved_last(world, begun, sign_in):
    answered(begun, world.school_outside, "governors", code="yes")
    text = sign_in(world.school_outside).get(reverse("audits:audit_return", args=[begun.pk])).content.decode()
    assert f"sections/training#q-{asked(begun, 'trained').pk.hex}" in text
    text = sign_in(world.author_other).get(reverse("audits:audit_return", args=[begun.pk])).content.decode()
    assert f"sections/leading#q-{asked(begun, 'policy').pk.hex}" in text


@pytest.mark.parametrize("status", ["submitted", "closed"])
def test_what_went_offers_only_what_can_still_be_done(world, begun, sign_in, status):
    Round.objects.filter(pk=begun.round_id).update(message="Please answer as it is today")
    if status == "closed":
        Round.objects.filter(pk=begun.round_id).update(status="closed", closed_at=timezone.now())
    else:
        AuditReturn.objects.unscoped(WHY).filter(pk=begun.pk).update(status=status, submitted_at=timezone.now())
    text = sign_in(world.school_outside).get(reverse("audits:audit_return", args=[begun.pk])).content.decode()
    for words in ("Please answer", "Left to do", "More time", "Sign and submit", "Go on where"):
        assert words not in text
    assert "Signatures and receipt" in text and ("Benchmark" in text) == (status == "closed")


# --- the trust --------------------------------------------------------------------------------------------------------


@pytest.fixture
def trust(world):
    """A trust with two schools that are asked: one has begun, one has not."""
    audit, found = making.audit_round(world), {}
    schools = [world.agencies["school"], Agency.objects.filter(kind="school").order_by("name")[5]]
    for school, status in zip(schools, ("begun", "asked"), strict=True):
        found[status] = making.audit_return(audit, school, status=status)
        AuditReturn.objects.unscoped(WHY).filter(pk=found[status].pk).update(trust=world.agencies["mpft"])
    found["round"], found["agency"] = audit, world.agencies["mpft"]
    return found


def test_a_trust_answers_once_and_each_school_confirms_or_answers_otherwise(world, trust, sign_in):
    client = sign_in(world.lead_other)
    address = reverse("audits:trust_answers", args=[trust["round"].pk, trust["agency"].pk])
    text = client.get(address).content.decode()
    key = asked(trust["begun"], "governors").pk.hex
    data = {f"{key}_code": "yes", f"{key}_text": "As a board", "read_answers": json.dumps(marks(text))}
    assert f"{asked(trust['begun'], 'policy').pk.hex}_code" not in text
    assert client.post(address, data | {"then": "stay"}).status_code == 302
    assert not answers(trust["begun"])
    data["read_answers"] = json.dumps(marks(client.get(address).content.decode()))
    assert client.post(address, data | {"then": "give"}).status_code == 302
    given = answers(trust["begun"])["governors"]
    assert (given.code, given.to_confirm, fresh(trust["begun"]).to_confirm) == ("yes", True, 1)
    assert answers(services.begin(trust["asked"], by=lead_of(world, trust["asked"])))["governors"].text == "As a board"
    # What a school said itself stays; what it has not confirmed follows the trust.
    answered(trust["begun"], world.author_other, "governors", version=1, code="partly")
    data |= {f"{key}_code": "no", "read_answers": json.dumps(marks(client.get(address).content.decode()))}
    client.post(address, data | {"then": "give"})
    assert answers(trust["begun"])["governors"].code == "partly"
    waiting = answers(trust["asked"])["governors"]
    assert (waiting.code, waiting.to_confirm, waiting.version) == ("no", True, 2)


def lead_of(world, row):
    return person("lead_there", Role.SCHOOL_LEAD, row.agency, world.partnership)


def test_who_answers_for_a_trust_sees_no_schools_answers_and_no_other_trust(world, trust, sign_in):
    answered(trust["begun"], world.author_other, "governors", code="no", text="The school’s own words")
    client = sign_in(world.lead_other)
    name = "audits:trust_answers"
    address = reverse(name, args=[trust["round"].pk, trust["agency"].pk])
    assert "own words" not in client.get(address).content.decode()
    assert client.get(reverse("audits:audit_return", args=[trust["begun"].pk])).status_code == 404
    assert client.get(reverse(name, args=[trust["round"].pk, world.agencies["uhnm"].pk])).status_code == 404
    assert sign_in(world.school_outside).get(address).status_code == 404
    assert "Shared answers of" in sign_in(world.lead_other).get("/home").content.decode()
    ((work,), window) = shared_by_trust(world.lead_other), trust["round"].windows.get()
    assert work.due_on == timezone.localdate(window.closes_at)
