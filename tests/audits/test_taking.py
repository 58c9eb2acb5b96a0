"""A return is taken out at any time, and what was changed in Word is read in row by row."""

import io
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from docx import Document

from audits.answering import services as answering
from audits.asking import asked_by
from audits.models import Answer, AuditReturn, Round
from audits.signing.services import RELATED
from audits.taking import marks, word_in
from audits.taking.word_out import document_of
from tests.audits import making
from tests.world import sign_in

pytestmark = pytest.mark.django_db
WHY = "a test looks"
NASTY = '=cmd|"/C calc"!A0 <w:t>&{{7*7}}\n\tŵ Zoë'
TABLE = ("training", "2e", "courses", "table", {"columns": ["Course", "People"], "required": False})


@pytest.fixture
def row(world):
    version = making.question_set("worded", asked=(*making.ASKED, TABLE))
    made = making.audit_return(
        making.audit_round(world, version), world.agencies["school"], status="begun",
        answers={"policy": {"code": "met", "text": NASTY}, "governors": {"code": "no"},
                 "courses": {"rows": [["First aid", "12"]]}},
    )  # fmt: skip
    return AuditReturn.objects.unscoped(WHY).select_related(*RELATED).get(pk=made.pk)


@pytest.fixture
def lead(world):
    return world.school_outside


def taken_out(row, lead, change=None) -> SimpleUploadedFile:
    """The document, after change(tables by the code of their question) in Word."""
    document = Document(io.BytesIO(document_of(row, lead)))
    if change:
        tables = {}
        for table in document.tables:
            if named := marks.question_named(table.rows[-1].cells[1].text):
                tables[named.code] = table
        change(tables)
    written = io.BytesIO()
    document.save(written)
    return SimpleUploadedFile("return.docx", written.getvalue())


def put(table, label, text):
    next(line for line in table.rows if line.cells[0].text == label).cells[1].text = text


def asked(row, code):
    return next(each for each in asked_by(row.round.set_version).wordings if each.question.code == code)


def by_ref(found) -> dict:
    return {each.ref: each for each in found.rows}


def now(row, code) -> Answer:
    return Answer.objects.unscoped(WHY).get(audit_return=row, question__code=code)


def test_what_was_taken_out_and_not_touched_is_all_the_same(row, lead):
    found = word_in.read(row, taken_out(row, lead), user=lead)
    assert {each.kind for each in found.rows} == {word_in.SAME} and len(found.rows) == 7
    text = "\n".join(cell.text for table in Document(taken_out(row, lead)).tables for cell in table._cells)
    assert "{{7*7}}" in text and "<w:t>" in text, "formulas and markup stay text"


def test_changes_are_shown_row_by_row_and_only_the_ticked_are_taken(row, lead):
    def change(tables):
        put(tables["policy"], marks.ANSWER, " partly  MET ")
        put(tables["policy"], marks.WORDS, "We began.")
        put(tables["trained"], marks.ANSWER, "94 %")
        put(tables["trained-on"], marks.ANSWER, "3/2/2026")
        put(tables["incidents"], marks.ANSWER, "many")
        put(tables["governors"], marks.ANSWER, "perhaps")
        inner = tables["courses"].rows[1].cells[1].tables[0]
        inner.rows[2].cells[0].text, inner.rows[2].cells[1].text = "Prevent", "4"

    client, url = sign_in(Client(), lead), reverse("audits:return_word_in", args=[row.pk])
    page = client.post(url, {"file": taken_out(row, lead, change)})
    kinds = {each.ref: each.kind for kind in word_in.KINDS for each in page.context[kind]}
    assert {ref for ref, kind in kinds.items() if kind == "changed"} == {"1a", "2a", "2b", "2e"}
    assert {ref for ref, kind in kinds.items() if kind == "wrong"} == {"1b", "2d"}
    words = page.content.decode()
    assert "Answer with one of: Yes; Partly; No" in words and "like 12" in words and "Table" in words
    assert now(row, "policy").code == "met", "a preview writes nothing"
    chosen = [str(asked(row, code).question_id) for code in ("policy", "trained-on", "courses")]
    sent = {"carried": page.context["form"]["carried"].value(), "take": chosen}
    assert client.post(url, sent).status_code == 302
    assert (now(row, "policy").code, now(row, "policy").text) == ("partly", "We began.")
    assert f"{now(row, 'trained-on').day:%d %m %Y}" == "03 02 2026"
    assert now(row, "courses").rows == [["First aid", "12"], ["Prevent", "4"]]
    assert not Answer.objects.unscoped(WHY).filter(audit_return=row, question__code="trained").exists()


