"""What the walk needs of a return's own steps: a version, a passage, a file, a co-ordinator; and their posts."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from partnership.documents.models import Document, Marking, Version
from partnership.documents.services import keep
from partnership.people.roles import Role
from reviews import returns
from reviews.answering import beside, parts, signing
from reviews.models import AgencyReturn, ReturnFile, ReturnPassage, ReturnVersion
from tests.walk.post import Post, day, moment
from tests.world import canary, person, small_pdf

WHY = "the walk lays its own ground"


def laid(ground) -> dict:
    """sample -> {case name: row}. Made once a ground."""
    if not hasattr(ground, "_answering"):
        ground._answering = {"coordinator": {}}
        for case, by in ((ground.world.ours, ground.world.officer), (ground.world.theirs, ground.world.stranger)):
            _lay(ground, case, by)
    return ground._answering


def _lay(ground, case, by):
    row = ground.returned[case.name]
    label = f"{case.name}-{row.agency.slug}"
    now, shared = timezone.now(), {"folder": case.folder, "answer": row}
    ReturnVersion.objects.create(
        number=2, author_id=row.author_id, submitted_at=now, reason=canary(label, "version_reason"), recorded_by=by,
        given_by=canary(label, "given_by"), given_channel="phone", given_at=now,
        sole_reason=canary(label, "sole_reason"), **shared,
    )  # fmt: skip
    ReturnPassage.objects.create(
        heading="analysis", mark="lead", words=canary(label, "passage"), since=1, given=True, added_by=by, **shared
    )
    version = keep(
        small_pdf(canary(label, "attached")), folder=case.folder, title="A file of a return", name="file.pdf",
        content_type="application/pdf", marking=Marking.SENSITIVE, by=by,
    )  # fmt: skip
    Document.objects.unscoped(WHY).filter(pk=version.document_id).update(apart=True)
    Version.objects.unscoped(WHY).filter(pk=version.pk).update(apart=True)
    ReturnFile.objects.create(document_id=version.document_id, place=1, since=1, given=True, added_by=by, **shared)
    rows = AgencyReturn.objects.unscoped(WHY)
    rows.filter(pk=row.pk).update(
        number=2, late_reason=canary(label, "late_reason"), change_reason=canary(label, "change_reason"),
        sole_reason=canary(label, "sole_reason"),
        reopened_at=now, given_by=canary(label, "given_by"), given_channel="phone", given_at=now, recorded_by=by,
    )  # fmt: skip
    asked = ground.asked[case.name]
    label = f"{case.name}-{asked.agency.slug}"
    rows.filter(pk=asked.pk).update(signer_note=canary(label, "signer_note"), given_back_at=now)
    body = ground.world.agencies["police"]
    user = person(f"coordinator_{case.name}", Role.AGENCY_STAFF, body, ground.world.partnership)
    found = parts.name_coordinator(case.review, by=by, agency=body, user=user)
    ground._answering["coordinator"][case.name] = found


def coordinators(ground):
    return [[laid(ground)["coordinator"][case.name].pk] for case in ground.cases]


def on_returned(number):
    """The address of something with a number on the submitted returns."""

    def of(ground):
        laid(ground)
        return [[ground.returned[case.name].pk, number] for case in ground.cases]

    return of


def _asked(ground, case):
    return AgencyReturn.objects.unscoped(WHY).get(pk=ground.asked[case.name].pk)


def _finished(ground, case):
    row = _asked(ground, case)
    return signing.finish(row, by=ground.world.author, version=row.version, signer=ground.world.colleague)


def _by(name, make):
    """The data of a step that only `name` may take, on the case 'ours', after `make` has laid the ground for it."""

    def data(ground, case, persona):
        return make(ground, case) if persona == name and case.name == "ours" else {}

    return data


def _nil(ground, case, persona):
    """What was drafted is gone for this visit: there is no record."""
    AgencyReturn.objects.unscoped(WHY).filter(pk=ground.asked[case.name].pk).update(
        **dict.fromkeys(returns.NARRATIVE, "")
    )
    sent = {"version": _asked(ground, case).version, "records_secured": "on", "declared": "on"}
    return sent | day("searched_on", timezone.localdate())


def _recorded(ground, case, persona):
    """Nobody has begun to write, on this visit."""
    AgencyReturn.objects.unscoped(WHY).filter(pk=ground.asked[case.name].pk).update(saved_at=None)
    sent = {"given_by": "Named nurse", "given_channel": "phone", "analysis": "Nothing stood out."}
    return sent | moment("given_at", timezone.now())


def _upload():
    return SimpleUploadedFile("notes.txt", b"What our records show.")


def _passage(ground, case):
    row = _asked(ground, case)
    added = beside.add_passage(row, by=ground.world.author, heading="voice", mark="meeting", words="To be read out.")
    return {"passage": added.pk}


def _helped(ground, case):
    parts.name_helper(_asked(ground, case), by=ground.world.author, helper=ground.world.colleague)
    return {}


def _file(ground, case):
    beside.add_file(_asked(ground, case), by=ground.world.author, upload_file=_upload())
    return {"place": 1}


POSTS = {
    ("reviews:nil_return", "asked"): Post("return_submit", _nil),
    ("reviews:finish_return", "asked"): Post(
        "return_finish", lambda g, c, p: {"version": _asked(g, c).version, "signer": g.world.lead_same.pk}
    ),
    ("reviews:change_signer", "asked"): Post(
        "return_signer_changed",
        _by("author", lambda g, c: {"signer": g.world.lead_same.pk} if _finished(g, c) else {}),
    ),
    ("reviews:sign_return", "asked"): Post(
        "return_sign", _by("colleague", lambda g, c: {"read": signing.as_read(_finished(g, c))})
    ),
    ("reviews:give_back", "asked"): Post(
        "return_give_back", _by("colleague", lambda g, c: {"signer_note": "Dates."} if _finished(g, c) else {})
    ),
    ("reviews:take_back", "asked"): Post("return_take_back", _by("author", lambda g, c: {"row": _finished(g, c).pk})),
    ("reviews:change_return", "returned"): Post("return_change", lambda g, c, p: {"change_reason": "More was found."}),
    ("reviews:return_helper", "asked"): Post("return_helper_named", lambda g, c, p: {"helper": g.world.colleague.pk}),
    ("reviews:helper_off", "asked"): Post("return_helper_off", _by("author", _helped)),
    ("reviews:return_passages", "asked"): Post(
        "return_passage_added", lambda g, c, p: {"heading": "voice", "mark": "lead", "words": "For the lead."}
    ),
    ("reviews:passage_off", "asked"): Post("return_passage_off", _by("author", _passage)),
    ("reviews:return_files", "asked"): Post("return_file_added", lambda g, c, p: {"file": _upload(), "title": "Notes"}),
    ("reviews:return_file_off", "asked"): Post("return_file_off", _by("author", _file)),
    ("reviews:record_return", "asked"): Post("return_record", _recorded),
    ("reviews:coordinators", "review"): Post(
        "coordinator_named", lambda g, c, p: {"agency": g.world.agencies["uhnm"].pk, "user": g.world.colleague.pk}
    ),
    ("reviews:coordinator_off", "coordinator"): Post("coordinator_off"),
}
