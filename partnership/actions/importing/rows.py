"""The rows of a log as they would come in, each with its state and why. Read anew at every look: nothing is stored."""

from dataclasses import dataclass, field
from datetime import date

from partnership.actions.importing.columns import NEEDED, by_code, label_of
from partnership.actions.importing.who import MOST, Who
from partnership.actions.importing.words import (
    CLOSED,
    LEAVE,
    PARKED,
    Unclear,
    outlook_of,
    plain,
    read_date,
    read_scale,
    read_status,
)
from partnership.actions.models import Action, Impact, Likelihood, LogImport, Risk
from partnership.people.finding import fold
from partnership.ui.dates import plain as day_words

NEW, HELD, ASKS, THERE = "new", "held", "asks", "there"
STATES = {NEW: "Will be added", ASKS: "Waits for your answer", HELD: "Held back", THERE: "Already there"}
TAGS = {ASKS: ("To answer", "yellow"), HELD: ("Held back", "red"), THERE: ("Already there", "grey")}
LIMITS = {"what": 500, "success": 500, "cause": 500, "effect": 500, "controls": 4000, "said": 3500}
LONG = "‘{}’ is longer than {} characters. Shorten it and send the row again."
WHY = "the log belongs to this folder, and whoever takes it in holds that power there"
NO_WORDS = {
    LogImport.Kind.ACTIONS: "There is no action in this row.",
    LogImport.Kind.RISKS: "There is no risk in this row.",
}


@dataclass
class Row:
    """One line. facts: what the services take. unclear: what must be answered first. remarks: what was read how."""

    line: int
    state: str = NEW
    why: str = ""
    what: str = ""
    facts: dict = field(default_factory=dict)
    shown: dict = field(default_factory=dict)
    unclear: list = field(default_factory=list)
    remarks: list = field(default_factory=list)

    @property
    def tag(self):
        return TAGS[self.state]


def rows_of(log, user) -> list[Row]:
    """Every row of a log that waits. Four questions to the database, however many rows."""
    read = [(line, by_code(log.columns, cells), problem) for line, cells, problem in log.lines]
    texts = [(plain(said.get("owner")), plain(said.get("agency"))) for _, said, _ in read]
    who = Who(user, log.folder, texts)
    there = _there(log)
    interpret = _action if log.kind == LogImport.Kind.ACTIONS else _risk
    found = []
    for line, said, problem in read:
        row = Row(line, what=plain(said.get("what")))
        row.why = problem or _why_not(log, said)
        if row.why:
            row.state = HELD
        else:
            interpret(log, row, said, who)
        if row.state == NEW:
            _compare(row, there)
        found.append(row)
    return found


def _why_not(log, said):
    """Why a row cannot come in whatever is answered."""
    if not plain(said.get("what")):
        return NO_WORDS[log.kind]
    for code, most in LIMITS.items():
        if len(said.get(code, "")) > most:
            return (
                f"‘{label_of(log.kind, code)}’ is longer than {most:,} characters. Shorten it and send the row again."
            )
    if len(plain(said.get("owner"))) + len(plain(said.get("agency"))) > MOST - 3:
        return f"The owner is longer than {MOST - 3} characters. Shorten it and send the row again."
    return ""


def _compare(row, there):
    """The same words and the same day, in the same group or twice in the log, are one."""
    key = (fold(row.what), row.facts.get("due_on"))
    if key in there:
        row.state, row.why = THERE, there[key]
    else:
        there[key] = f"The same words with the same day stand in line {row.line}."


def _there(log):
    """(words, day) of what the group has -> why a row like it is not added."""
    if log.kind == LogImport.Kind.RISKS:
        rows = Risk.objects.unscoped(WHY).filter(folder=log.folder_id).exclude(status=Risk.Status.TAKEN_BACK)
        return {(fold(what), None): f"{ref} says the same." for what, ref in rows.values_list("what", "reference")}
    rows = Action.objects.unscoped(WHY).filter(folder=log.folder_id, parent=None)
    rows = rows.exclude(status=Action.Status.TAKEN_BACK)
    found = {}
    for what, ref, *days in rows.values_list("what", "reference", "due_on", "first_due_on"):
        for day in days:
            found[fold(what), day] = f"{ref} says the same, with the same day."
    return found


def _settle(row, log, *read):
    """What of these is clear; the others wait for an answer."""
    row.unclear = [each for each in read if isinstance(each, Unclear)]
    if row.unclear:
        row.state = ASKS
        row.why = " ".join(_asking(log, each) for each in row.unclear)
    return [None if isinstance(each, Unclear) else each for each in read]


def _asking(log, unclear):
    label = label_of(log.kind, unclear.field)
    return f"‘{label}’ says ‘{unclear.words[:60]}’." if unclear.words else f"‘{label}’ is empty."


