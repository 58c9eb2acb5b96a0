"""Rows that were pasted or uploaded, read into what an entry says, each with its line and what is wrong with it."""

import csv
import io

from partnership.documents.tables import limits
from partnership.documents.tables.days import NoDate, read_day, read_moment, read_time
from partnership.documents.tables.limits import Unreadable
from partnership.documents.tables.pasted import records_of
from partnership.documents.tables.reading import Column, Layout, Line, find_header, open_upload, rows_of
from partnership.people.matching import called_exactly
from reviews.models import LONG

ROWS = 5_000
FILE_BYTES = 10 * limits.MB
TOO_LARGE = f"The file is larger than {FILE_BYTES // limits.MB} MB. Save it in parts and upload one after the other."
TOO_MANY = f"A chronology is taken in at most {ROWS:,} rows at a time. Save it in parts and send one after the other."
HELD_BACK = "It was kept back, to be put right before it is added."
NONE = "There is no row under the column names."
COLUMNS = (
    Column("when", ("Date", "When", "Date of event", "Event date", "Date from", "From"), essential=True),
    Column("until", ("Date to", "Until", "To", "End date")),
    Column("time", ("Time", "Time of event")),
    Column("source", ("Source", "Agency", "Source agency", "Source of information", "Organisation")),
    Column(
        "event",
        (
            "Event",
            "Significant event",
            "Event or contact",
            "What happened",
            "Details",
            "Description",
            "Details of event",
        ),
        essential=True,
    ),
    Column("analysis", ("Practice analysis", "Analysis", "Analysis of practice", "Comment", "Comments")),
    Column("voice", ("Child’s voice", "Childs voice", "Voice of the child", "Voice", "Child’s experience")),
    Column("children", ("Child", "Children", "Child or children", "Which child")),
)
LAYOUT = Layout(columns=COLUMNS, grouped=True, moments=True, origin="It needs a column ‘Date’ and a column ‘Event’.")
# Pasted lines without column names go by place.
PLACES = ("when", "source", "event", "analysis", "voice", "children", "time")
ORDER = (*PLACES, "until")  # in which rows are given back to be put right
EVERYBODY = {"all", "all children", "both", "family", "-", "–"}


def of_file(upload, reader):
    """(rows, remarks) of an uploaded XLSX or CSV. Raises Unreadable."""
    with open_upload(upload, LAYOUT, most=FILE_BYTES, too_large=TOO_LARGE) as reading:
        return reader.read(reading.rows, day_zero=reading.day_zero), reading.remarks


def of_paste(text, reader):
    """(rows, remarks) of pasted lines, with tabs or upright strokes between the cells. Raises Unreadable."""
    records = records_of(text)
    header = find_header(records[:1], LAYOUT)
    if {"when", "event"} <= set(header.codes):
        header.check(LAYOUT)
        lines = rows_of(
            ((at, cells + [""] * (len(header.codes) - len(cells)), ended) for at, cells, ended in records), header
        )
        return reader.read(lines), []
    return reader.read(map(_by_place, records)), [
        "The lines have no column names: date, source, event, analysis, voice, child, time."
    ]


def _by_place(record):
    at, cells, _ = record
    said, more = dict(zip(PLACES, map(str.strip, cells), strict=False)), "\t".join(cells[len(PLACES) :]).strip()
    return Line(at, said, _too_many(cells), said | {"more": more})


def as_lines(rows) -> str:
    """Rows that could not be read, as lines that `of_paste` reads: under column names, tabs between the cells."""
    cells = [_held(row) for row in rows]
    codes = [code for code in ORDER if code in ("when", "source", "event") or any(each.get(code) for each in cells)]
    names = {column.code: column.names[0] for column in COLUMNS}
    out = io.StringIO()
    writer = csv.writer(out, delimiter="\t", lineterminator="\n")
    writer.writerow(names[code] for code in codes)
    for each in cells:
        writer.writerow([each.get(code, "") for code in codes] + (each["more"].split("\t") if each.get("more") else []))
    return out.getvalue()


