"""Minutes, decisions and what is sent up, on the two open groups of the walk (tests/walk/acting.py).

Each group has meetings in every state of their minutes, with an open item and a restricted one whose folder has the
people of the case, and asks the other group something. `mt_` marks what who sits there reads, `mw_` drafts, `mr_` what
is restricted, `ms_` and `mh_` what one group asks the other. What is published has no marker: everybody reads it.
"""

from datetime import timedelta

from django.utils import timezone

from boards.minutes import editions, services
from boards.models import (
    Attendance,
    Correction,
    Decision,
    Edition,
    Group,
    Item,
    Meeting,
    Minute,
    MinutesPrint,
    OtherBody,
    Part,
    Publication,
    SentUp,
)
from partnership.access.models import FolderKind
from partnership.access.services import open_folder
from partnership.documents.models import Document
from partnership.documents.services import keep
from tests.walk import acting
from tests.walk.considering import only_those_of
from tests.walk.post import Post, day
from tests.world import canary, small_pdf

WHY = "the walk lays its own ground"
DRAFT, CIRCULATED, CHECKED, AGREED = "minutes_draft", "minutes_circulated", "minutes_checked", "minutes_agreed"


def laid(ground) -> dict:
    """sample -> {case name: row}; "publication": one row. Made once a ground."""
    if "minutes" not in ground.__dict__:
        ground.minutes = _lay(ground)
    return ground.minutes


def sample(name):
    def of(ground):
        found = laid(ground)[name]
        return [[found.pk]] if name == "publication" else [[found[case.name].pk] for case in ground.cases]

    return of


def _lay(ground):
    found = {}
    groups = {case.name: _group(ground, case) for case in ground.cases}
    for case in ground.cases:
        for name, row in _of_case(ground, case, groups).items():
            found.setdefault(name, {})[case.name] = row
    for case, other in zip(ground.cases, reversed(ground.cases), strict=True):
        _sent(found, case, other, groups)
    found["publication"] = _published(ground, groups["ours"])
    return found


def _group(ground, case):
    folder = acting.laid(ground)["group"][case.name]
    row, _ = Group.objects.get_or_create(folder=folder)
    OtherBody.objects.get_or_create(group=row, name="Adults board")
    return row


def _of_case(ground, case, groups):
    mark = lambda what: canary(case.name, what)  # noqa: E731
    group, by = groups[case.name], ground.world.manager
    found = {"minutes_ahead": _meeting(group, days=9, title=mark("mt_title"), status="planned", held_at=None)}
    for name in (DRAFT, CIRCULATED, CHECKED, AGREED):
        row = found[name] = _held(ground, case, group)
        if name == DRAFT:
            Minute.objects.unscoped(WHY).filter(item__meeting=row, item__restricted=False).update(text=mark("mw_draft"))
            continue
        services.circulate(row, by=by)
        edition = editions.newest(row)
        if name == CIRCULATED:
            found["edition"] = edition
            _corrections(row, edition, by, mark)
            continue
        services.check(row, by=by, edition=edition.pk, outside=mark("mt_checked"))
        if name == AGREED:
            services.agree(_fresh(row), by=by, words=mark("mt_agreed_in"))
            item = found["agreed_item"] = _item(row)
            part = editions.whole_as_it_stands(row)[1]
            facts = {"text": mark("mt_corrected"), "decisions": {}, "reason": mark("mt_because")}
            found["edition_agreed"] = services.correct(item, by=by, read=part.pk, **facts)
    row = found[CIRCULATED]
    decisions = Decision.objects.unscoped(WHY).filter(meeting=row).order_by("number")
    found["decision"], found["hidden_decision"] = decisions
    found["minutes_print"] = _print(ground, case, found["edition"], mark)
    return {name: _fresh(row) for name, row in found.items()}


def _fresh(row):
    more = {Meeting: ("folder", "group__folder")}.get(type(row), ("folder",))
    return type(row).objects.unscoped(WHY).select_related(*more).get(pk=row.pk)


