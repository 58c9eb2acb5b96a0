"""A list of people beside the directory: who is new, which duties begin, end or get a holder, what is wrong.

Each row that changes something carries its `plan`, by which taking.py does exactly what was shown.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import date

from django.utils import timezone

from partnership.directory.importing import limits
from partnership.directory.importing.comparing import Comparison, Staged
from partnership.directory.importing.entries import Odd
from partnership.directory.importing.people.matching import Organisations, People
from partnership.directory.importing.people.rows import read, since
from partnership.directory.importing.people.words import duties_of
from partnership.directory.rules import ONE_AT_A_TIME
from partnership.documents.tables.limits import Unreadable
from partnership.people.finding import fold
from partnership.people.models import ContactPoint, DutyKind, NamedDuty
from partnership.people.models.dated import last_day
from partnership.ui.dates import plain


@dataclass(slots=True)
class Duty:
    """A duty as it will stand when the rows before have been taken. who: a person's key; () nobody."""

    pk: object
    kind: str
    who: tuple
    name: str
    post: str
    starts: object
    ends: object
    line: int = 0

    def meets(self, starts, ends):
        return (not ends or not self.starts or self.starts < ends) and (
            not starts or not self.ends or self.ends > starts
        )


@dataclass
class Stand:
    """What holds at the organisations of the file: their duties and their offices' contacts."""

    duties: dict = field(default_factory=lambda: defaultdict(list))
    offices: dict = field(default_factory=dict)

    @classmethod
    def now(cls, agency_ids, title):
        found = cls()
        rows = NamedDuty.objects.filter(agency__in=agency_ids, deputy_for=None).select_related("holder")
        for each in rows.order_by("starts", "pk"):
            who = (str(each.holder_id),) if each.holder_id else ()
            name = each.holder.name if each.holder_id else ""
            found.duties[each.agency_id].append(Duty(each.pk, each.kind, who, name, each.post, each.starts, each.ends))
        points = ContactPoint.objects.live().filter(agency__in=agency_ids, purpose=ContactPoint.Purpose.OFFICE)
        for each in points.order_by("pk"):
            kept = found.offices.setdefault(
                each.agency_id, {"office_email": set(), "office_telephone": set(), "mine": {}}
            )
            kept["office_email"].add(each.email.casefold())
            kept["office_telephone"].add(each.telephone.replace(" ", ""))
            if each.source == title:
                kept["mine"] = {"office_email": each.email, "office_telephone": each.telephone}
        return found


def compare(source, reading, *, scope, progress) -> Comparison:
    organisations = Organisations()
    rows, said = _read(reading, organisations, progress)
    progress(0.6, "Comparing with the directory")
    ids = {organisation.pk for _, _, organisation, _ in said}
    people, stand = People.known(ids), Stand.now(ids, source.title)
    said, doubled, left_out = _own_contradictions(said)
    rows += doubled
    unchanged = 0
    # By their days, so that a head who ends makes room for the next, whatever the order of the rows.
    for line, each, organisation, remark in sorted(said, key=lambda row: (row[1].starts or date.min, row[0])):
        try:
            row = _Row(source, line, each, organisation, remark, people, stand).staged()
        except Odd as odd:
            rows.append(_wrong(line, each, str(odd)))
        else:
            unchanged += row is None
            rows += [row] if row else []
    rows.sort(key=lambda row: row.line)
    return Comparison(rows, unchanged, left_out, [], 0, list(reading.remarks))


def _read(reading, organisations, progress):
    """(wrong rows, [(line, Said, Organisation, remark)])"""
    wrong, found = [], []
    for count, line in enumerate(reading.rows, start=1):
        if count > limits.PEOPLE:
            raise Unreadable(limits.TOO_MANY_PEOPLE)
        if count % 200 == 0:
            progress(0.6 * reading.done(), f"Reading line {line.number:,}")
        if line.problem:
            wrong.append(Staged(line.number, "", "wrong", "", problem=line.problem[:500], chosen=False))
            continue
        if not any(line.cells.values()):
            continue
        try:
            said = read(line.cells, reading.day_zero)
            organisation, remark = organisations.find(said)
            found.append((line.number, said, organisation, remark))
        except Odd as odd:
            name = (line.cells.get("name") or line.cells.get("organisation") or "")[:200]
            wrong.append(Staged(line.number, "", "wrong", name, problem=str(odd)[:500], chosen=False))
    return wrong, found


def _wrong(line, said, problem):
    label = said.name or said.organisation or said.number
    return Staged(line, "", "wrong", label[:200], problem=problem[:500], chosen=False)


