"""What stands in a submission that nobody signed in the portal: in the form of `audits.signing.content`."""

from audits.models import Value
from audits.signing.content import said_of, sha256_of


def frozen(row, version, asking, answers: dict, organisation: str) -> tuple[dict, str]:
    """(content, its fingerprint) of a return with those of its questions that have an answer.

    version: with its set. answers: question id -> Answer, of questions that it is asked.
    """
    content = {
        "version": {
            "set": version.question_set.code, "title": version.question_set.title, "edition": version.edition,
        },
        "round": {"title": row.round.title, "year": row.round.year},
        "organisation": organisation,
        "questions": [
            _question(wording, answers[wording.question_id])
            for wording in asking.wordings
            if wording.question_id in answers
        ],
        "people": [],
        "signatures": [],
    }  # fmt: skip
    return content, sha256_of(content)


def _question(wording, answer) -> dict:
    values = {name: getattr(answer, name) for name in Value.VALUES}
    return {
        "section": wording.section.ref,
        "section_title": wording.section.title,
        "ref": wording.ref,
        "code": wording.question.code,
        "question": str(wording.question_id),
        "text": wording.text,
        "kind": wording.kind,
        "columns": wording.columns,
        "answer": {
            name: value if name == "rows" else str(value)
            for name, value in values.items()
            if value not in (None, "", [])
        },
        "said": said_of(wording, answer),
        "to_confirm": False,
        "evidence": [],
    }
