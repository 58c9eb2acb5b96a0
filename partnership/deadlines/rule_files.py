"""The rule files, data/rules/*.toml: read into rules, and checked. docs/deadlines.md explains their words.

A file has a `subject` and one [[rule]] per edition, oldest first, with its [[rule.milestone]]s. A rule without
milestones takes those of data/rules/defaults.toml; `milestones_as` takes those of an earlier edition of its code.
"""

from __future__ import annotations

import tomllib
from dataclasses import fields, replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

from partnership.deadlines.shapes import (
    PLACES,
    WORKING,
    Direction,
    Level,
    Milestone,
    Repeats,
    Rule,
    Status,
    Unit,
)
from partnership.deadlines.working_days import FILES, UNITED_KINGDOM

FOLDER = Path(__file__).parent / "data" / "rules"
DEFAULTS = "defaults.toml"
RULE_WORDS = {each.name for each in fields(Rule)} - {"subject", "milestones", "local"} | {"milestone", "milestones_as"}
MILESTONE_WORDS = {each.name for each in fields(Milestone)}
DEFAULT_WORDS = MILESTONE_WORDS | {"from_length", "law_only"}
KINDS = {"status": Status, "unit": Unit, "direction": Direction, "repeats": Repeats}
CONFIDENCE = "SPRUL"


class BrokenRules(ValueError):
    """A rule file cannot be read; the sentence names the file, the rule and what is wrong."""


def load(folder: Path = FOLDER) -> tuple[Rule, ...]:
    """Every shipped edition, in the order of the files' names. Raises BrokenRules."""
    defaults = _toml(folder / DEFAULTS).get("milestone", [])
    for each in defaults:
        _known_words(each, DEFAULT_WORDS, DEFAULTS)
    rules: list[Rule] = []
    for path in sorted(folder.glob("*.toml")):
        if path.name == DEFAULTS:
            continue
        data = _toml(path)
        if not data.get("subject"):
            raise BrokenRules(f"{path.name} names no subject.")
        for table in data.get("rule", []):
            rules.append(_rule(table, data["subject"], rules, defaults, path.name))
    return tuple(rules)


def _toml(path: Path) -> dict:
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise BrokenRules(f"{path.name} cannot be read: {error}") from error


def _rule(table, subject, earlier, defaults, where) -> Rule:
    where = f"{where}, {table.get('code', 'a rule without a code')} {table.get('edition', '')}".strip()
    _known_words(table, RULE_WORDS, where)
    facts = {name: value for name, value in table.items() if name not in ("milestone", "milestones_as")}
    if "opens" in facts:
        facts["opens"] = tuple(facts["opens"])
    try:
        for name, kind in KINDS.items():
            if name in facts:
                facts[name] = kind(facts[name])
        rule = Rule(**({"length": None} | facts), subject=subject)
    except (TypeError, ValueError) as error:
        raise BrokenRules(f"{where}: {error}") from error
    if "milestones_as" in table:
        return replace(rule, milestones=_those_of(rule.code, table["milestones_as"], earlier, where))
    if "milestone" in table:
        return replace(rule, milestones=tuple(read_milestone(each, where) for each in table["milestone"]))
    return replace(rule, milestones=tuple(_defaults(rule, defaults)))


def _those_of(code, edition, earlier, where):
    for each in earlier:
        if (each.code, each.edition) == (code, edition):
            return each.milestones
    raise BrokenRules(f"{where}: milestones_as names an edition that does not stand before it: {edition}.")


def _defaults(rule, defaults):
    """The milestones of a rule that names none: those that its length has room for; nobody is chased for a soft one."""
    for each in defaults:
        facts = {name: value for name, value in each.items() if name not in ("from_length", "law_only")}
        long_enough = rule.length is None or room(rule) >= each.get("from_length", 0)
        if (rule.soft and "after_due" in each) or (each.get("law_only") and rule.status is not Status.LAW):
            continue
        if long_enough:
            yield read_milestone(facts | {"statutory": rule.status is Status.LAW}, DEFAULTS)


def read_milestone(table: dict, where: str) -> Milestone:
    """A milestone from a table of words. Raises BrokenRules."""
    _known_words(table, MILESTONE_WORDS, where)
    places = [name for name in PLACES if table.get(name) is not None]
    if len(places) != 1:
        raise BrokenRules(f"{where}: the milestone {table.get('code')} needs one of day, before_due and after_due.")
    if not isinstance(table[places[0]], int) or table[places[0]] < (0 if places[0] == "before_due" else 1):
        raise BrokenRules(f"{where}: the milestone {table.get('code')} has no number of days that can be counted.")
    try:
        return Milestone(**(table | {"level": Level(table.get("level", Level.OWNER))}))
    except (TypeError, ValueError) as error:
        raise BrokenRules(f"{where}: the milestone {table.get('code')}: {error}") from error


