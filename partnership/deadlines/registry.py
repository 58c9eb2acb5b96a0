"""The rules that hold here: what ships with the portal, and above it what the partnership set itself.

A local edition never stands over a number of law or guidance that was read in its source: where a new release brings
such an edition, that one holds from its first day on.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from partnership.access import scope
from partnership.deadlines import rules
from partnership.deadlines.models import LocalEdition
from partnership.deadlines.rule_files import read_milestone
from partnership.deadlines.rules import NoEditionInForce, Rule, Unit, UnknownRule

LOCAL = "local "


def rule_in_force(code: str, on: date) -> Rule:
    """The edition of a rule that holds on `on`, the trigger's London date. Raises UnknownRule, NoEditionInForce."""
    shipped = rules.rule(code, on)
    if not shipped.editable:
        return shipped
    local = next((each for each in _local(code) if each.in_force(on)), None)
    return local or shipped


def editions_of(code: str) -> list[Rule]:
    """Every edition of a rule, shipped and local, oldest first, but those that were put right. Raises UnknownRule."""
    shipped = rules.editions(code)
    return sorted([*shipped, *_local(code)], key=lambda each: (each.effective_from, each.local))


def all_in_force(on: date) -> list[tuple[Rule, bool]]:
    """(edition, whether it holds on the day) of every rule, in the order of the files; one query.

    A rule that is not in force is shown by its last edition.
    """
    local, found = _local_rows(), []
    for code in rules.CODES:
        try:
            shipped = rules.rule(code, on)
        except NoEditionInForce:
            found.append((rules.editions(code)[-1], False))
            continue
        mine = _standing(local.get(code, ())) if shipped.editable else ()
        found.append((next((each for each in mine if each.in_force(on)), shipped), True))
    return found


def edition(code: str, name: str) -> Rule:
    """The edition that a running clock names, also one that was put right or has ended. Raises UnknownRule."""
    return named([(code, name)])[code, name]


def named(pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Rule]:
    """(code, name of the edition) -> the edition, of many clocks; one query at most. Raises UnknownRule."""
    pairs = set(pairs)
    found = known(pairs)
    for code, name in pairs - found.keys():
        raise UnknownRule(f"The rule '{code}' has no edition '{name}'.")
    return found


def known(pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Rule]:
    """As `named`, but what is unknown is left out: a list shows its other rows all the same."""
    found, local = {}, None
    for code, name in set(pairs):
        shipped = next((each for each in rules.RULES if (each.code, each.edition) == (code, name)), None)
        if shipped is None:
            local = _local_rows() if local is None else local
            row = next((each for each in local.get(code, ()) if f"{LOCAL}{each.number}" == name), None)
            if row is None:
                continue
            shipped = as_rule(row, row.effective_to)
        found[code, name] = shipped
    return found


def title_of(code: str) -> str:
    """What a rule is called; its code for one that no longer ships."""
    try:
        return rules.editions(code)[-1].title
    except UnknownRule:
        return code


def label_of(code: str, step: str) -> str:
    """What a step of a rule is called; its code where no edition that ships has it."""
    try:
        rows = rules.editions(code)
    except UnknownRule:
        return step
    return next((each.label for row in reversed(rows) for each in row.milestones if each.code == step), step)


_own: set[str] = set()


def register_own(*codes: str) -> None:
    """Rules whose clocks a wing starts itself, with the record that they are about: no form starts them without one."""
    _own.update(codes)


def choices(on: date) -> list[tuple[str, list[tuple[str, str]]]]:
    """(subject, [(code, title)]) of the rules that hold on a day and that a person may start, for a form's list."""
    found: dict[str, list] = {}
    for code in rules.CODES:
        if code in _own:
            continue
        try:
            each = rules.rule(code, on)
        except NoEditionInForce:
            continue
        found.setdefault(each.subject, []).append((code, each.title))
    return list(found.items())


def counts_hours(code: str, on: date) -> bool:
    """Whether the edition of that day runs from a time; False for a code that is unknown or not in force."""
    try:
        return rule_in_force(code, on).unit is Unit.HOURS
    except LookupError:
        return False


def as_rule(row: LocalEdition, effective_to: date | None) -> Rule:
    """A local edition as a rule: what was set, on the ground of the shipped edition of its first day."""
    ground = _ground(row.code, row.effective_from)
    return replace(
        ground,
        edition=f"{LOCAL}{row.number}",
        length=row.length,
        unit=Unit(row.unit),
        trigger=row.trigger,
        source=row.source,
        verified=row.verified,
        doubt="" if row.verified else "Set by the partnership; not read in the source of the number.",
        confidence="L",
        effective_from=row.effective_from,
        effective_to=effective_to,
        gap_before="",
        local=True,
        milestones=tuple(read_milestone(each, f"{row.code} {LOCAL}{row.number}") for each in row.milestones),
    )


def _ground(code, on) -> Rule:
    try:
        return rules.rule(code, on)
    except NoEditionInForce:
        return rules.editions(code)[-1]


_MEMO = "local editions"


def _local(code) -> list[Rule]:
    return _standing(_local_rows().get(code, ()))


def _local_rows() -> dict[str, list[LocalEdition]]:
    """code -> every local edition by its first day, also those put right: read once a request, at each call outside."""
    request = scope.current()
    if request and _MEMO in request.memo:
        return request.memo[_MEMO]
    found = defaultdict(list)
    for row in LocalEdition.objects.order_by("effective_from", "number"):
        found[row.code].append(row)
    if request:
        request.memo[_MEMO] = found
    return found


def forget() -> None:
    """A local edition was added: the rest of this request asks again."""
    if request := scope.current():
        request.memo.pop(_MEMO, None)


def _standing(rows) -> list[Rule]:
    """The local editions of one rule that were not put right, oldest first, each ended by the next."""
    replaced = {row.replaces_id for row in rows}
    rows = [row for row in rows if row.pk not in replaced]
    ends = [each.effective_from - timedelta(days=1) for each in rows[1:]] + [None] * bool(rows)
    return [as_rule(row, row.effective_to or end) for row, end in zip(rows, ends, strict=True)]
