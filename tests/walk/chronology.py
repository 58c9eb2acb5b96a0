"""What the walk needs of a chronology: an entry with its notes, rows that wait; and their posts."""

from django.core.files.uploadedfile import SimpleUploadedFile

from reviews.chronology import rows, services
from tests.walk.post import Post
from tests.world import canary


def laid(ground) -> dict:
    """sample -> {case name: row}. Made once a ground."""
    if not hasattr(ground, "_chronology"):
        ground._chronology = _lay(ground)
    return ground._chronology


def _lay(ground):
    found = {"entry": {}, "rows": {}, "wrong_rows": {}}
    for case, by in ((ground.world.ours, ground.world.officer), (ground.world.theirs, ground.world.stranger)):
        mark = lambda what, name=case.name: canary(name, f"chronology_{what}")  # noqa: E731
        read = rows.Reader([case.child])
        facts = {"when": "3 April 2024", "source": mark("source"), "event": mark("event")}
        facts |= {"analysis": mark("analysis"), "voice": mark("voice")}
        entry = services.add_entry(case.review, by=by, facts=read.facts(facts)[0] | {"written": mark("written")})
        later = facts | {"when": "about 2025", "event": mark("later")}
        other = services.add_entry(case.review, by=by, facts=read.facts(later)[0])
        services.annotate(entry, by=by, kind="note", note=mark("note"))
        services.annotate(entry, by=by, kind="against", note=mark("against"), other=other)
        services.annotate(other, by=by, kind="wrong", note=mark("wrong"))
        waiting, remarks = rows.of_paste(f"1.2.2024|{mark('waiting_source')}|{mark('waiting')}", read)
        found["entry"][case.name] = entry
        found["rows"][case.name] = services.receive(
            case.review, by=by, name=mark("file"), rows=waiting, remarks=[*remarks, mark("remark")]
        )
        wrong, _ = rows.of_paste(f"never|{mark('wrong_source')}|{mark('wrong')}", read)
        found["wrong_rows"][case.name] = services.receive(case.review, by=by, name=mark("file"), rows=wrong)
    return found


def sample(name):
    return lambda ground: [[laid(ground)[name][case.name].pk] for case in ground.cases]


def _file():
    return SimpleUploadedFile("list.csv", b"Date,Source,Event\n3.4.25,School,Seen\n")


POSTS = {
    ("reviews:entry_add", "review"): Post(
        "entry_added", lambda g, c, p: {"when": "3.4.2025", "source": "Helpline", "event": "A call."}
    ),
    ("reviews:entries_paste", "review"): Post(
        "chronology_received", lambda g, c, p: {"text": "3.4.2025\tHelpline\tA call."}
    ),
    ("reviews:entries_upload", "review"): Post("chronology_received", lambda g, c, p: {"file": _file()}),
    ("reviews:intake", "rows"): Post("chronology_taken"),
    ("reviews:intake_mend", "wrong_rows"): Post(
        "chronology_mended",
        lambda g, c, p: {
            "text": "3.4.2025\tHelpline\tA call.",
            "read": services.mark_of(laid(g)["wrong_rows"][c.name]),
        },
    ),
    ("reviews:intake_sources", "rows"): Post("chronology_sources_named", lambda g, c, p: {"source_0": ""}),
    ("reviews:intake_discard", "rows"): Post("chronology_discarded"),
    ("reviews:entry_note", "entry"): Post("entry_noted", lambda g, c, p: {"kind": "note", "note": "Looked up."}),
    ("reviews:chronology_pdf", "review"): Post("job_asked", lambda g, c, p: {"seen": "yes"}),
    ("reviews:chronology_xlsx", "review"): Post("job_asked", lambda g, c, p: {"seen": "yes"}),
}
