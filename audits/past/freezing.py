"""What stands in a submission that nobody signed in the portal: in the form of `audits.signing.content`."""

from audits.signing.content import content_with, question_of, sha256_of


def frozen(row, version, asking, answers: dict, organisation: str) -> tuple[dict, str]:
    """(content, its fingerprint) of a return with those of its questions that have an answer.

    version: with its set. answers: question id -> Answer, of questions that it is asked.
    """
    questions = [
        question_of(wording, answers[wording.question_id], [])
        for wording in asking.wordings
        if wording.question_id in answers
    ]
    content = content_with(row.round, version, organisation=organisation, questions=questions, people=[])
    return content | {"signatures": []}, sha256_of(content)