def _own_contradictions(said):
    """(rows that stand, wrong rows, what was left out): one address under two names, one row twice."""
    names, seen, addresses = defaultdict(set), {}, defaultdict(set)
    for _, each, organisation, _ in said:
        if each.email:
            names[each.email.casefold()].add(fold(each.name))
            addresses[organisation.pk, fold(each.name)].add(each.email.casefold())
    kept, wrong, left_out = [], [], Counter()
    for line, each, organisation, remark in said:
        mine = addresses.get((organisation.pk, fold(each.name)), ())
        if each.name and not each.email and len(mine) == 1:
            each = replace(each, email=next(iter(mine)))  # who stands with an address in one row is she in the next
        facts = (organisation.pk, fold(each.name), each.email.casefold(), fold(each.duty), each.starts, each.ends)
        facts += (each.telephone, fold(each.post), each.office_email.casefold(), each.office_telephone)
        if each.email and len(names[each.email.casefold()]) > 1:
            words = (
                f"The address {each.email} stands under several names in this file. An office’s address belongs into "
            )
            wrong.append(_wrong(line, each, f"{words}the office’s column."))
        elif facts in seen:
            left_out["the same as an earlier row"] += 1
        else:
            seen[facts] = line
            kept.append((line, each, organisation, remark))
    return kept, wrong, left_out


