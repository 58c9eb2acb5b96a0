"""Rows that were pasted or uploaded, read into what an entry says, each with its line and what is wrong with it."""

import csv
import io
import tempfile
from pathlib import Path

from partnership.directory.importing import limits
from partnership.directory.importing.limits import Unreadable
from partnership.directory.importing.reading import Column, Layout, Line, find_header, open_rows, rows_of
from partnership.people.models import Agency, Alias
from reviews.chronology.days import NoDate, read_day, read_time
from reviews.models import LONG

ROWS = 5_000
FILE_BYTES = 10 * limits.MB
TOO_LARGE = f"The file is larger than {FILE_BYTES // limits.MB} MB. Save it in parts and upload one after the other."
TOO_MANY = f"A chronology is taken in at most {ROWS:,} rows at a time. Save it in parts and send one after the other."
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
LAYOUT = Layout(columns=COLUMNS, grouped=True, origin="It needs a column ‘Date’ and a column ‘Event’.")
# Pasted lines without column names go by place.
PLACES = ("when", "source", "event", "analysis", "voice", "children", "time")
ORDER = (*PLACES, "until")  # in which rows are given back to be put right
EVERYBODY = {"all", "all children", "both", "family", "-", "–"}


def of_file(upload, reader):
    """(rows, remarks) of an uploaded XLSX or CSV. Raises Unreadable."""
    if upload.size > FILE_BYTES:
        raise Unreadable(TOO_LARGE)
    with tempfile.NamedTemporaryFile() as file:
        for chunk in upload.chunks():
            file.write(chunk)
        file.flush()
        reading = open_rows(Path(file.name), LAYOUT)
        try:
            return reader.read(reading.rows, day_zero=reading.day_zero), reading.remarks
        finally:
            reading.close()


def of_paste(text, reader):
    """(rows, remarks) of pasted lines, with tabs or upright strokes between the cells. Raises Unreadable."""
    separator = "\t" if "\t" in text else "|"
    records = [record for record in _records(text, separator) if any(cell.strip() for cell in record[1])]
    if separator == "|":  # a table of Markdown has them at both ends, and a line of dashes
        records = [
            (at, _bare(cells), ended) for at, cells, ended in records if any(set(c.strip()) - set("-: ") for c in cells)
        ]
    if not records:
        raise Unreadable("Paste at least one line.")
    if separator not in text:
        raise Unreadable("Between the cells of a line there is a tab or an upright stroke (|). None was found.")
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
    cells = [row.get("cells", row["said"]) for row in rows]
    codes = [code for code in ORDER if code in ("when", "source", "event") or any(each.get(code) for each in cells)]
    names = {column.code: column.names[0] for column in COLUMNS}
    out = io.StringIO()
    writer = csv.writer(out, delimiter="\t", lineterminator="\n")
    writer.writerow(names[code] for code in codes)
    for each in cells:
        writer.writerow([each.get(code, "") for code in codes] + (each["more"].split("\t") if each.get("more") else []))
    return out.getvalue()


def _too_many(cells):
    return f"The line has {len(cells)} cells; at most {len(PLACES)} are known." if any(cells[len(PLACES) :]) else ""


def _bare(cells):
    cells = cells[1:] if cells and not cells[0].strip() else cells
    return cells[:-1] if cells and not cells[-1].strip() else cells


def _records(text, separator):
    """(line, cells, last line). A quoted cell may run over lines, where the marks are in pairs."""
    if separator == "\t" and text.count('"') % 2 == 0:
        reader = csv.reader(io.StringIO(text), delimiter=separator)
        before = 0
        for cells in reader:
            began, before = before + 1, reader.line_num
            yield began, cells, before
    else:
        for at, line in enumerate(text.splitlines(), 1):
            yield at, line.split(separator), at


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
        """The organisations with exactly such a name, or another name of theirs; a name that two bear is nobody's."""
        folded = {name.casefold() for name in names}
        pairs = []
        if folded:
            # Case is folded here and not in the database: a list is asked for by the names as they may be written.
            spelt = {form for name in names for form in (name, name.title(), name.upper(), name.lower())}
            pairs += Agency.objects.live().filter(name__in=spelt).values_list("name", "pk", "name")
            pairs += Alias.objects.filter(name__in=spelt).values_list("name", "agency_id", "agency__name")
        for said, pk, name in pairs:
            at = said.casefold()
            self.known[at] = (pk, name) if self.known.get(at, (pk, name))[0] == pk else (None, "")

    def _row(self, line, day_zero):
        row = {"line": line.number, "problem": line.problem, "remark": "", "reading": "", "source": "", "facts": {}}
        row["said"] = {name: value[:200] for name, value in line.cells.items() if name in ("when", "source", "event")}
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
        day = read_day(f"{when} to {until}" if when and until and until != when else when, day_zero=day_zero)
        moment = read_time(cells.get("time") or "")
        if moment and day.precision != "day":
            raise NoDate("A time stands beside a date that is no single day.")
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
        return facts, {"reading": day.words, "source": name, "day": day.remark, "from": remark, "answer": answer}

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


def _dated(cells, day_zero) -> dict:
    """The cells as they are given back: a spreadsheet's bare number as the day that it is, for a box knows no epoch."""
    said = dict(cells)
    for name in ("when", "until"):
        try:
            day = read_day(_plain(said.get(name)), day_zero=day_zero)
        except NoDate:
            continue
        if day.remark:
            said[name] = day.words
    return said


def _plain(text):
    return " ".join(str(text or "").split())
