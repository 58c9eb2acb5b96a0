"""What the walk needs of requests that are followed: more time, a call, a body that is closed; and their posts."""

from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from reviews.asking import services
from reviews.models import Clearance, Extension
from tests.walk.post import Post, day, moment
from tests.world import canary

WHY = "the walk lays its own ground"


def laid(ground) -> dict:
    """case name -> Extension. Made once a ground."""
    if not hasattr(ground, "_asking"):
        ground._asking = _lay(ground)
    return ground._asking


def _lay(ground):
    found = {}
    for case, by in ((ground.world.ours, ground.world.officer), (ground.world.theirs, ground.world.stranger)):
        row = ground.asked[case.name]
        mark = lambda what, label=f"{case.name}-{row.agency.slug}": canary(label, what)  # noqa: E731
        asked = {"by": row.author, "wanted_on": row.due_on + timedelta(days=1)}
        refused = services.ask_for_more_time(row, reason=mark("extension"), **asked)
        services.refuse(refused, by=by, answer=mark("answer"))
        found[case.name] = services.ask_for_more_time(row, reason=mark("extension"), **asked)
        services.note_call(row, by=by, said=canary(case.name, "call"), at=timezone.now())
        Clearance.objects.create(
            folder=case.folder, review=case.review, agency=ground.world.agencies["police"],
            closure=canary(case.name, "closure"), opens_on=timezone.localdate() + timedelta(days=9),
            way=Clearance.Way.WAIT, reason=canary(case.name, "cleared"), by=by,
        )  # fmt: skip
    return found


def sample(ground):
    return [[laid(ground)[case.name].pk] for case in ground.cases]


def _nobody_waits(ground, case):
    """The return of the samples without the request that waits; the visit takes it back."""
    Extension.objects.unscoped(WHY).filter(row=ground.asked[case.name]).delete()
    return timezone.localdate() + timedelta(days=7)


def _file():
    return SimpleUploadedFile("note.txt", b"A note of what was said.")


POSTS = {
    ("reviews:outstanding_pdf", "review"): Post("job_asked"),
    ("reviews:outstanding_xlsx", "review"): Post("job_asked"),
    ("reviews:make_letters", "review"): Post("job_asked"),
    ("reviews:ask_for_more_time", "asked"): Post(
        "extension_asked", lambda g, c, p: day("wanted_on", _nobody_waits(g, c)) | {"reason": "Paper notes."}
    ),
    ("reviews:extend_return", "asked"): Post(
        "extension_grant",
        lambda g, c, p: day("due_on", _nobody_waits(g, c)) | {"reason": "Paper notes.", "knows_past": "on"},
    ),
    ("reviews:chase", "asked"): Post("return_chased"),
    ("reviews:note_call", "asked"): Post(
        "return_called", lambda g, c, p: moment("at", timezone.now()) | {"said": "They look for it."}
    ),
    ("reviews:answer_extension", "extension"): Post(
        "extension_refuse", lambda g, c, p: {"given": "no", "answer": "The day stands."}
    ),
    ("reviews:attach_file", "referral"): Post("file_taken", lambda g, c, p: {"file": _file(), "title": "A note"}),
    ("reviews:attach_notification", "review"): Post("file_taken", lambda g, c, p: {"file": _file()}),
}
