"""Entries of a file beside the directory: what is new, changed, closed, converted, moved, wrong. Writes nothing."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from django.utils import timezone

from partnership.directory.importing import facts as said
from partnership.directory.importing.entries import LeftOut, Wrong
from partnership.people.finding import fold

# A school that opens within this many days of the other's end, at its postcode, is taken for its successor.
BETWEEN = timedelta(days=31)
ELSEWHERE = "in other areas"
PART = 0.10  # of what we hold in the chosen areas: where more is missing, the file looks like a part
FEW = 10  # fewer than these may be a supplement written by hand; of more, one at least should be known


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
    elsewhere: Counter = field(default_factory=Counter)  # code of an area that was not chosen -> how many rows
    foreign: bool = False  # a whole file without one organisation of ours: another area's, hardly meant


def compare(source, reading, *, scope, progress) -> Comparison:
    """scope: local authority codes, or () for every one. progress(share, words)."""
    known = said.authorities_held(source)
    entries, wrong, left_out, seen, elsewhere = _parse(source, reading, scope, known, progress)
    progress(0.6, "Comparing with the directory")
    mine = {number for number, code in known.items() if not scope or code in scope}
    named = {entry.successor for _, entry in entries.values() if entry.successor}
    held = said.held(source, mine | entries.keys() | named)
    places, towns = said.Places(), said.town_spellings()
    rows, unchanged = list(wrong), 0
    linked = _linked(source, entries, held)
    _without_successor(entries, held.keys() | linked.keys())
    follows = _successions(entries, held | linked)
    _name_owners(source, entries)
    for number, (line, entry) in entries.items():
        found = held.get(number) or linked.get(number)
        if found is None:
            if why := source.new(entry):
                left_out[why] += 1
                continue
            rows.append(_new(line, entry, follows.get(number), places, towns, linked.alike.get(number)))
        elif found.merged:
            left_out["merged with another record of the directory"] += 1
        elif row := _known(source, line, entry, found, follows.get(number), places, towns):
            rows.append(row)
        else:
            unchanged += 1
    rows += _successors_held(entries, held, follows)
    _hang(rows)
    progress(0.95, "Ordering")
    rows.sort(key=lambda row: row.line)
    open_here = [
        (number, each.facts["name"])
        for number, each in held.items()
        if number in mine and not each.merged and not _over(each.facts["ends"])
    ]
    missing = sorted((pair for pair in open_here if pair[0] not in seen), key=lambda pair: pair[1])
    foreign = len(rows) >= FEW and len(missing) == len(open_here) >= FEW
    if foreign:
        for row in rows:
            row.chosen = False
    return Comparison(rows, unchanged, left_out, missing, len(open_here), list(reading.remarks), elsewhere, foreign)


def _parse(source, reading, scope, known, progress):
    """(number -> (line, Entry) in scope, wrong rows, what was left out, every number that the file has, how many rows
    lie in which other area)."""
    entries, wrong, left_out, lines, elsewhere = {}, [], Counter(), defaultdict(dict), Counter()
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
            lines[result.number][line.number] = result.name
        elif scope and (result.within or result.authority) not in scope and known.get(result.number) not in scope:
            left_out[ELSEWHERE] += 1
            elsewhere[result.within or result.authority] += 1
            lines[result.number][line.number] = result.facts["name"]
        else:
            lines[result.number][line.number] = result.facts["name"]
            entries[result.number] = (line.number, result)
    taken = {row.line for row in wrong}
    for number in [number for number in entries if len(lines[number]) > 1]:
        del entries[number]
        problem = _doubled(source, number, lines[number])
        wrong += [_wrong(n, number, name, problem) for n, name in lines[number].items() if n not in taken]
    return entries, wrong, left_out, lines.keys(), elsewhere


def _doubled(source, number, lines):
    first = [f"{n:,}" for n in list(lines)[:5]]
    more = " and others" if len(lines) > 5 else ""
    where = f"{', '.join(first)}{more}" if more else f"{', '.join(first[:-1])} and {first[-1]}"
    return f"The {source.number_name} {number} stands in lines {where}: only one of them can be right."


def _wrong(line, number, name, problem):
    return Staged(line, number[:40], "wrong", name[:200], problem=problem[:500], chosen=False)


class _Linked(dict):
    """number -> Held of the organisation that gets it. alike: number -> a remark, where it is not sure enough."""

    alike: dict


def _linked(source, entries, held):
    """Organisations that the directory has under the same name and without a number of this register."""
    found, pairs = _Linked(), {}
    found.alike = {}
    if not source.links:
        return found
    names = said.without_number(source)
    said_by = defaultdict(list)
    for number in entries.keys() - held.keys():
        for name in _names(entries[number][1].facts["name"]):
            if name in names:
                said_by[name].append(number)
    for name, numbers in said_by.items():
        if len(numbers) == 1 and len(names[name]) == 1:
            pairs[numbers[0]] = next(iter(names[name]))
        else:
            words = "The directory has this name without a number of this register: look whether they are the same."
            found.alike |= dict.fromkeys(numbers, words)
    twice = {pk for pk, many in Counter(pairs.values()).items() if many > 1}
    for number, each in said.held_of(source, {n: pk for n, pk in pairs.items() if pk not in twice}).items():
        mine, theirs = each.facts.get("postcode"), entries[number][1].facts.get("postcode")
        if mine and theirs and not same("postcode", mine, theirs):
            found.alike[number] = f"The directory has one of this name at {mine}: look whether they are the same."
        else:
            found[number] = each
    return found


def _names(name):
    folded = fold(name)
    return {folded, folded.removeprefix("nhs ")}


def _name_owners(source, entries):
    """An owner that a row gives by its number alone is recorded where the directory has it already."""
    bare = [entry for _, entry in entries.values() if (entry.facts.get("provider") or {}).get("name") == ""]
    if not bare:
        return
    numbers = {entry.facts["provider"]["number"] for entry in bare}
    names = {number: each.facts["name"] for number, each in said.held(source, numbers).items()}
    for entry in bare:
        owner = entry.facts["provider"]
        if owner["number"] in names:
            owner["name"] = names[owner["number"]]
        else:
            del entry.facts["provider"]


def _new(line, entry, follows, places, towns, alike=None):
    facts = {code: value for code, value in entry.facts.items() if value is not None and code in said.FACTS}
    facts["areas"], _ = places.of(entry)
    if facts.get("town"):
        facts["town"] = towns.get(fold(facts["town"]), facts["town"])
    if follows:
        facts["follows"] = follows
    action = "converted" if follows else "new"
    remark = " ".join(filter(None, [alike, entry.remark]))
    return Staged(line, entry.number, action, facts["name"], new=facts, problem=remark, chosen=not alike)


def _known(source, line, entry, held, follows, places, towns):
    """The staged row of an organisation that the directory holds; None where the file says the same."""
    if entry.facts.get("closed_without_day"):
        if held.facts["ends"]:
            return None
        problem = "The register says that it is closed and gives no day. Enter its last day by hand."
        return _wrong(line, entry.number, entry.facts["name"], problem)
    old, new = {}, {}
    for code, value in _wanted(source, entry, held, follows, places, towns):
        now = held.facts.get(code)
        if not same(code, now, value):
            old[code], new[code] = now, value
    if "item" in new and "establishment_type" not in new and not ("number" in new and old["item"] is None):
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


def _wanted(source, entry, held, follows, places, towns):
    for code in said.FACTS:
        if code == "number":
            yield code, entry.number if source.register and "number" not in held.facts else held.facts.get(code)
        elif code == "kind" or (code == "name" and source.capitals and _said_so(entry, held)):
            continue  # what kind of organisation it is was decided when it was added
        elif code == "register" and code in entry.facts:
            yield code, (held.facts.get(code) or {}) | entry.facts[code]
        elif code == "aliases":
            have = held.facts.get(code, [])
            known = {fold(each) for each in (*have, held.facts["name"], entry.facts["name"])}
            if more := [each for each in entry.facts.get(code, ()) if fold(each) not in known]:
                yield code, [*have, *more]
        elif code == "areas":
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


def _said_so(entry, held):
    """Whether a name differs by its case alone, or is one that people keep."""
    return entry.facts.get("partners_body") or fold(entry.facts["name"]) == fold(held.facts["name"])


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
    if code == "email":
        return now.casefold() == value.casefold()
    if code == "telephone":
        return now.replace(" ", "") == value.replace(" ", "")
    if code == "aliases":
        return sorted(now) == sorted(value)
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
    for number, (_, entry) in entries.items():
        if number in held and entry.successor in held:
            found[entry.successor].append({"number": number, "name": entry.facts["name"]})
    told = {each["number"] for many in found.values() for each in many}
    for postcode, olds in ended.items():
        for number, facts in sorted((each for each in olds if each[0] not in told), key=lambda each: each[0]):
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


def _successors_held(entries, held, follows):
    """Rows of successors that the directory has and the file lacks: on the line of the first that they carry on."""
    rows = []
    for number in follows.keys() - entries.keys():
        each = held[number]
        have = each.facts.get("follows", [])
        known = {one["number"] for one in have}
        more = [one for one in follows[number] if one["number"] not in known and one["number"] in held]
        if more and not each.merged:
            line, name = entries[more[0]["number"]][0], each.facts["name"]
            facts = {"follows": have}, {"follows": [*have, *more]}
            rows.append(Staged(line, number, "converted", name, each.agency_id, *facts))
    return rows


def _without_successor(entries, held):
    """The row of what was carried on by an organisation that the directory lacks says so."""
    for number, (line, entry) in entries.items():
        if entry.successor and number in held and entry.successor not in held:
            words = f"Its successor {entry.successor} is not in the directory: add it, then take the file again."
            remark = " ".join(filter(None, [entry.remark, words]))
            entries[number] = (line, replace(entry, remark=remark))


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
