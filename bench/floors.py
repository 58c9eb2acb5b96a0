"""The floor of each page: its committed SQL, the rows put under the names that its template reads, its template.

What the template shows besides those rows (the navigation, the form, the buttons, the clock of one review, the words
of the account) was taken once from a rendering of the page itself and costs the floor nothing: see bench/README.md.
"""

from pathlib import Path

from django.db import connection
from django.template import Context
from django.template.loader import get_template
from django.utils import timezone

from boards.matrix.counting import LETTERS
from boards.matrix.reads import AT_ONCE, WORDS
from partnership.actions import rag
from partnership.actions.register.filters import OFFERED
from partnership.deadlines.rules import RAPID_REVIEW
from partnership.directory.rules import life
from partnership.documents.tables.days import Day
from partnership.people.models import AgencyKind, DutyKind, PartnerSeat
from partnership.people.roles import LABELS, Role
from partnership.ui.dates import clock_time, plain
from partnership.ui.listing import cut_page
from reviews.after import Moments
from reviews.models import Child, Decision, Notification, Review

SQL = Path(__file__).parent / "sql"


def statements(name) -> dict:
    """The statements of bench/sql/<name>.sql by the names above them."""
    parts = (SQL / f"{name}.sql").read_text().split("-- name: ")[1:]
    return {title.strip(): text.rstrip().rstrip(";") for title, text in (part.split("\n", 1) for part in parts)}


class Floor:
    """Calling it gives the page's HTML. shape(rows, shown) -> the part of the context that comes from the rows."""

    def __init__(self, name, shape, template, shown, params):
        self.sql, self.shape, self.params = statements(name), shape, params
        self.template, self.shown = get_template(template).template, shown

    def rows(self) -> dict:
        """Statement -> its rows as dicts."""
        found = {}
        with connection.cursor() as cursor:
            for name, text in self.sql.items():
                cursor.execute(text, self.params)
                columns = [column.name for column in cursor.description]
                found[name] = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
        return found

    def __call__(self) -> str:
        return self.template.render(Context(self.shown | self.shape(self.rows(), self.shown)))


def _page(found):
    return cut_page(found["rows"], found["count"][0]["count"], 1, 50)


_KINDS, _SEATS, _DUTIES = dict(AgencyKind.choices), dict(PartnerSeat.choices), dict(DutyKind.choices)
_STATUSES, _CODES, _HARMS = dict(Review.Status.choices), dict(Decision.Code.choices), dict(Notification.Harm.choices)
_BANDS, _LEGAL = dict(Child.AgeBand.choices), dict(Child.LegalStatus.choices)


def directory_list(found, shown):
    fields = shown["form"].fields
    areas = ((row["slug"], f"{'– ' * row['depth']}{row['name']}") for row in found["areas"])
    fields["area"].choices = [("", "All areas"), *areas]
    for row in found["rows"]:
        row["school"] = {"urn": row["urn"]} if row["urn"] else None
        row["get_kind_display"] = _KINDS[row["kind"]]
        row["life"] = life(row["starts"], row["ends"], open_words="–")
        row["state"] = ""
    page = _page(found)
    return {"found": {"count": page.paginator.count, "page": page, "past": False, "day": timezone.localdate()}}


def agency_page(found, shown):
    (agency,) = found["agency"]
    for name in ("sites", "classifications", "duties"):
        for row in found[name]:
            row["life"] = life(row["starts"], row["ends"])
    for row in found["classifications"]:
        row["basis"] = "Stated in the published arrangements"
    for row in found["duties"]:
        row["get_kind_display"], row["votes"] = _DUTIES[row["kind"]], True
    for row in found["people"]:
        row["user"] = _Named(row["user_id"], row["user"], row["job_title"])
        row["roles"] = [LABELS[Role(code)] for code in row["roles"]]
    facts = {
        "agency": {"area_names": agency["area_names"], "alias_rows": found["aliases"]},
        "facts": agency,
        "kind": _KINDS[agency["kind"]],
        "seat": _SEATS.get(agency["partner_seat"], ""),
        "life": life(agency["starts"], agency["ends"]),
        "sites": found["sites"],
        "classifications": found["classifications"],
        "successors": found["successors"],
        "predecessors": found["predecessors"],
        "duties": found["duties"],
        "people": found["people"],
        # The organisation of the bench has none of these and names no contact for cases: their tables are asked.
        "contacts": found["contacts"],
        "agreements": found["agreements"],
        "closures": found["closures"],
        "owners": found["owners"],
        "owned": found["owned"],
        "registrations": found["registrations"],
        "merges": found["merges"],
        "asked": {"reason": "Nobody is named to be asked."},
        "changes": _changes(found["versions"])[:5],
    }
    return {"facts": facts, "agency": agency, "school": agency if agency["urn"] else None}