def _known_words(table, words, where):
    if unknown := sorted(set(table) - words):
        raise BrokenRules(f"{where}: unknown word {', '.join(unknown)}.")


def room(rule: Rule) -> int:
    """How many working days fit into the period at least; a rule without a length has all the room there is."""
    if rule.length is None:
        return 10_000
    if rule.unit in WORKING:
        return rule.length
    days = {Unit.DAYS: 1, Unit.MONTHS: 28, Unit.HOURS: 1 / 24}[rule.unit]
    return int(rule.length * days * 5 / 7)


def problems(rules, *, perms) -> list[str]:
    """What does not make sense in these rules, as sentences. perms: the powers that a milestone may name."""
    found = []
    by_code: dict[str, list[Rule]] = {}
    for rule in rules:
        by_code.setdefault(rule.code, []).append(rule)
        name = f"{rule.code} {rule.edition}"
        found += [f"{name}: {text}" for text in (*_of_rule(rule), *_of_milestones(rule, perms))]
    for known in by_code.values():
        found += _of_editions(known)
    return found


def _of_rule(rule):
    words = ("code", "title", "source", "edition", "trigger", "day_zero", "ref")
    if missing := [word for word in words if not getattr(rule, word)]:
        yield f"nothing is said of {', '.join(missing)}."
    if rule.confidence not in CONFIDENCE or len(rule.confidence) != 1:
        yield f"the confidence {rule.confidence!r} is none of {', '.join(CONFIDENCE)}."
    if not rule.verified and not rule.doubt:
        yield "it is not verified and names no doubt."
    if rule.verified and rule.confidence in "RU":
        yield "it was recalled or could not be verified, so it cannot be called verified."
    if rule.length is not None and not 0 < rule.length <= 5000:
        yield f"the length {rule.length} cannot be counted."
    if rule.division not in FILES:
        yield f"the division {rule.division!r} is none of {', '.join(FILES)}."
    elif rule.unit in WORKING and (rule.unit is Unit.UK_WORKING_DAYS) != (rule.division == UNITED_KINGDOM):
        yield f"{rule.unit} are not counted by the bank holidays of {rule.division}."
    if rule.effective_to is not None and rule.effective_to < rule.effective_from:
        yield "it ends before it begins."
    try:
        rule.opening_days(2027)  # no leap year: 29 February is no day of every year
    except (ValueError, TypeError):
        yield f"the days {', '.join(map(str, rule.opens))} are not days of a year, like 1 April."
    if not isinstance(rule.effective_from, date):
        yield "the first day of its effect is no date."


def _of_milestones(rule, perms):
    codes = [each.code for each in rule.milestones]
    if len(set(codes)) != len(codes):
        yield "two milestones have one code."
    for each in rule.milestones:
        if not each.code or not each.label:
            yield "a milestone has no code or no label."
        if each.perm and each.perm not in perms:
            yield f"the milestone {each.code} names an unknown power: {each.perm}."
    for code, text in misplaced(rule):
        yield f"{code}: {text}"


def misplaced(rule: Rule):
    """(milestone code, sentence) of the milestones that do not lie within their period."""
    fits = room(rule)
    for each in rule.milestones:
        place, number = each.place
        if place == "day" and rule.direction is Direction.BEFORE:
            yield each.code, f"‘{each.label}’ counts from a trigger that comes after it."
        elif place == "day" and number > fits:
            yield each.code, f"‘{each.label}’ lies beyond the period of {rule.period}."
        elif place == "before_due" and rule.direction is Direction.AFTER and number and number >= fits:
            yield each.code, f"‘{each.label}’ lies before what starts the period of {rule.period}."


def _of_editions(known):
    names = [each.edition for each in known]
    if len(set(names)) != len(names):
        yield f"{known[0].code}: two editions have one name."
    for older, newer in pairwise(known):
        if older.effective_to is None or newer.effective_from <= older.effective_to:
            yield f"{older.code}: the editions {older.edition} and {newer.edition} overlap."
        elif newer.effective_from > older.effective_to + timedelta(days=1) and not newer.gap_before:
            yield f"{older.code}: none was in force between {older.edition} and {newer.edition}, and nothing says why."