def test_what_a_colleague_changed_meanwhile_is_shown_beside_and_never_lost(row, lead, world):
    def change(tables):
        put(tables["policy"], marks.WORDS, "Words of Word")

    document, untouched = taken_out(row, lead, change), taken_out(row, lead)
    answering.save(
        row,
        asked(row, "policy"),
        by=world.author_other,
        values={"code": "met", "text": "Words of a colleague"},
        version=1,
    )
    assert by_ref(word_in.read(row, untouched, user=lead))["1a"].kind == word_in.SAME, "an old copy takes nothing back"
    found = by_ref(word_in.read(row, document, user=lead))["1a"]
    assert found.kind == word_in.MEANWHILE and "Words of a colleague" in found.saved and "Words of Word" in found.mine
    document.seek(0)
    client, url = sign_in(Client(), lead), reverse("audits:return_word_in", args=[row.pk])
    page = client.post(url, {"file": document})
    answering.save(row, asked(row, "policy"), by=world.author_other, values={"code": "not"}, version=2)
    sent = {"carried": page.context["form"]["carried"].value(), "take": [found.question]}
    again = client.post(url, sent)
    assert (
        again.status_code == 200 and "Words of Word" in again.content.decode() and "Not met" in again.content.decode()
    )
    assert now(row, "policy").code == "not"
    sent["carried"] = again.context["form"]["carried"].value()
    assert client.post(url, sent).status_code == 302 and now(row, "policy").text == "Words of Word"


def test_words_put_in_with_tracked_changes_count_and_deleted_ones_do_not(row, lead):
    def change(tables):
        from docx.oxml import parse_xml

        cell = next(line for line in tables["policy"].rows if line.cells[0].text == marks.WORDS).cells[1]
        cell.text = ""
        space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
        for tag, words in (("ins", "<w:t>Put in</w:t>"), ("del", "<w:delText>Taken out</w:delText>")):
            run = f'<w:{tag} {space} w:id="1" w:author="A"><w:r>{words}</w:r></w:{tag}>'
            cell.paragraphs[0]._p.append(parse_xml(run))

    found = by_ref(word_in.read(row, taken_out(row, lead, change), user=lead))["1a"]
    assert found.kind == word_in.CHANGED and found.values["text"] == "Put in"