def _held(row) -> dict:
    """The cells of a row that cannot be read, as far as they were kept."""
    return row.get("cells") or row.get("said") or {}


def _names_of(row, names):
    return ", ".join(names[each] for each in row["facts"]["children"] if each in names)


def shown(row, names) -> dict:
    """A waiting row for its page, whatever was kept of it. names: child's id -> pseudonym."""
    laid = {name: row.get(name, "") for name in ("line", "problem", "remark", "reading")}
    if row["problem"]:
        held = _held(row)
        return laid | {name: held.get(name, "") for name in ORDER}
    facts = row["facts"]
    said = {name: facts[name] for name in ("written", "time", "event", "analysis", "voice")}
    return laid | said | {"source": row["source"], "children": _names_of(row, names) or "All children"}


def to_be_put_right(row, names) -> dict:
    """A row that can be read, as one that cannot yet: its cells as they are given back in a box."""
    facts = row["facts"]
    cells = {"when": facts["written"], "time": str(facts["time"] or "")[:5], "source": row["source"]}
    cells |= {name: facts[name] for name in ("event", "analysis", "voice")} | {"children": _names_of(row, names)}
    kept = {"line": row["line"], "problem": HELD_BACK, "remark": "", "reading": "", "source": "", "facts": {}}
    return kept | {"cells": _legible(cells, row["reading"])}


def _legible(cells, reading):
    """A date that only its file could read (a bare number) as what it was read as; its time has a cell of its own."""
    try:
        _, clock = read_moment(cells["when"])
    except NoDate:
        return cells | {"when": reading}
    return cells | {"time": "" if clock else cells["time"]}


def _too_many(cells):
    return f"The line has {len(cells)} cells; at most {len(PLACES)} are known." if any(cells[len(PLACES) :]) else ""


