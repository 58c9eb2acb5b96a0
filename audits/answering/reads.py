"""What the pages of a return read: its questions with answers of this year and last, and how far it has come."""

from dataclasses import dataclass, field

from audits.answering import values as valued
from audits.answering.carrying import before_of
from audits.answering.services import not_yet
from audits.asking import asked_by, is_answered, matches, progress, shown
from audits.models import Answer, AuditReturn, Section, Signature, Submission, Wording
from audits.signing.content import shown_of
from partnership.access.reach import reach_of
from partnership.actions.planning.rules import words_of_year
from partnership.ui.forms import spoken

WHY_BEFORE = "what the same organisation, or the one whose place it took, answered last year"


@dataclass
class Standing:
    """A return with all that its pages show of it.

    answers: question id -> Answer, each with `source`: what it was taken over from, or None. shows: answer id -> its
    rows of Shown. later: ids of sections whose days have not come.
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
        shows = {pk: len(rows) for pk, rows in self.shows.items()}
        return progress(self.asking, self.facts, self.answers, shows, section and section.pk)

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
        return is_answered(wording, answer, shows=len(self.shows.get(answer.pk, ())) if answer else 0)


def standing(user, row) -> Standing:
    """row: with its round and that round's version."""
    asking = asked_by(row.round.set_version)
    answers = answers_of(user, row)
    found = Standing(row, asking, answers, shown_of(row, user), not_yet(row))
    found.asked = shown(asking, row.facts, {pk: each.code for pk, each in answers.items()})
    return found


def answers_of(user, row) -> dict:
    rows = Answer.objects.visible_to(user).filter(audit_return=row)
    found = {}
    for each in rows.select_related("taken_from", "of_trust", "changed_by"):
        each.source = each.of_trust or each.taken_from
        found[each.question_id] = each
    return found


def last_year(user, row, wordings) -> dict:
    """question id -> (the year, the answer in words), of what was answered before; nothing of a round from which a
    conflict of interest bars the reader."""
    before = before_of(row)
    if before is None or not reach_of(user).bars.isdisjoint(before.round.folder.path):
        return {}
    questions = {each.question_id for each in wordings}
    rows = Answer.objects.unscoped(WHY_BEFORE).filter(audit_return=before, question__in=questions)
    words = {each.question_id: valued.in_words(each.wording, each) for each in rows.select_related("wording")}
    year = words_of_year(before.round.year)
    return {question: (year, said) for question, said in words.items() if said}


def writers(found: Standing) -> list[dict]:
    """Who wrote in it, the latest first: name, how many of its answers are theirs, as `progress` counts them, and when
    they last wrote one."""
    people = {}
    for wording in found.progress().done:
        answer = found.answers[wording.question_id]
        if answer.changed_by:
            one = people.setdefault(answer.changed_by_id, {"name": answer.changed_by.name, "many": 0, "latest": None})
            one["many"] += 1
            one["latest"] = max(filter(None, [one["latest"], answer.changed_at]))
    return sorted(people.values(), key=lambda one: one["latest"], reverse=True)


def goes_on(user, found: Standing):
    """The wording at which this person goes on: the next that is left after what they saved last, else the first; None
    where nothing is left that is open."""
    left = {wording.pk for wording, _ in found.left() if wording.section_id not in found.later}
    mine = [each for each in found.answers.values() if each.changed_by_id == user.pk and not each.to_confirm]
    last = max((each.changed_at for each in mine), default=None)
    after = {each.question_id for each in mine if each.changed_at == last}
    first, at = None, None
    for wording in found.asked:
        if wording.question_id in after:
            at = None
        elif wording.pk in left:
            first, at = first or wording, at or wording
    return at or first


@dataclass(frozen=True)
class Back:
    """Why a return is written again: who sent it back ('the headteacher, Anne Smith'), and their words."""

    who: str
    why: str


def backs(user, rows) -> dict:
    """return id -> Back, of those of `rows` that were signed or submitted and have to be put right; two questions. What
    the lead took back herself needs no word."""
    ids = [row.pk for row in rows if row.status == AuditReturn.Status.BEGUN]
    if not ids:
        return {}
    found, seen = {}, {}
    for each in Submission.objects.visible_to(user).filter(audit_return__in=ids).defer("content").order_by("number"):
        found[each.audit_return_id] = Back("the business unit", each.why_given_back)
    signatures = Signature.objects.visible_to(user).filter(audit_return__in=ids).order_by("-attempt")
    for each in signatures:
        if seen.setdefault(each.audit_return_id, each.attempt) != each.attempt:
            continue
        if each.status == Signature.Status.SENT_BACK:
            who = ", ".join(filter(None, [f"the {spoken(each.get_step_display())}", each.name]))
            found[each.audit_return_id] = Back(who, each.note)
    return found