class _Row:
    """One row: what it changes, shown in `old` and `new`, and the plan by which it is done."""

    def __init__(self, source, line, said, organisation, remark, people, stand):
        self.source, self.line, self.said, self.organisation = source, line, said, organisation
        self.people, self.duties, self.stand = people, stand.duties[organisation.pk], stand
        self.remarks, self.old, self.new, self.chosen = [remark], {}, {}, True
        self.plan = {"starts": _iso(said.starts), "duties": []}

    def staged(self):
        kinds = duties_of(self.said.duty, self.organisation.kind)
        if not kinds and self.said.name:
            raise Odd("The row names a person without a duty: the directory keeps people for what they hold.")
        person = self.people.find(self.said, self.organisation) if self.said.name else None
        if kinds:
            self._within_life()
        moves = [self._duty(kind, person) for kind in kinds]
        if person:
            self._person(person)
        self._office()
        if not self.new:
            return None
        for move in moves:  # only now: a row that is wrong leaves nothing behind for the next
            move()
        self.plan["duties"] = [each for each in self.plan["duties"] if each.get("set") or not each["pk"]]
        fresh = self.plan.get("person", {}).get("pk", "") is None or any(not d["pk"] for d in self.plan["duties"])
        action = "new" if fresh or not self.old else "changed"
        self.new["plan"] = self.plan
        who = self.said.name or ("Vacant" if self.said.duty else "Office")
        label = f"{who}, {self.organisation.name}"
        problem = " ".join(filter(None, self.remarks))[:500]
        return Staged(
            self.line, "", action, label[:200], self.organisation.pk, self.old, self.new, problem, self.chosen
        )

    def _within_life(self):
        mine, said = self.organisation, self.said
        if mine.starts and said.starts and said.starts < mine.starts:
            raise Odd(f"The organisation began on {plain(mine.starts)}.")
        if mine.ends and (said.ends is None or said.ends > mine.ends):
            raise Odd(f"The organisation ended on {plain(last_day(mine.ends))}.")

    # --- the person ---

    def _person(self, person):
        self.remarks.append(person.remark)
        self.chosen = person.sure
        said = {"email": self.said.email, "telephone": self.said.telephone, "job_title": self.said.post}
        plan = {"pk": str(person.pk) if person.pk else None, "name": person.name, "key": list(person.key), "set": {}}
        if person.pk is None:
            self.new |= {"person": f"{person.name}, new to the directory"} | {c: v for c, v in said.items() if v}
            plan["set"] = said | {"shared_address": self.said.shared}
            if self.said.shared:
                self.remarks.append(f"{self.said.email} looks like the address of an office, not of one person.")
        elif person.known_only:
            for code, value in said.items():
                now = getattr(person, code)
                if value and (not now or code == "telephone") and value.replace(" ", "") != now.replace(" ", ""):
                    self.old[code], self.new[code], plan["set"][code] = now, value, value
        self.plan["person"] = plan

    # --- the duties ---

    def _duty(self, kind, person):
        """Shows what becomes of the duty; returns what to do to the stand once the row is known to be right."""
        said, who = self.said, person.key if person else ()
        ours = [each for each in self.duties if each.kind == kind]
        meeting = [each for each in ours if each.meets(since(said.starts, said.ends), said.ends)]
        mine = sorted((each for each in meeting if each.who == who), key=lambda each: each.starts != said.starts)
        if mine:
            return self._change(mine[0], {}, person)
        if person is None:
            if meeting:
                raise Odd(
                    f"{meeting[0].name} has this duty in that time. End that one first, on the organisation’s page."
                )
            return self._add(kind, person)
        vacant = [each for each in meeting if not each.who and (not said.post or not each.post or _alike(each, said))]
        if len(vacant) == 1 and vacant[0].pk:
            return self._change(vacant[0], {"holder": person.name}, person)
        others = [each for each in ours if each.meets(said.starts, said.ends)]
        if kind in ONE_AT_A_TIME and others:
            other = others[0]
            where = f" (line {other.line})" if other.line else ""
            verb = "was" if other.ends and other.ends <= timezone.localdate() else "is"
            words = (
                f"{other.name or other.post or 'Somebody'}{where} {verb} {DutyKind(kind).label.lower()} in that time."
            )
            raise Odd(f"{words} Give the days, or end that one first.")
        return self._add(kind, person)

    def _add(self, kind, person):
        said = self.said
        self.new["duty"] = [*self.new.get("duty", []), kind]
        for code, value in (("starts", _iso(said.starts)), ("ends", _iso(said.ends)), ("post", said.post)):
            if value and not (code == "post" and person and person.pk is None):
                self.new[code] = value
        if person is None:
            self.new["holder"] = "nobody yet"
        elif person.pk is not None:
            self.new["holder"] = person.name
        facts = {"starts": _iso(said.starts), "ends": _iso(said.ends), "post": said.post}
        self.plan["duties"].append({"pk": None, "kind": kind, "set": facts})
        who, name = (person.key, person.name) if person else ((), "")
        duty = Duty(None, kind, who, name, said.post, said.starts, said.ends, self.line)
        return lambda: self.duties.append(duty)

    def _change(self, duty, facts, person):
        said = self.said
        if duty.pk is None and (said.starts, said.ends) not in ((duty.starts, duty.ends), (None, None)):
            raise Odd(f"Line {duty.line:,} names the same person for this duty with other days: only one can be right.")
        if said.starts and said.starts != duty.starts:
            facts["starts"] = _iso(said.starts)
        if said.ends and said.ends != duty.ends:
            facts["ends"] = _iso(said.ends)
        if said.post and not duty.post:
            facts["post"] = said.post
        starts, ends = said.starts or duty.starts, said.ends or duty.ends
        if starts and ends and ends <= starts:
            raise Odd("It would end before it begins: one of the days is wrong.")
        if duty.kind in ONE_AT_A_TIME:
            for each in self.duties:
                if each is not duty and each.kind == duty.kind and each.meets(starts, ends):
                    raise Odd(f"{each.name or each.post or 'Somebody'} has this duty in that time. End that one first.")
        if duty.pk is None:
            return lambda: None
        was = {"holder": duty.name or None, "starts": _iso(duty.starts), "ends": _iso(duty.ends), "post": duty.post}
        for code, value in facts.items():
            self.old[code], self.new[code] = was[code], value
        if facts:
            self.old["duty"], self.new["duty"] = [duty.kind], [duty.kind]
        self.plan["duties"].append({"pk": str(duty.pk), "kind": duty.kind, "set": facts, "was": was})

        def move():
            duty.starts, duty.ends, duty.line = starts, ends, self.line
            if "holder" in facts:
                duty.who, duty.name = person.key, person.name

        return move

    # --- the office ---

    def _office(self):
        said = {
            code: getattr(self.said, code) for code in ("office_email", "office_telephone") if getattr(self.said, code)
        }
        if not said:
            return
        empty = {"office_email": set(), "office_telephone": set(), "mine": {}}
        kept = self.stand.offices.setdefault(self.organisation.pk, empty)
        lines, other = kept.setdefault("lines", {}), {}
        for code, value in said.items():
            if _bare(code, value) in kept[code]:
                continue
            if code in lines:
                what = "address" if code == "office_email" else "telephone"
                raise Odd(f"Line {lines[code]:,} says another {what} of the office: only one can be right.")
            other[code] = value
        for code, value in other.items():
            if kept["mine"].get(code):
                self.old[code] = kept["mine"][code]
            self.new[code] = value
            self.plan.setdefault("office", {})[code.removeprefix("office_")] = value
            kept[code].add(_bare(code, value))
            lines[code] = self.line


def _bare(code, value):
    return value.casefold() if code == "office_email" else value.replace(" ", "")


def _alike(duty, said):
    return fold(duty.post) == fold(said.post)


def _iso(value):
    return value.isoformat() if value else None