class _Named:
    def __init__(self, pk, name, job_title):
        self.pk, self.name, self.job_title = pk, name, job_title

    def __str__(self):
        return self.name


def _changes(versions):
    changes = []
    for after, before in zip(versions, [*versions[1:], None], strict=True):
        fields = [("note", before["note"] or "nothing", after["note"])] if before else []
        changes.append(
            {"when": after["history_date"], "by": after["who"], "title": "Changed this organisation", "fields": fields}
        )
    return changes


def review_list(found, shown):
    """How each clock stands is taken from the page: that is computed."""
    clocks = [clock for _, clock in shown["rows"]]
    for row in found["rows"]:
        row["folder"] = {"reference": row["reference"]}
        row["get_status_display"] = _STATUSES[row["status"]]
    return {"page_obj": _page(found), "rows": list(zip(found["rows"], clocks, strict=True))}


def board(found, shown):
    """What the lines of the clocks are called is the wings' word and taken from the page; their rows are read."""
    assert sum(len(bucket.rows) for bucket in shown["buckets"]) == len(found["rows"])
    return {}


def review_page(found, shown):
    (review,) = found["review"]
    folder = {"reference": review["reference"]}
    notice = {**review, "get_harm_display": _HARMS[review["harm"]], "authority": {"name": review["authority"]}}
    decision, *earlier = found["decision"]
    words = {
        row["seat"]: row
        | {"signer": row["signer"] and {"name": row["signer"]}, "agency": {"name": row["agency"]}}
        | {"report": {"number": row["report_number"]}}
        for row in found["sign_offs"]
    }
    late = {seat for seat, row in words.items() if review["content_at"] and review["content_at"] > row["recorded_at"]}
    let_in = {row["seat"] for row in found["holders"] if row["signs"]}
    for row in found["children"]:
        row["get_age_band_display"] = _BANDS[row["age_band"]]
        row["get_legal_status_display"] = _LEGAL[row["legal_status"]]
    moments = Moments(decision["recorded_at"])
    for row in found["returns"]:
        row["body"], row["author_name"] = row["agency"], row["author"]
        row["owed"] = row["status"] == "asked"
        row["came_after"] = row["status"] == "submitted" and moments.words(row["submitted_at"])
        row["came_back"] = row["status"] == "asked" and row["sent_back_at"] is not None
    report = found["report"][0]
    page = {
        "review": review | {"folder": folder, "guidance": f"Working Together {review['edition'].removeprefix('WT')}"},
        "notification": notice,
        "notice_clock": shown["page"].notice_clock,
        "days": found["days"],
        "clock_id": next(row["pk"] for row in found["clocks"] if row["rule"] == RAPID_REVIEW),
        "why_notified_late": next(row for row in found["clocks"] if row["rule"] != RAPID_REVIEW)["late_reason"],
        "earlier_dates": [],
        "children": found["children"],
        "returns": found["returns"],
        "decision": decision
        | {"get_code_display": _CODES[decision["code"]], "recorded_by": {"name": decision["recorded_by"]}},
        "seats": [
            {"label": label, "sign_off": words.get(code), "let_in": code in let_in, "changed_since": code in late}
            for code, label in _SEATS.items()
        ],
        "leads_told": review["leads_told"] or [],
        "earlier": [(each | {"get_code_display": _CODES[each["code"]]}, []) for each in earlier],
        "report": report,
        "changed_since_report": report["changed_since"],
        "sending": None,
    }
    return {"page": page, "today": shown["today"]}


