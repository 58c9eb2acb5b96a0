"""Entries of a file beside the directory: what is new, changed, closed, converted, moved, wrong. Writes nothing."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils import timezone

from partnership.directory.importing import facts as said
from partnership.directory.importing.entries import Entry, LeftOut, Wrong
from partnership.people.finding import fold

# A school that opens within this many days of the other's end, at its postcode, is taken for its successor.
BETWEEN = timedelta(days=31)
PART = 0.10  # of what we hold in the chosen areas: where more is missing, the file looks like a part


@dataclass(slots=True)
class Staged:
    """A row of the preview. old, new: the facts that differ, as the directory and the file say them."""

    line: int
    number: str
    action: str
    label: str
    agency_id: object = None
    old: dict = field(default_factory=dict)
    new: dict = field(default_factory=dict)
    problem: str = ""
    chosen: bool = True


@dataclass
class Comparison:
    rows: list
    unchanged: int
    left_out: Counter
    missing: list  # (number, name) that we hold in the chosen areas and the file lacks
    held: int  # how many we hold there
    remarks: list


def compare(source, reading, *, scope, progress) -> Comparison:
    """scope: local authority codes, or () for every one. progress(share, words)."""
    known = said.authorities_held(source)
    entries, wrong, left_out, seen = _parse(source, reading, scope, known, progress)
    progress(0.6, "Comparing with the directory")
    mine = {number for number, code in known.items() if not scope or code in scope}
    held = said.held(source, mine | entries.keys())
    places, towns = said.Places(), said.town_spellings()
    rows, unchanged = list(wrong), 0
    follows = _successions(entries, held)
    for number, (line, entry) in entries.items():
        found = held.get(number)
        if found is None:
            if why := source.new(entry):
                left_out[why] += 1
                continue
            rows.append(_new(line, entry, follows.get(number), places, towns))
        elif found.merged:
            left_out["merged with another record of the directory"] += 1
        elif row := _known(line, entry, found, follows.get(number), places, towns):
            rows.append(row)
        else:
            unchanged += 1
    _hang(rows)
    progress(0.95, "Ordering")
    rows.sort(key=lambda row: row.line)
    open_here = [
        (number, each.facts["name"])
        for number, each in held.items()
        if number in mine and not each.merged and not _over(each.facts["ends"])
    ]
    missing = sorted((pair for pair in open_here if pair[0] not in seen), key=lambda pair: pair[1])
    return Comparison(rows, unchanged, left_out, missing, len(open_here), list(reading.remarks))


def _parse(source, reading, scope, known, progress):
    """(number -> (line, Entry) in scope, wrong rows, what was left out, every number that the file has)."""
    entries, wrong, left_out, lines = {}, [], Counter(), defaultdict(list)
    for count, line in enumerate(reading.rows, start=1):
        if count % 1000 == 0:
            progress(0.6 * reading.done(), f"Reading line {line.number:,}")
        result = (
            Wrong(line.problem, *line.cells.values()) if line.problem else source.parse(line.cells, reading.columns)
        )
        if isinstance(result, LeftOut):
            left_out[result.why] += 1
        elif isinstance(result, Wrong):
            wrong.append(_wrong(line.number, result.number, result.name, result.problem))
            lines[result.number].append(line.number)
        elif scope and result.authority not in scope and known.get(result.number) not in scope:
            left_out["in other areas"] += 1
            lines[result.number].append(line.number)
        else:
            lines[result.number].append(line.number)
            entries[result.number] = (line.number, result)
    for number in [number for number in entries if len(lines[number]) > 1]:
        _, entry = entries.pop(number)
        both = " and ".join(f"{n:,}" for n in lines[number][:5])
        problem = f"The {source.number_name} {number} stands in lines {both}: only one of them can be right."
        taken = {row.line for row in wrong}
        wrong += [_wrong(n, number, entry.facts["name"], problem) for n in lines[number] if n not in taken]
    return entries, wrong, left_out, lines.keys()


def _wrong(line, number, name, problem):
    return Staged(line, number[:40], "wrong", name[:200], problem=problem[:500], chosen=False)


def _new(line, entry, follows, places, towns):
    facts = {code: value for code, value in entry.facts.items() if value is not None and code in said.FACTS}
    facts["areas"], _ = places.of(entry)
    if facts.get("town"):
        facts["town"] = towns.get(fold(facts["town"]), facts["town"])
    if follows:
        facts["follows"] = follows
    action = "converted" if follows else "new"
    return Staged(line, entry.number, action, facts["name"], new=facts, problem=entry.remark)


def _known(line, entry, held, follows, places, towns):
    """The staged row of an organisation that the directory holds; None where the file says the same."""
    if entry.facts.get("closed_without_day"):
        if held.facts["ends"]:
            return None
        problem = "The register says that it is closed and gives no day. Enter its last day by hand."
        return _wrong(line, entry.number, entry.facts["name"], problem)
    old, new = {}, {}
    for code, value in _wanted(entry, held, follows, places, towns):
        now = held.facts.get(code)
        if not same(code, now, value):
            old[code], new[code] = now, value
    if "item" in new and "establishment_type" not in new:
        del old["item"], new["item"]  # how it was classified by hand stays, until its type changes
    if not new:
        return None
    if "follows" in new:
        action = "converted"
    elif new.get("ends") and not held.facts["ends"]:
        action = "closed"
    elif "local_authority_code" in new or ("areas" in new and entry.authority not in ("", held.authority)):
        action = "moved"
    else:
        action = "changed"
    return Staged(line, entry.number, action, entry.facts["name"], held.agency_id, old, new, entry.remark)


def _wanted(entry, held, follows, places, towns):
    for code in said.FACTS:
        if code == "areas":
            slugs, kinds = places.of(entry)
            held.facts["areas"] = sorted(slug for slug, kind in held.areas.items() if kind in kinds)
            yield code, slugs
        elif code == "follows":
            have = held.facts.get("follows", [])
            more = [each for each in follows or () if each["number"] not in {one["number"] for one in have}]
            if more:
                yield code, [*have, *more]
        elif code == "town" and code in entry.facts:
            yield code, towns.get(fold(entry.facts["town"]), entry.facts["town"])
        elif code in entry.facts:
            yield code, entry.facts[code]


def same(code, now, value) -> bool:
    """Whether the two say the same: a spelling of a town, a scheme or a slash of a website is no change."""
    if now in (None, "", []) and value in (None, "", []):
        return True
    if not now or not value:
        return now == value
    if code == "town":
        return fold(now) == fold(value)
    if code == "website":
        return _address(now) == _address(value)
    if code == "postcode":
        return now.replace(" ", "") == value.replace(" ", "")
    if code in said.OWNERS:
        return now["number"] == value["number"]
    return now == value


def _address(url):
    return url.casefold().removeprefix("https://").removeprefix("http://").removeprefix("www.").rstrip("/")


def _over(ends):
    return bool(ends) and ends <= timezone.localdate().isoformat()


def _successions(entries, held) -> dict:
    """number of a successor -> the numbers and names that it follows, by postcode, days, ages and name."""
    ended, opened = defaultdict(list), defaultdict(list)
    for number in entries.keys() | held.keys():
        facts = _after(entries.get(number), held.get(number))
        if facts.get("postcode"):
            if facts.get("ends") and number in held:
                ended[facts["postcode"]].append((number, facts))
            if facts.get("starts") and number in entries:
                opened[facts["postcode"]].append((number, facts))
    found = defaultdict(list)
    for postcode, olds in ended.items():
        for number, facts in sorted(olds):
            end = date.fromisoformat(facts["ends"])
            fits = [
                each
                for each in opened.get(postcode, ())
                if each[0] != number and abs(date.fromisoformat(each[1]["starts"]) - end) <= BETWEEN
            ]
            if fits:
                successor = max(fits, key=lambda each: (_likeness(facts, each[1]), each[0]))
                found[successor[0]].append({"number": number, "name": facts["name"]})
    return found


def _after(entry, held):
    """The facts of an organisation as they stand when the file is taken."""
    now = dict(held.facts) if held else {}
    return now | {code: value for code, value in entry[1].facts.items()} if entry else now


def _likeness(old, new):
    mine, theirs = set(fold(old["name"]).split()), set(fold(new["name"]).split())
    ages = [(old.get(code), new.get(code)) for code in ("low_age", "high_age")]
    alike = sum(a is not None and a == b for a, b in ages)
    return 2 * alike + 3 * len(mine & theirs) / max(1, len(mine | theirs)) + (old.get("phase") == new.get("phase"))


def _hang(rows):
    """A closure on which duties or people's roles hang is not chosen, and says so."""
    closing = {row.agency_id: row.new["ends"] for row in rows if row.agency_id and row.new.get("ends")}
    words = said.hanging(closing)
    for row in rows:
        if row.agency_id in words:
            row.problem, row.chosen = " ".join(filter(None, [words[row.agency_id], row.problem])), False


__all__ = ["Comparison", "Entry", "Staged", "compare", "same"]
