"""Demo material: the returns of a round in bulk, as they stand some weeks after it was sent out."""

from dataclasses import dataclass, field
from datetime import timedelta
from itertools import zip_longest

from django.utils import timezone

from audits import demo_answers
from audits.asking import asked_by, progress
from audits.models import Answer, AuditReturn, Evidence, Shown, Signature, Submission, Value, Wording
from audits.past.freezing import frozen
from audits.signing.services import frozen as signatures

A, S = AuditReturn.Status, Signature.Status
ROWS = 1000
WHY = "the demo fills what it made"
# Fictional people, who sign for whichever organisation comes.
SIGNERS = (
    ("Marian Stowe", "Neil Hadfield", "Pauline Orme"), ("Gareth Linley", "Susan Peake", "Colin Wray"),
    ("Joanna Tideswell", "Martin Bagnall", "Rita Cope"), ("Farah Denham", "Lesley Croft", "Ian Mossley"),
)  # fmt: skip
POSTS = {
    "lead": "Safeguarding lead",
    "head": "Headteacher",
    "governors": "Chair of governors",
    "executive": "Executive",
}
FILE = "https://documents.portal.example/{}"


@dataclass
class Filling:
    """What is written for a round, at once at the end."""

    round: object
    steps: tuple
    today: object
    random: object
    before: dict = field(default_factory=dict)  # agency id -> question id -> Answer of last year
    rows: list = field(default_factory=list)
    made: dict = field(
        default_factory=lambda: {model: [] for model in (Answer, Evidence, Shown, Signature, Submission)}
    )

    def fill(self, row, status, at):
        """Let a return stand at `status` since the moment `at`."""
        asking = asked_by(self.round.set_version)
        row.status, row.begun_at = status, None if status == A.ASKED else at - timedelta(days=3)
        answers, shows = {}, {}
        if status != A.ASKED:
            answers, shows = self._answered(row, asking, whole=status != A.BEGUN)
            row.people_confirmed_at = row.begun_at
        found = progress(asking, row.facts, answers, shows)
        row.wanted, row.answered, row.to_confirm = found.wanted, found.answered, found.to_confirm
        if status == A.SUBMITTED:
            row.submitted_at = at
            self._submit(row, asking, answers)
        self.rows.append(row)

    def _answered(self, row, asking, *, whole):
        share = self.random.choice((0.72, 0.84, 0.9, 0.95, 0.98))
        given = demo_answers.answers(asking, row.facts, self.random, share=share, today=self.today)
        if not whole:
            given = dict(list(given.items())[: self.random.randrange(3, len(given))])
        answers = {
            wording.question_id: self._answer(row, wording, values, changed_at=row.begun_at)
            for wording, values in given.items()
        }
        if not whole:
            answers |= self._taken_over(row, asking, answers)
        shows = self._shown(row, asking) if whole else {}
        answers |= {each.question_id: each for each, _ in shows.values()}
        self.made[Answer] += answers.values()
        return answers, {each.pk: many for each, many in shows.values()}

    def _answer(self, row, wording, values, **facts):
        return Answer(
            folder_id=row.folder_id, agency_id=row.agency_id, audit_return_id=row.pk, wording=wording,
            question_id=wording.question_id, **values, **facts,
        )  # fmt: skip

    def _taken_over(self, row, asking, answers):
        """Some of last year's, which wait to be confirmed."""
        last = self.before.get(row.agency_id, {})
        found = {}
        for wording in asking.wordings:
            was = last.get(wording.question_id)
            if was and wording.question_id not in answers and self.random.random() < 0.5:
                values = {name: getattr(was, name) for name in Value.VALUES}
                facts = {"to_confirm": True, "taken_from": was, "changed_at": row.begun_at}
                found[wording.question_id] = self._answer(row, wording, values, **facts)
        return found

    def _shown(self, row, asking):
        """wording -> (its answer, how many pieces): questions that are answered by a file have an address."""
        found = {}
        for wording in asking.wordings:
            if wording.kind == Wording.Kind.FILE:
                answer = self._answer(row, wording, {}, changed_at=row.begun_at)
                piece = Evidence(
                    folder_id=row.folder_id, agency_id=row.agency_id, title=wording.question.label[:200],
                    address=FILE.format(wording.question.code), effective_on=self.today - timedelta(days=90),
                    expires_on=self.today + timedelta(days=275),
                )  # fmt: skip
                self.made[Evidence].append(piece)
                shown = Shown(folder_id=row.folder_id, agency_id=row.agency_id, answer=answer, evidence=piece)
                self.made[Shown].append(shown)
                found[wording] = answer, 1
        return found

    def _submit(self, row, asking, answers):
        content, mark = frozen(row, self.round.set_version, asking, answers, row.agency.name)
        names = SIGNERS[len(self.rows) % len(SIGNERS)]
        signed = [
            Signature(
                folder_id=row.folder_id, agency_id=row.agency_id, audit_return_id=row.pk, step=step, name=name,
                status=S.SIGNED, post=POSTS[step], how=Signature.How.PORTAL, content=mark,
                signed_on=timezone.localdate(row.submitted_at), signed_at=row.submitted_at, asked_at=row.begun_at,
            )
            for step, name in zip_longest(self.steps, names[: len(self.steps)])
        ]  # fmt: skip
        self.made[Signature].extend(signed)
        content["signatures"] = signatures(signed)
        self.made[Submission].append(
            Submission(
                folder_id=row.folder_id, agency_id=row.agency_id, audit_return_id=row.pk, content=content, sha256=mark,
                reference=f"D-{row.pk.hex[-12:]}", submitted_at=row.submitted_at, late=row.submitted_at > row.closes_at,
            )
        )  # fmt: skip

    def write(self):
        names = ["status", "begun_at", "submitted_at", "wanted", "answered", "to_confirm", "people_confirmed_at"]
        AuditReturn.objects.unscoped(WHY).bulk_update(self.rows, names, batch_size=ROWS)
        for model, rows in self.made.items():
            model.objects.bulk_create(rows, batch_size=ROWS)
