"""What is signed: the whole return as plain facts, and its fingerprint, the same for each step of the chain.

content: {"version": {"set", "title", "edition"}, "round": {"title", "year"}, "organisation": str,
          "questions": [question], "people": [{"duty", "post", "name"}]}
question: {"section", "section_title", "ref", "code", "question" (id), "text", "kind", "columns", "answer", "said",
           "to_confirm", "evidence": [{"title", "address", "effective_on", "expires_on", "file"}]}
answer: the fields of Value that are not empty, numbers and days as text. said: the choice, number or day in words.
file: SHA-256 of the file as it came. A submission has "signatures" besides, which are no part of the fingerprint.
"""

import hashlib
import json

from django.utils import timezone

from audits.answering.values import plain_number, said
from audits.asking import asked_by, shown
from audits.leads import HEADS, LEADS
from audits.models import Answer, Shown, Value
from partnership.documents.models import Version
from partnership.documents.reads import newest_of
from partnership.people.models import NamedDuty

WHY = "the service holds the return that it signs"
OF_EVIDENCE = "a fingerprint of the evidence that stands under an answer"
NO_PART = ("signatures",)


def sha256_of(content: dict) -> str:
    """The fingerprint of a content: SHA-256 of its canonical JSON (keys sorted, UTF-8, no spaces)."""
    facts = {name: value for name, value in content.items() if name not in NO_PART}
    text = json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def answers_of(row, user=None) -> dict:
    """question id -> Answer of a return, as far as `user` may read them; without one, for a service that holds it."""
    rows = Answer.objects.visible_to(user) if user else Answer.objects.unscoped(WHY)
    return {each.question_id: each for each in rows.filter(audit_return=row)}


def shown_of(row, user=None) -> dict:
    """answer id -> its Shown rows with their evidence, but for what was put away."""
    rows = Shown.objects.visible_to(user) if user else Shown.objects.unscoped(WHY)
    rows = rows.filter(answer__audit_return=row, evidence__put_away_at=None).select_related("evidence")
    found = {}
    for each in rows.order_by("evidence__title", "pk"):
        found.setdefault(each.answer_id, []).append(each)
    return found


def content_of(row, user=None) -> dict:
    """The content of a return as it stands now; at most nine questions of the database, however many it asks.

    row: with its agency and its round's version and set. user: whoever reads it, by the row rule.
    """
    version = row.round.set_version
    asking, answers, evidence = asked_by(version), answers_of(row, user), shown_of(row, user)
    files = _files([each.evidence.document_id for rows in evidence.values() for each in rows])
    codes = {pk: each.code for pk, each in answers.items()}
    questions = []
    for wording in shown(asking, row.facts, codes):
        answer = answers.get(wording.question_id)
        under = evidence.get(answer.pk, ()) if answer else ()
        questions.append(question_of(wording, answer, [_evidence(each.evidence, files) for each in under]))
    return content_with(
        row.round, version, organisation=row.agency.name, questions=questions, people=people_of(row.agency_id)
    )


def content_with(round, version, *, organisation, questions, people) -> dict:
    """A content of these questions (`question_of`). version: with its set."""
    return {
        "version": {
            "set": version.question_set.code, "title": version.question_set.title, "edition": version.edition,
        },
        "round": {"title": round.title, "year": round.year},
        "organisation": organisation,
        "questions": questions,
        "people": people,
    }  # fmt: skip


def files_in_the_way(row, user=None) -> list[tuple]:
    """[(number of the question, title, whether it is still being checked)] of the evidence under what is asked now
    whose file nobody can open."""
    answers, evidence = answers_of(row, user), shown_of(row, user)
    newest = newest_of([each.evidence.document_id for rows in evidence.values() for each in rows
                        if each.evidence.document_id], why=OF_EVIDENCE)  # fmt: skip
    found = []
    for wording in shown(asked_by(row.round.set_version), row.facts, {pk: each.code for pk, each in answers.items()}):
        answer = answers.get(wording.question_id)
        for each in evidence.get(answer.pk, ()) if answer else ():
            version = newest.get(each.evidence.document_id)
            if version is not None and not version.ready:
                found.append((wording.ref, each.evidence.title, version.waiting))
    return found


def people_of(agency_id) -> list:
    """Who answers for an organisation and who heads it, as the directory has it today."""
    kinds = (*HEADS, *LEADS)
    duties = NamedDuty.objects.on(timezone.localdate()).filter(agency=agency_id, kind__in=kinds)
    rows = sorted(duties.select_related("holder"), key=lambda each: (kinds.index(each.kind), str(each.pk)))
    return [
        {"duty": each.get_kind_display(), "post": each.post, "name": each.holder.name if each.holder_id else ""}
        for each in rows
    ]


def question_of(wording, answer, evidence) -> dict:
    """One question with its answer (an Answer, or None) and its pieces of evidence."""
    return {
        "section": wording.section.ref,
        "section_title": wording.section.title,
        "ref": wording.ref,
        "code": wording.question.code,
        "question": str(wording.question_id),
        "text": wording.text,
        "kind": wording.kind,
        "columns": wording.columns,
        "answer": _value(answer),
        "said": said(wording, answer),
        "to_confirm": bool(answer and answer.to_confirm),
        "evidence": evidence,
    }


def _value(answer) -> dict:
    if answer is None:
        return {}
    found = {name: getattr(answer, name) for name in Value.VALUES}
    if found["number"] is not None:
        found["number"] = plain_number(found["number"])
    if found["day"] is not None:
        found["day"] = found["day"].isoformat()
    return {name: value for name, value in found.items() if value not in (None, "", [])}


def _files(documents) -> dict:
    """document id -> SHA-256 of its newest file as it came."""
    rows = Version.objects.unscoped(OF_EVIDENCE).filter(document__in=[pk for pk in documents if pk])
    return {each.document_id: each.received_sha256 or each.sha256 for each in rows.order_by("number")}


def _evidence(row, files) -> dict:
    return {
        "title": row.title,
        "address": row.address,
        "effective_on": row.effective_on.isoformat() if row.effective_on else "",
        "expires_on": row.expires_on.isoformat() if row.expires_on else "",
        "file": files.get(row.document_id, ""),
    }
