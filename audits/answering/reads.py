"""What the pages of a return read: its questions with answers of this year and last, and how far it has come."""

from dataclasses import dataclass, field

from django.db.models import Count, Max

from audits.answering import values as valued
from audits.answering.carrying import before_of
from audits.answering.services import not_yet
from audits.asking import asked_by, is_answered, matches, progress, shown
from audits.models import Answer, AuditReturn, Section, Shown, Signature, Wording

WHY_BEFORE = "what the same organisation, or the one whose place it took, answered last year"


@dataclass
class Standing:
    """A return with all that its pages show of it.

    answers: question id -> Answer, each with `source`: what it was taken over from, or None. shows: answer id -> pieces
    of evidence. later: ids of sections whose days have not come.
    """

    row: AuditReturn
    asking: object
    answers: dict
    shows: dict
    later: set
    asked: list = field(default_factory=list)

    @property
    def facts(self):
        return self.row.facts

    def section(self, section) -> list[Wording]:
        """All questions of a section that may be asked of this organisation: those that hang on an answer too."""
        return [row for row in self.asking.of_section.get(section.pk, ()) if matches(row.applies, self.facts)]

    def progress(self, section=None):
        return progress(self.asking, self.facts, self.answers, self.shows, section and section.pk)

    def sections(self) -> list[Section]:
        """Those in which anything may be asked of this organisation."""
        return [each for each in self.asking.sections if self.section(each)]

    def left(self) -> list[tuple]:
        """(wording, what is to do) of all that has yet to be answered or confirmed, in order."""
        found = []
        for wording in self.asked:
            answer = self.answers.get(wording.question_id)
            if answer is not None and answer.to_confirm:
                found.append((wording, "confirm"))
            elif wording.required and not self.is_answered(wording):
                found.append((wording, "answer"))
        return found

    def is_answered(self, wording) -> bool:
        answer = self.answers.get(wording.question_id)
        return is_answered(wording, answer, shows=self.shows.get(answer.pk, 0) if answer else 0)


def standing(user, row) -> Standing:
    """row: with its round and that round's version."""
    asking = asked_by(row.round.set_version)
    answers = answers_of(user, row)
    shows = {}
    if any(each.kind == Wording.Kind.FILE for each in asking.wordings):
        rows = Shown.objects.visible_to(user).filter(answer__audit_return=row, evidence__put_away_at=None)
        shows = dict(rows.order_by().values_list("answer").annotate(Count("pk")))
    found = Standing(row, asking, answers, shows, not_yet(row))
    found.asked = shown(asking, row.facts, {pk: each.code for pk, each in answers.items()})
    return found


def answers_of(user, row) -> dict:
    rows = Answer.objects.visible_to(user).filter(audit_return=row)
    found = {}
    for each in rows.select_related("taken_from", "of_trust", "changed_by"):
        each.source = each.of_trust or each.taken_from
        found[each.question_id] = each
    return found


def last_year(row, wordings) -> dict:
    """question id -> (the year, the answer in words), of what was answered before."""
    before = before_of(row)
    if before is None:
        return {}
    questions = {each.question_id for each in wordings}
    rows = Answer.objects.unscoped(WHY_BEFORE).filter(audit_return=before, question__in=questions)
    words = {each.question_id: valued.in_words(each.wording, each) for each in rows.select_related("wording")}
    year = f"{before.round.year}/{(before.round.year + 1) % 100:02}"
    return {question: (year, said) for question, said in words.items() if said}


def writers(user, row) -> list[dict]:
    """Who wrote in it, the latest first: name, how many answers are theirs, and when they last wrote. What was taken
    over is nobody's until it is confirmed."""
    rows = (
        Answer.objects.visible_to(user).filter(audit_return=row, to_confirm=False).exclude(changed_by=None).order_by()
    )
    found = rows.values("changed_by__name").annotate(many=Count("pk"), latest=Max("changed_at"))
    return list(found.order_by("-latest"))


def sent_back(user, row):
    """The signature with which a return that is written again was sent back, for why; None where none was."""
    if row.status != AuditReturn.Status.BEGUN:
        return None
    rows = Signature.objects.visible_to(user).filter(audit_return=row, status=Signature.Status.SENT_BACK)
    return rows.order_by("-attempt").first()