def _shown(row, found, day, status):
    row.remarks += [found.remark] if found.remark else []
    row.shown = {
        "owner": found.owner.name if found.owner else "",
        "words": found.words,
        "agency": found.agency[1] if found.agency else "",
        "day": day_words(day) if day else "",
        "status": status,
        "parked": False,
        "said": row.facts.get("said") or row.facts.get("note", ""),
    }


def _action(log, row, said, who):
    answers, zero = log.answers, log.day_zero
    status = read_status(said.get("status"), answers)
    if status == LEAVE:
        row.state, row.why = HELD, f"The log says ‘{plain(said.get('status'))[:60]}’: it is needed no longer."
        return
    due = read_date("due", said.get("due"), zero, answers)
    if status == PARKED or (status == CLOSED and not isinstance(due, date)):
        due = None  # what is closed or parked needs no day
    agreed, closed = (read_date(name, said.get(name), zero, answers) for name in ("agreed", "closed"))
    status, due, agreed, closed = _settle(row, log, status, due, agreed, closed)
    if due == PARKED:
        status, due = PARKED, None
    found = who.of(plain(said.get("owner")), plain(said.get("agency")))
    last = closed if status == CLOSED and closed else log.as_of
    row.facts = {
        "what": row.what,
        "success": plain(said.get("success")),
        "status": status,
        "due_on": due,
        "agreed_on": min(filter(None, (agreed or log.as_of, due))),
        "closed_on": min(last, log.as_of),
        "owner": found.owner,
        "agency_id": found.agency[0] if found.agency else None,
        "owner_words": found.words,
        "said": _told(said, ("ref", "rag", "status", "due", "owner")),
        "outlook": outlook_of(said.get("rag")) or outlook_of(said.get("status")),
    }
    _shown(row, found, due, {CLOSED: "Closed", PARKED: "Parked idea"}.get(status, "Open"))
    if status == PARKED:  # whatever the log has: it comes in so
        row.shown |= {"parked": True, "owner": "", "words": "", "agency": ""}
    if agreed and due and due < agreed:
        row.remarks.append("Its day lies before the day it was agreed on: the earlier one is kept for both.")
    if due and said.get("due") and not _is_plain(said["due"]):
        row.remarks.append(f"Written: {plain(said['due'])[:60]}.")


def _is_plain(text):
    return "/" in text or "-" in text


LABELS = {"ref": "number", "rag": "rating", "status": "status", "due": "by when", "owner": "lead"}


def _told(said, codes) -> str:
    """The first update: what was commented, then how the log had it in its own words."""
    had = [f"{LABELS[code]} ‘{plain(said[code])[:200]}’" for code in codes if said.get(code)]
    parts = [said.get("said", "").strip(), f"The earlier log had: {', '.join(had)}." if had else ""]
    return "\n\n".join(filter(None, parts))


def _risk(log, row, said, who):
    answers = log.answers
    status = read_status(said.get("status"), answers)
    if status == LEAVE:
        row.state, row.why = HELD, f"The list says ‘{plain(said.get('status'))[:60]}’: it is a risk no longer."
        return
    likelihood, impact = (read_scale(name, said.get(name), answers) for name in ("likelihood", "impact"))
    review, closed = (read_date(name, said.get(name), log.day_zero, answers) for name in ("review", "closed"))
    status, likelihood, impact, review, closed = _settle(row, log, status, likelihood, impact, review, closed)
    found = who.of(plain(said.get("owner")), plain(said.get("agency")))
    row.facts = {
        "what": row.what,
        "cause": plain(said.get("cause")),
        "effect": plain(said.get("effect")),
        "controls": said.get("controls", ""),
        "note": _told(said, ("ref", "owner")),
        "likelihood": likelihood,
        "impact": impact,
        "review_on": review,
        "closed_on": min(closed or log.as_of, log.as_of) if status == CLOSED else None,
        "owner": found.owner,
        "agency_id": found.agency[0] if found.agency else None,
        "owner_words": found.words,
    }
    _shown(row, found, review, "Closed" if status == CLOSED else "Open")
    if likelihood and impact:
        row.shown["score"] = f"{likelihood * impact} ({Likelihood(likelihood).label} × {Impact(impact).label})"


def missing(log) -> list:
    """What no column was said to be, and without which no row can come in."""
    return [label_of(log.kind, code) for code in NEEDED[log.kind] if code not in log.columns.values()]


def questions(rows) -> list[tuple]:
    """[(Unclear, how many rows)], those that most rows wait for first."""
    counts, first = {}, {}
    for row in rows:
        for each in row.unclear:
            first.setdefault(each.key, each)
            counts[each.key] = counts.get(each.key, 0) + 1
    return [(first[key], count) for key, count in sorted(counts.items(), key=lambda each: (-each[1], each[0]))]