def _meeting(group, *, days, **facts):
    at = timezone.now() + timedelta(days=days)
    facts = {"status": "held", "held_at": at, "starts_at": at, "minutes_status": "draft"} | facts
    if facts["status"] != "held":
        facts["minutes_status"] = "none"
    return _fresh(Meeting.objects.create(folder=group.folder, group=group, **facts))


def _held(ground, case, group):
    """A meeting at which who sits there was, with an open item and a restricted one."""
    mark = lambda what: canary(case.name, what)  # noqa: E731
    row = _meeting(group, days=-30, title=mark("mt_title"), place=mark("mt_place"))
    _minuted(row, row.folder, 1, mark, "mt", restricted=False)
    hidden = open_folder(
        kind=FolderKind.ITEM, title=mark("mr_title"), partnership=ground.world.partnership, parent=group.folder,
        by=ground.world.officer, sealed=True,
    )  # fmt: skip
    only_those_of(case, hidden)
    _minuted(row, hidden, 2, mark, "mr", restricted=True)
    came = {"mark": "present", "name": mark("mt_came"), "post": "Head", "organisation": "A club"}
    user = ground.world.school_outside if case.name == "ours" else None
    Attendance.objects.create(folder=row.folder, meeting=row, user=user, **came)
    return row


def _minuted(meeting, folder, position, mark, prefix, *, restricted):
    shared = {"folder": folder, "meeting": meeting}
    item = Item.objects.create(position=position, title=mark(f"{prefix}_title"), restricted=restricted, **shared)
    Minute.objects.create(folder=folder, item=item, text=mark(f"{prefix}_minutes"))
    words = {name: mark(f"{prefix}_{name}") for name in ("text", "reason", "dissent")}
    Decision.objects.create(item=item, number=position, answer=mark(f"{prefix}_carried"), **shared, **words)


def _item(meeting):
    return Item.objects.unscoped(WHY).get(meeting=meeting, restricted=False)


def _corrections(row, edition, by, mark):
    for words in (mark("mt_correction"), mark("mt_declined")):
        services.ask_correction(row, by=by, words=words, edition=edition)
    asked = Correction.objects.unscoped(WHY).get(words=mark("mt_declined"))
    services.answer_correction(asked, by=by, taken=False, words=mark("mt_why_not"))


def _print(ground, case, edition, mark):
    by = ground.world.officer if case.name == "ours" else ground.world.stranger
    document = Document.objects.create(folder=edition.folder, title="Minutes", marking="sensitive", apart=True)
    file = {"name": "minutes.pdf", "content_type": "application/pdf", "marking": "sensitive", "by": by}
    content = small_pdf(mark("mt_pdf"))
    version = keep(content, folder=edition.folder, title=document.title, document=document, **file)
    parts = Part.objects.unscoped(WHY).filter(edition=edition, folder=edition.folder).values_list("pk", flat=True)
    shared = {"folder": edition.folder, "edition": edition, "made_by": by, "version": version}
    return MinutesPrint.objects.create(parts=list(parts), **shared)


def _sent(found, case, other, groups):
    """What the other group asks of this one, answered once and asked again; what this one asked of another body."""
    mark = lambda what: canary(case.name, what)  # noqa: E731
    group, due_on = groups[case.name], timezone.localdate() + timedelta(days=20)
    shared = {"folder": group.folder, "to_group": group, "from_group": groups[other.name], "due_on": due_on}
    shared |= {"decision": found["decision"][other.name], "words": mark("ms_asked")}
    done = {"status": "answered", "answer": mark("mh_answer"), "answered_at": timezone.now(), "words": mark("mh_asked")}
    SentUp.objects.create(**shared | done | {"decision": found["hidden_decision"][other.name]})
    found.setdefault("sent", {})[case.name] = SentUp.objects.create(**shared)
    outside = {"folder": group.folder, "from_group": group, "body": OtherBody.objects.get(group=group)}
    outside |= {"decision": found["decision"][case.name], "words": mark("mt_asked"), "due_on": due_on}
    found.setdefault("sent_outside", {})[case.name] = SentUp.objects.create(**outside)