def chronology(found, shown):
    """The bench's chronology has gaps and notes and no two sources with the same words."""
    fields = shown["form"].fields
    sources = [
        (f"a:{row['agency_id']}", row["name"])
        if row["agency_id"]
        else (f"w:{row['source']}", f"{row['source']} (not in the directory)")
        for row in found["sources"]
    ]
    fields["source"].choices = [("", "All sources"), *sorted(sources, key=lambda each: each[1].casefold())]
    names = {row["pk"]: row["pseudonym"] for row in found["children"]}
    fields["child"].choices = [("", "All children"), *((str(pk), name) for pk, name in names.items())]
    notes = {}
    for note in found["notes"]:
        notes.setdefault(note["entry_id"], []).append(note | {"by": {"name": note["by"]}})
    lines = []
    for row in found["rows"]:
        days = (row["starts"] - row["before"]).days - 1 if row["starts"] and row["before"] else 0
        row["when"] = Day(row["precision"], row["starts"], row["ends"], row["about"]).words
        row["clock"] = clock_time(row["time"]) if row["time"] else ""
        row["source_name"], row["recorded_by"] = row["agency"] or row["source"], {"name": row["recorded_by"]}
        about = ", ".join(sorted(names[pk] for pk in row["children"])) or "All children"
        beside = notes.get(row["pk"], [])
        after = Moments(row["decided"]).words(row["recorded_at"])
        lines.append({"entry": row, "gap": days if days > 90 else 0, "about": about, "notes": beside, "after": after})
    page = cut_page(lines, found["rows"][0]["total"], 1, 50)
    return {"page_obj": page}


def action_register(found, shown, *, day):
    """day: the rag.Day that the page was drawn on; how a row stands is said by the same function from its facts."""
    offered = {name: {} for name in OFFERED}
    for row in sorted(found["offers"], key=lambda each: each["label"].casefold()):
        offered[row["what"]][row["pk"]] = row["label"]
    shown["form"].offer(offered)
    lines = [_action_line(row, offered["group"], day) for row in found["rows"]]
    counts = {row["colour"]: row["number"] for row in found["counts"]}
    rating = shown["form"].cleaned_data["rating"]
    total = counts.get(rating, 0) if rating else sum(counts.values())
    page = cut_page(lines, total, 1, 50)
    ratings = [each | {"number": counts.get(each["colour"], 0)} for each in shown["ratings"]]
    return {"found": {"count": total, "page": page}, "ratings": ratings}


def _action_line(row, groups, day):
    rated = (row["colour"], row["until"], row["at"]) if row["colour"] else None
    facts = rag.Facts(row["status"], row["due_on"], row["outlook"] or "", row["recorded_at"], rated, row["added_at"])
    for name in ("agency", "owner"):
        row[name] = {"name": row[name]} if row[name] else None
    return {
        "action": row, "standing": rag.standing(facts, day), "group": groups[row["folder_id"]], "left": row["left"],
        "source": None,
    }  # fmt: skip


def matrix(found, shown):
    """One organisation a seat: a cell has one mark. What the numbers are was counted by the database."""
    tallies = {(row["agency_id"], row["meeting_id"]): row for row in found["tallies"]}
    heads = [{"pk": row["pk"], "day_words": plain(timezone.localdate(row["starts_at"]))} for row in found["meetings"]]
    at, lines = {row["pk"]: number for number, row in enumerate(heads)}, {}
    none = {name: 0 for name in ("present", "deputy", "apologies", "absent", "na", "observer", "came", "expected")}
    for row in found["cells"]:
        if row["agency"] not in lines:
            tally = tallies.get((row["agency"], None), none)
            lines[row["agency"]] = {"name": row["name"], "note": "", "tally": tally, "cells": [None] * len(heads)}
        lines[row["agency"]]["cells"][at[row["meeting"]]] = _CELLS[row["mark"], row["there"]]
    lines = sorted(lines.values(), key=lambda line: line["name"].casefold())
    columns = [(head, tallies.get((None, head["pk"]), none)) for head in heads]
    blocks = []
    for n in range(0, len(heads), AT_ONCE):
        beside = [(line, list(zip(heads[n:], line["cells"][n : n + AT_ONCE], strict=False))) for line in lines]
        blocks.append((columns[n : n + AT_ONCE], beside))
    facts = {"columns": columns, "lines": lines, "blocks": blocks, "total": tallies[None, None], "by": "agency"}
    return {
        "sheet": facts | {"seats": len(lines)},
        "missing": sorted((row["name"] for row in found["missing"]), key=str.casefold),
    }


def _cell(mark, there):
    letter, word = LETTERS[mark], WORDS[mark]
    if there:
        return {"marks": ((letter, word, 1, mark),), "sign": "", "words": word}
    return {"marks": (), "sign": "–", "words": f"No seat ({word.lower()})"}


_CELLS = {(mark, there): _cell(mark, there) for mark in LETTERS for there in (True, False)}
