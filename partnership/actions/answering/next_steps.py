"""What is next for the reader of an action's page: what, why, and by when. No query: the page has all of it."""

from django.urls import reverse

from partnership.actions import rag
from partnership.actions.models import Action
from partnership.actions.reads import facts_of
from partnership.ui.dates import plain
from partnership.ui.parts import Next

S = Action.Status


def next_for(page, day) -> Next | None:
    """The first thing that this reader can do. page: reads.ActionPage; day: a rag.Day."""
    return next(_all(page, day), None)


def _all(page, day):
    row = page.row
    if page.waiting_date and "decide_date" in page.steps:
        asked = page.waiting_date
        who = asked.asked_by.name if asked.asked_by else "Its owner"
        why = f"{who} asks for {plain(asked.wanted)} instead of {plain(asked.was)}."
        yield Next("Say whether it may be later", reverse("actions:decide_date", args=[asked.pk]), why)
    if "approve" in page.steps:
        yield Next("Approve the closing, or send it back", "#closing", "Its owner says that it is done.")
    if "give" in page.steps and page.owner_gone:
        why = f"{row.owner.name} can no longer open it."
        yield Next("Give it to somebody else", _to(page, "give"), why, row.due_on)
    if "give" in page.steps and row.owner_id is None and not page.is_split:
        yield Next("Give it to somebody", _to(page, "give"), "Nobody has it yet.", row.due_on)
    if page.mine and "ask_close" in page.steps:
        yield _of_owner(page, day)
    if "start" in page.steps:
        yield Next("Take it up when its time has come", _to(page, "start"), "It is a parked idea without a day.")


def _of_owner(page, day):
    row, facts = page.row, facts_of(page.row)
    if row.close_asked_at and row.note:
        why = "It was sent back; what is missing stands below."
        return Next("Say again that it is done", _to(page, "ask_close"), why, row.due_on)
    if rag.wants_update(facts, day):
        late = rag.overdue(facts, day)
        why = "Its day has passed" if late else "Its day is near"
        return Next("Say how it stands", _to(page, "update"), f"{why}, and nothing was said lately.", row.due_on)
    return Next(
        "Say that it is done", _to(page, "ask_close"), "Until then, say now and again how it stands.", row.due_on
    )


def why_nothing(page) -> str:
    """Why there is nothing to do for somebody who might expect it; empty where that is plain."""
    if page.row.status == S.TO_APPROVE:
        if page.own_closing:
            return "Nothing for you to do: somebody else approves what you did yourself."
        return "Nothing for you to do: its closing waits for approval."
    if page.mine and page.waiting_date:
        return "You asked for another day. Until that is decided, the day above stands."
    if page.is_split and page.row.status == S.OPEN:
        return "Each organisation answers for its own part. The whole is done when its parts are."
    return ""


def _to(page, name):
    return reverse(f"actions:{name}", args=[page.row.pk])