def _published(ground, group):
    row = _meeting(group, days=-60, title="A meeting", place="A hall", minutes_status="agreed")
    edition = Edition.objects.create(folder=row.folder, meeting=row, number=1, kind="agreed", sha256="0" * 64)
    content = editions.content(row)[0].content | {"group": "A group"}
    Part.objects.create(folder=row.folder, edition=edition, position=0, content=content)
    Meeting.objects.unscoped(WHY).filter(pk=row.pk).update(minutes_status="published")
    shared = {"folder": row.folder, "title": "Minutes", "marking": "official"}
    document = Document.objects.create(apart=True, goes_out=True, **shared)
    file = {"name": "minutes.pdf", "content_type": "application/pdf", "by": ground.world.manager}
    keep(small_pdf("Published."), document=document, **file, **shared)
    return Publication.objects.create(folder=row.folder, edition=edition, document=document)


# --- valid posts ------------------------------------------------------------------------------------------------------


def _do(do, **data):
    return lambda ground, case, persona: {"do": do, **data}


def _answer(do):
    def build(ground, case, persona):
        waiting = Correction.objects.unscoped(WHY).filter(meeting=laid(ground)[CIRCULATED][case.name])
        row = waiting.get(outcome="waiting")
        return {"do": do, "correction": row.pk, "outcome_words": "As it was said."}

    return build


def _check(ground, case, persona):
    edition = editions.newest(laid(ground)[CIRCULATED][case.name])
    return {"do": "check", "edition": edition.pk, "outside": "The chair, in May"}


def _correct(ground, case, persona):
    item = laid(ground)["agreed_item"][case.name]
    part = next(each for each in editions.whole_as_it_stands(_meeting_of(item)) if each.item_id == item.pk)
    return {"read": part.pk, "text": "Put right.", "text_1": "We visit.", "reason": "A slip."}


def _meeting_of(item):
    return Meeting.objects.unscoped(WHY).get(pk=item.meeting_id)


def _asked(**data):
    return {"words": "An answer, please.", **data} | day("due_on", timezone.localdate() + timedelta(days=9))


def _agenda(ground, case, persona):
    return {"do": "agenda", "meeting_ahead": laid(ground)["minutes_ahead"][case.name].pk}


def _receive(ground, case, persona):
    return _asked(body=OtherBody.objects.get(group=acting.laid(ground)["group"][case.name].pk).pk)


POSTS = {
    ("boards:minutes", f"{DRAFT} circulate"): Post("minutes_circulate", _do("circulate")),
    ("boards:minutes", f"{CIRCULATED} ask"): Post("correction_asked", _do("ask", words="Four, not three.")),
    ("boards:minutes", f"{CIRCULATED} take"): Post("correction_take", _answer("take")),
    ("boards:minutes", f"{CIRCULATED} decline"): Post("correction_decline", _answer("decline")),
    ("boards:minutes", f"{CIRCULATED} check"): Post("minutes_check", _check),
    ("boards:minutes", f"{CIRCULATED} back"): Post("minutes_back", _do("back", note="Four, not three.")),
    ("boards:minutes", f"{CHECKED} agree"): Post("minutes_agree", _do("agree", agreed_words="The next meeting")),
    ("boards:edition", "edition"): Post("work_asked"),
    ("boards:item_correct", "agreed_item"): Post("minutes_edition", _correct),
    ("boards:publish", "edition_agreed"): Post("minutes_publish_asked", lambda g, c, p: {"stays": "on"}),
    ("boards:send_up", "decision"): Post(
        "decision_sent_up", lambda g, c, p: _asked(to_group=Group.objects.get(ref="quality").pk)
    ),
    ("boards:received", "group"): Post("sent_up_sent", _receive),
    ("boards:sent_up", "sent answer"): Post("sent_up_answer", _do("answer", words="Yes.")),
    ("boards:sent_up", "sent take_back"): Post("sent_up_take_back", _do("take_back")),
    ("boards:sent_up", "sent agenda"): Post("sent_up_listed", _agenda),
    ("boards:sent_up", "sent_outside heard"): Post("sent_up_heard", _do("answer", words="They agree.")),
    ("boards:matters_arising", "minutes_ahead"): Post("item_added"),
}
