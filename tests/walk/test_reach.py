"""The markers work: every text of a case carries one, each can be met by somebody, and none leaves by another door."""

from django.apps import apps
from django.db import models

from partnership.access.models import Conflict, FolderGrant
from partnership.identities.models import Identity
from partnership.trail.models import Event
from tests.walk import canaries
from tests.walk.tables import ROWS
from tests.walk.visiting import Visit
from tests.world import CANARY

WHY = "the test looks at every row"
# Texts of guarded rows that hold no words of a person: codes, hashes, names that the portal gives.
NO_WORDS = {
    "actions.Action.reference",  # random
    "actions.Action.source_kind",  # the label of a model
    "actions.PlanPrint.kind",
    "actions.PlanPrint.lines",
    "actions.Risk.reference",  # random
    "access.Folder.reference",  # the code word: a marker in itself
    "audits.Answer.code",
    "audits.AuditReturn.district",  # of the register of schools
    "audits.AuditReturn.establishment",
    "audits.AuditReturn.phase",
    "audits.TrustAnswer.code",
    "audits.Signature.content",  # a hash
    "audits.Signature.email",  # where a link went; the person is named beside it
    "audits.Submission.reference",  # random
    "audits.Submission.sha256",
    "boards.Attendance.source",  # whence it was taken in, in the portal's words
    "directory.Invitation.email",  # who joins is no word of a case
    "directory.Invitation.name",
    "directory.Invitation.post",
    "directory.Invitation.reason",
    "boards.Edition.sha256",
    "training.Certificate.code",  # random
    "boards.Pack.made_of",  # a hash
    "documents.Document.kind",
    "documents.Rendition.problem",  # a code
    "documents.Version.content_type",
    "documents.Version.key",
    "documents.Version.reason",
    "documents.Version.received_sha256",
    "documents.Version.scanned_with",
    "documents.Version.sha256",
    "identities.Identity.label",
    "jobs.Job.kind",
    "deadlines.Deadline.division",
    "deadlines.Deadline.edition",
    "deadlines.Deadline.owed_by",
    "deadlines.Deadline.rule",
    "deadlines.Deadline.subject_kind",
    "deadlines.Deadline.unit",
    "deadlines.Deadline.what",  # a clock that stands alone has words of its own; a case's is named by its record
    "deadlines.Milestone.code",
    "deadlines.Milestone.label",  # the rule's words
    "deadlines.Milestone.perm",
    "deadlines.Milestone.why",
    "directory.Confirmation.extended_why",  # of an organisation, never of a case
    "jobs.Job.perm",
    "jobs.Job.doing",  # what the portal does, in its own words
    # About accounts of colleagues, in a place that no case reaches.
    "directory.AccountRequest.checked_note",
    "directory.AccountRequest.kind",
    "directory.AccountRequest.reason",
    "notify.Notice.key",
    "notify.Notice.kind",
    "reviews.AgencyReturn.case_word",  # the code word again
    "reviews.Child.pseudonym",
    "reviews.PanelReply.answer",  # no reply of the walk has an answer yet; the reply itself carries a marker
    "reviews.ReturnPassage.heading",  # the name of a field
    "reviews.ReviewTheme.code",
    "reviews.Entry.alike",  # hashes
    "reviews.Entry.digest",
    "reviews.ReportSection.draft_mark",  # a hash too
    "reviews.Review.edition",
    "reviews.Sending.sha256",
    "reviews.Sending.late_reason",  # neither case is sent yet
    "reviews.SendingCorrection.reason",  # nor is its time of sending corrected
}


def guarded():
    return [model for model in apps.get_models() if getattr(getattr(model, "access", None), "guarded", False)]


def texts(model):
    for field in model._meta.fields:
        if isinstance(field, (models.CharField, models.TextField)) and not field.choices:
            yield field


def test_every_text_of_a_case_carries_a_marker(ground):
    bare = set()
    for model in guarded():
        for field in texts(model):
            values = model._base_manager.values_list(field.name, flat=True)
            if not any(CANARY in (value or "") for value in values):
                bare.add(f"{model._meta.label}.{field.name}")
    assert bare - NO_WORDS == set(), "give it a marker in tests/walk/ground.py"
    assert NO_WORDS - bare == set(), "these carry a marker now: take them off the list"


def test_each_marker_of_a_case_can_be_met_by_somebody(ground):
    laid = _laid("ours")
    met = set()
    for row in ROWS:
        if row.method == "GET" and row.sample:
            for persona in ("officer", "author", "author_other"):
                if row.expected(persona)[0] == "200":
                    met |= canaries.met(Visit(ground, row, persona, 0).make()[0])
    # A folder is shown by its kind and its code word, never by its title.
    assert laid - met == {f"{CANARY}-ours-title"}


def _laid(case):
    found = {f"{CANARY}-{case}-file"} | {f"{CANARY}-{case}-{each}" for each in canaries.IDENTIFIERS}
    for model in [*guarded(), Conflict, FolderGrant]:
        for field in texts(model):
            for value in model._base_manager.values_list(field.name, flat=True):
                found |= {each.decode() for each in canaries.MARKER.findall((value or "").encode())}
    return {each for each in found if each.startswith(f"{CANARY}-{case}-")}


def test_no_word_of_a_case_is_left_in_the_trail_or_the_sealed_record(ground):
    """Everything on the ground was written by the services with markers in it."""
    told = list(Event.objects.values_list("verb", "data"))
    assert {"review_opened", "section_written", "return_submit", "review_decide"} <= {verb for verb, _ in told}
    assert not [verb for verb, data in told if CANARY in str(data)]
    for row in Identity.objects.unscoped(WHY):
        assert CANARY.encode() not in bytes(row.sealed)


def test_a_report_holds_neither_an_identity_nor_a_draft(ground):
    """The PDF's own text, drawn for somebody who may see all of it on the pages."""
    from reviews import sending

    case = ground.world.ours
    content = sending.make_report(case.review, by=ground.world.officer, progress=lambda *args: None)
    text = canaries.text_of_pdf(content)
    shown = {marker.decode() for marker in canaries.MARKER.findall(text)}
    assert shown, "the report shows nothing of the case"
    identifiers = {f"{CANARY}-ours-{each}" for each in canaries.IDENTIFIERS}
    assert shown & identifiers == set()
    draft = {marker for marker in shown if f"-{ground.asked['ours'].agency.slug}-" in marker}
    assert draft == set()
    assert not [marker for marker in shown if "-theirs-" in marker]
