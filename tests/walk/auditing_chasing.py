"""What the walk needs of reminders: the ladder of the open round, a reminder of each school's return; valid posts."""

from datetime import timedelta

from audits.chasing import ladder, prints
from audits.models import Extension, Reminder, Rung
from partnership.documents.models import Marking
from partnership.documents.services import keep
from tests.walk import auditing
from tests.walk.post import Post
from tests.world import canary, small_pdf

WORDS = {"name": "Gentle reminder", "subject": "Your return is due", "words": "It is due on {deadline}."}


def laid(ground) -> list:
    """The rungs of the round of `audit_return`, of which the first was sent and the second says nothing of a day that
    is over, so that both can be sent before it. Made once a ground."""
    if "chasing" not in ground.__dict__:
        found, round = auditing.laid(ground)["audit_return"], auditing.round_of(ground)
        ladder.lay_ladder(round)
        Rung.objects.filter(round=round, position=2).update(days=-1)
        ground.chasing = list(Rung.objects.filter(round=round).order_by("position"))
        for case in ("ours", "theirs"):
            row = found[case]
            Reminder.objects.create(
                folder=row.folder, agency=row.agency, audit_return=row, rung=ground.chasing[0],
                to=canary(case, "au_reminded_to"), words=canary(case, "au_reminder"),
                at=row.asked_at - timedelta(days=1),
            )  # fmt: skip
    return ground.chasing


def sample(name):
    """`audit_rung`: one that was not sent. `audit_reminded`: as `audit_return`, with what was sent. `audit_letter`: the
    file of the letters of the round."""
    if name == "audit_rung":
        return lambda ground: [[laid(ground)[1].pk]]
    if name == "audit_letter":
        return lambda ground: [[_letter(ground).pk]]
    return lambda ground: (laid(ground), auditing.sample("audit_return")(ground))[1]


def _letter(ground):
    if "audit_letter" not in ground.__dict__:
        ground.audit_letter = keep(
            small_pdf("Dear head"), folder=auditing.round_of(ground).folder, title="Letters", name="letters.pdf",
            content_type="application/pdf", marking=Marking.OFFICIAL, by=ground.world.officer, kind=prints.KIND,
            goes_out=True,
        )  # fmt: skip
    return ground.audit_letter


def _shown(ground, case, persona):
    """The school of 'ours' gets the rung above the one that it has had, once its wish for more time was answered."""
    laid(ground)
    wish = auditing.laid(ground)["audit_extension"]["ours"]
    Extension.objects.unscoped("the walk lays its own ground").filter(pk=wish.pk).update(outcome="refused")
    return {"shown": f"{auditing.laid(ground)['audit_return']['ours'].pk.hex}:2"}


POSTS = {
    ("audits:round_remind", "audit_round"): Post("return_reminded", _shown),
    ("audits:round_ladder", "audit_planned"): Post("ladder_laid"),
    ("audits:rung_edit", "audit_rung"): Post("rung_changed", lambda g, c, p: WORDS | {"days": 2, "version": 1}),
    ("audits:round_letters", "audit_round"): Post("job_asked"),
}