class Reader:
    """Knows the names of the children and of the directory's organisations. answer: the return whose rows these are:
    where they name no source, it is the body that answered. asked: the returns of the review, with their agency; a
    source that is called as a body outside the directory was asked is that body."""

    def __init__(self, children, answer=None, asked=()):
        self.children = {}
        for child in children:
            self.children[child.pseudonym.casefold()] = child.pk
            self.children.setdefault(child.pseudonym.casefold().removeprefix("child "), child.pk)
        self.answer = answer
        self.outside = {each.body.casefold(): each for each in asked if each.agency_id is None}
        self.known = {}

    def read(self, lines, *, day_zero=None) -> list:
        found = []
        for line in lines:
            if not line.problem and not any(line.cells.values()):
                continue
            if len(found) == ROWS:
                raise Unreadable(TOO_MANY)
            found.append(line)
        if not found:
            raise Unreadable(NONE)
        self.learn({_plain(line.cells.get("source")) for line in found} - {""})
        return [self._row(line, day_zero) for line in found]

    def learn(self, names):
        """The organisations that these names mean."""
        self.known |= called_exactly(names)

    def _row(self, line, day_zero):
        row = {"line": line.number, "problem": line.problem, "remark": "", "reading": "", "source": "", "facts": {}}
        if line.problem:
            return row | {"cells": line.raw}
        try:
            row["facts"], remarks = self.facts(line.cells, day_zero)
        except NoDate as wrong:
            row["problem"] = str(wrong)
            return row | {"cells": _dated(line.cells, day_zero)}
        row["answer"] = remarks.pop("answer")
        row["reading"] = remarks.pop("reading")
        row["source"] = remarks.pop("source")
        row["remark"] = " ".join(filter(None, remarks.values()))
        return row

    def facts(self, cells, day_zero=None):
        """(what an entry says, remarks) of one row. Raises NoDate with a sentence for whatever is wrong."""
        when, until = _plain(cells.get("when")), _plain(cells.get("until"))
        day, moment, clock = _moment(when, until, read_time(cells.get("time") or ""), day_zero)
        event = (cells.get("event") or "").strip()
        if not event:
            raise NoDate("The event is empty.")
        if any(len(cells.get(name) or "") > LONG for name in ("event", "analysis", "voice")):
            raise NoDate(f"A cell is longer than {LONG:,} characters.")
        agency, source, name, remark = self._source(_plain(cells.get("source")))
        facts = {
            "precision": day.precision, "starts": day.starts, "ends": day.ends, "about": day.about, "time": moment,
            "written": f"{when}{f' to {until}' if until and until != when else ''}"[:80],
            "agency": agency, "source": source, "children": self._children(_plain(cells.get("children"))),
            "event": event, "analysis": (cells.get("analysis") or "").strip(),
            "voice": (cells.get("voice") or "").strip(),
        }  # fmt: skip
        body = None if agency else self.outside.get(name.casefold())
        if self.answer is not None and name == self.answer.body:
            body = self.answer
        answer = str(body.pk) if body else ""
        said = {"reading": day.words, "source": name, "answer": answer}
        return facts, said | {"day": day.remark, "clock": clock, "from": remark}

    def _source(self, said):
        """(agency's id, words, name, remark)"""
        if not said:
            if self.answer is None:
                raise NoDate("The source is empty: say which agency this comes from.")
            return self._of_answer()
        if self.answer is not None and said.casefold() == self.answer.body.casefold():
            return self._of_answer()
        pk, name = self.known.get(said.casefold(), (None, ""))
        if pk:
            return pk, "", name, ""
        if said.casefold() in self.outside:
            return None, self.outside[said.casefold()].body, self.outside[said.casefold()].body, ""
        if len(said) > 200:
            raise NoDate("The source is longer than 200 characters.")
        return None, said, said, "The directory has no such organisation: the source is kept in these words."

    def _of_answer(self):
        """A body outside the directory is kept in its own words, as any source that the directory does not have."""
        answer = self.answer
        return answer.agency_id, "" if answer.agency_id else answer.body, answer.body, ""

    def _children(self, said):
        if not said or said.casefold() in EVERYBODY:
            return []
        found = []
        for name in filter(
            None,
            (
                part.strip().casefold()
                for part in said.replace(" and ", ",").replace("&", ",").replace(";", ",").split(",")
            ),
        ):
            if name not in self.children:
                raise NoDate(f"‘{name[:40]}’ is no child of this review. Write it as the review does, like Child A.")
            found.append(str(self.children[name]))
        return sorted(set(found))


def _moment(when, until, clock, day_zero):
    """(day, time, remark) of the cells of a row. clock: of its own cell. Raises NoDate."""
    if when and until and until != when:
        day, (first, last) = _span(when, until, day_zero)
    else:
        day, first = read_moment(when, day_zero=day_zero)
        last = None
    if clock and first and clock != first:
        raise NoDate(f"Two times are given: {first:%H:%M} with the date, and {clock:%H:%M}.")
    if day.precision == "day":
        ends = f"Until {last:%H:%M} is not taken over: an entry has the time at which it began." if last else ""
        return day, clock or first, ends
    if clock:
        raise NoDate("A time stands beside a date that is no single day.")
    return day, None, "The times of day are not taken over: the entry is of several days." if first or last else ""


def _span(when, until, day_zero):
    try:
        (one, first), (other, last) = (read_moment(each, day_zero=day_zero) for each in (when, until))
    except NoDate:
        first = last = None  # each is only read beside the other, like '3' and '5 April 2025'
    if not (first or last):
        return read_day(f"{when} to {until}", day_zero=day_zero), (None, None)
    return read_day(f"{one.words} to {other.words}"), (first, last)


def _dated(cells, day_zero) -> dict:
    """The cells as they are given back: a spreadsheet's bare number as the day that it is, for a box knows no epoch."""
    said = dict(cells)
    for name in ("when", "until"):
        try:
            day, clock = read_moment(_plain(said.get(name)), day_zero=day_zero)
        except NoDate:
            continue
        if day.remark:
            said[name] = f"{day.words} {clock:%H:%M}" if clock else day.words
    return said


def _plain(text):
    return " ".join(str(text or "").split())