def document_with(part, content=b"x") -> SimpleUploadedFile:
    written = io.BytesIO()
    Document().save(written)
    with zipfile.ZipFile(written, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(part, content)
    return SimpleUploadedFile("return.docx", written.getvalue())


def test_documents_of_others_and_dangerous_ones_are_refused_in_words(row, lead, world):
    other = making.audit_return(making.audit_round(world, row.round.set_version), world.agencies["school"])
    other = AuditReturn.objects.unscoped(WHY).select_related(*RELATED).get(pk=other.pk)
    plain = io.BytesIO()
    Document().save(plain)
    for upload, words in (
        (taken_out(other, lead), "another return"),
        (SimpleUploadedFile("return.docx", plain.getvalue()), "not taken out of the portal"),
        (SimpleUploadedFile("return.docm", plain.getvalue()), "Choose a Word document"),
        (SimpleUploadedFile("return.docx", b"<html>no</html>"), ""),
        (document_with("word/vbaProject.bin"), "acro"),
        (document_with("word/media/a.bin", b"\0" * 200_000_000), ""),
    ):
        with pytest.raises(ValidationError) as refused:
            word_in.read(row, upload, user=lead)
        assert words in " ".join(refused.value.messages) and "file" in refused.value.message_dict


def test_a_changed_reference_and_a_table_twice_are_named_by_their_place(row, lead):
    def change(tables):
        put(tables["policy"], marks.REFERENCE, "1a")
        put(tables["trained"], marks.REFERENCE, tables["governors"].rows[-1].cells[1].text)

    found = word_in.read(row, taken_out(row, lead, change), user=lead)
    wrong = {each.place: each.why for each in found.of(word_in.WRONG)}
    assert list(wrong) == ["Table 2", "Table 5"] and "twice" in wrong["Table 5"] and found.absent == 2


def test_what_was_taken_apart_in_word_is_named_and_empties_no_answer(row, lead):
    def change(tables):
        policy, inner = tables["policy"], tables["courses"].rows[1].cells[1].tables[0]
        policy._tbl.remove(policy.rows[1]._tr)
        inner._tbl.remove(inner.rows[0]._tr)
        tables["governors"].add_column(900_000)
        tables["incidents"].rows[2].cells[1].add_table(1, 1).rows[0].cells[0].text = "Put into a table"
        put(tables["trained"], marks.QUESTION, tables["trained-on"].rows[0].cells[1].text)
        put(tables["trained-on"], marks.ANSWER, "3rd May 2026")
        tables["why-not"]._tbl.addprevious(
            tables["why-not"].rows[1].cells[1].paragraphs[0].insert_paragraph_before("Beside")._p
        )

    found = word_in.read(row, taken_out(row, lead, change), user=lead)
    why = {each.ref: each.why for each in found.of(word_in.WRONG)}
    assert set(why) == {"1a", "1b", "2a", "2d", "2e"}, why
    assert "‘Answer’ is gone" in why["1a"] and "two columns" in why["1b"] and "‘Question’" in why["2a"]
    assert "A table stands" in why["2d"] and "names of the columns" in why["2e"]
    assert "Put into a table" in by_ref(found)["2d"].mine, "what was typed is shown"
    assert by_ref(found)["2b"].kind == word_in.CHANGED and found.outside == ["Beside"]


def test_nothing_is_read_into_a_return_that_is_shut_nor_from_a_forged_preview(row, lead):
    client, url = sign_in(Client(), lead), reverse("audits:return_word_in", args=[row.pk])
    page = client.post(url, {"file": taken_out(row, lead, lambda tables: put(tables["trained"], marks.ANSWER, "3"))})
    sent = {"carried": page.context["form"]["carried"].value(), "take": [str(asked(row, "trained").question_id)]}
    forged = client.post(url, sent | {"carried": "x" + sent["carried"]})
    assert forged.status_code == 422 and "Choose the document again" in forged.content.decode()
    AuditReturn.objects.unscoped(WHY).filter(pk=row.pk).update(status="signing")
    shut = client.post(url, sent)
    assert shut.status_code == 422 and "being signed" in shut.content.decode()
    assert not Answer.objects.unscoped(WHY).filter(audit_return=row, question__code="trained").exists()


def test_it_is_read_and_taken_out_after_the_close_by_its_school_and_the_unit_and_nobody_else(row, lead, world):
    Round.objects.filter(pk=row.round_id).update(status="closed")
    for name in ("return_print", "return_word"):
        url = reverse(f"audits:{name}", args=[row.pk])
        for user, answer in ((lead, 200), (world.officer, 200), (world.lead_same, 404), (world.board_member, 404)):
            assert sign_in(Client(), user).get(url).status_code == answer, (name, user)
    page = sign_in(Client(), lead).get(reverse("audits:return_print", args=[row.pk])).content.decode()
    assert "&lt;w:t&gt;&amp;{{7*7}}" in page and "First aid" in page
