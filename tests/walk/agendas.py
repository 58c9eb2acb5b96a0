"""What the walk needs of agendas: a meeting of an open group with an open and a restricted item, papers, packs.

The board member chairs the group of 'ours' and the other school's lead sits on it; the restricted item of 'ours' is
opened to the school's lead, and led by the officer and the manager; that of 'theirs' is the stranger's alone.
"""

from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from boards.agenda import packs, papers, services
from boards.models import Item, Meeting, Pack, Paper
from partnership.access.models import FolderGrant
from partnership.documents.models import Version
from partnership.documents.services import keep
from tests.walk import acting
from tests.walk.post import Post
from tests.world import canary, small_pdf

WHY = "the walk lays its own ground"
NAMES = (
    "agenda_meeting", "agenda_item", "secret_item", "agenda_paper", "secret_paper", "agenda_pack", "secret_pack",
)  # fmt: skip


def laid(ground) -> dict:
    """sample -> {case name: row}. Made once a ground."""
    if "agendas" not in ground.__dict__:
        ground.agendas = {name: {} for name in NAMES}
        for case in ground.cases:
            _lay(ground, case)
    return ground.agendas


def sample(name):
    return lambda ground: [[laid(ground)[name][case.name].pk] for case in ground.cases]


def _lay(ground, case):
    world, name, ours, found = ground.world, case.name, case.name == "ours", ground.agendas
    by = world.officer if ours else world.stranger
    meeting = Meeting.objects.create(
        folder=acting.laid(ground)["group"][name], title=canary(name, "ag_meeting"),
        starts_at=timezone.now() + timedelta(days=20),
    )  # fmt: skip
    items = {}
    for kind, mark in (("agenda", "ag"), ("secret", "rs")):
        facts = {"about": canary(name, f"{mark}_about"), "presenter_words": canary(name, f"{mark}_presenter")}
        if kind == "secret":
            facts |= {"restricted": True, "people": [world.school_outside] * ours, "reason": "walk"}
        item = services.add_item(meeting, by=by, title=canary(name, f"{mark}_title"), minutes_allowed=20, **facts)
        items[kind] = item
        asked = {"asked_of": world.school_outside if ours else None, "asked_words": "", "due_on": None}
        paper = papers.add_paper(item, by=by, title=canary(name, f"{mark}_paper"), **asked)
        words = {"asked_of": None, "asked_words": canary(name, f"{mark}_asked"), "due_on": None}
        papers.add_paper(item, by=by, title=canary(name, f"{mark}_owed"), **words)
        file = _kept(item.folder, canary(name, f"{mark}_words"), by, kind=papers.KIND)
        Paper.objects.filter(pk=paper.pk).update(document=file.document, received_at=timezone.now())
        found[f"{kind}_item"][name], found[f"{kind}_paper"][name] = item, paper
        restricted = [items["secret"].pk] if kind == "secret" else []
        pack = Pack.objects.create(
            meeting=meeting, folder=item.folder, restricted=restricted, last_page=1, made_by=by,
            document=_kept(item.folder, canary(name, f"{mark}_words"), by, kind=packs.KIND, apart=True).document,
            pages=[[str(paper.pk), 1, 1, str(file.pk)]],
        )  # fmt: skip
        found[f"{kind}_pack"][name] = pack
    found["agenda_meeting"][name] = meeting
    if not ours:  # the managers of the day are let in: this one is the stranger's
        grants = FolderGrant.objects.filter(content_object=items["secret"].folder).exclude(user=by)
        grants.update(starts=timezone.now() - timedelta(days=2), ends=timezone.now() - timedelta(days=1))


def _kept(folder, words, by, **facts) -> Version:
    return keep(
        small_pdf(words), folder=folder, title=words, name="paper.pdf", content_type="application/pdf",
        marking="official", by=by, **facts,
    )  # fmt: skip


TYPED = {"title": "Learning from audits", "purpose": "note", "serves": "standing"}


def _version(model, name):
    def data(ground, case, persona):
        pk = laid(ground)[name][case.name].pk
        return {"version": model.objects.unscoped(WHY).get(pk=pk).version}

    return data


def _edited(name):
    return lambda g, c, p: TYPED | _version(Item, name)(g, c, p)


def _file(ground, case, persona):
    return {"file": SimpleUploadedFile("new.pdf", small_pdf("New words")), "marking": "official"}


POSTS = {
    ("boards:agenda", "agenda_meeting"): Post(
        "item_removed", lambda g, c, p: {"action": "remove", "item": laid(g)["agenda_item"][c.name].pk}
    ),
    ("boards:item_add", "agenda_meeting"): Post("item_added", lambda g, c, p: TYPED | {"audience": "open"}),
    ("boards:item_add", "case_meeting"): Post("item_added", lambda g, c, p: TYPED),
    ("boards:packs", "agenda_meeting"): Post("job_asked", lambda g, c, p: {"audience": "mine", "anew": "yes"}),
    ("boards:item_edit", "agenda_item"): Post("item_changed", _edited("agenda_item")),
    ("boards:item_edit", "secret_item"): Post("item_changed", _edited("secret_item")),
    ("boards:paper_add", "agenda_item"): Post("paper_asked", lambda g, c, p: {"title": "Figures", "there": "no"}),
    ("boards:paper_add", "secret_item"): Post("paper_asked", lambda g, c, p: {"title": "Figures", "there": "no"}),
    ("boards:paper", "agenda_paper"): Post("paper_sent", _file),
    ("boards:paper", "secret_paper"): Post("paper_sent", _file),
    ("boards:paper_edit", "agenda_paper"): Post("paper_withdrawn", lambda g, c, p: {"action": "withdraw"}),
    ("boards:paper_edit", "secret_paper"): Post(
        "paper_changed", lambda g, c, p: {"title": "Figures"} | _version(Paper, "secret_paper")(g, c, p)
    ),
}
