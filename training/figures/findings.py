"""The figures of a year of training as a reader may have them, and what they come to in one sentence."""

from collections import Counter

from partnership.actions.planning.rules import words_of_year
from partnership.ui.charts import stack
from training.figures.counting import Words, Year
from training.figures.cuts import chart, parts_of
from training.figures.reads import AHEAD, CANCELLED, DELIVERED, UNCLOSED
from training.figures.shapes import CUTS, NAMELESS_PEOPLE, OF_PEOPLE, Figures, Line, Said
from training.models import Evaluation

WHERE_ANY = ("Events still to come", "Events whose register is not complete")


def figures(user, year, *, by="course", named) -> Figures:
    """All figures of a year that `user` may have; a dozen questions of the database, however much there is.

    named: whether `reads.reads_names`; False to see what those see who may not have names.
    """
    return figures_of(both(user, year, named=named), by=by)


def both(user, year, *, named) -> tuple:
    """(the year, the year before, what things are called in them), as they are counted in any cut."""
    now, before = (Year(user, each, named=named) for each in (year, year - 1))
    return now, before, Words((now, before))


def figures_of(read, *, by) -> Figures:
    """read: of `both`."""
    now, before, called = read
    named, year = now.named, now.year
    by = by if by in offered(named) else "course"
    people = named or by in NAMELESS_PEOPLE
    waits = not named and by in OF_PEOPLE and not now.over
    found = Figures(
        year=year, named=named, by=by, totals=_totals(now, before), states=now.states, finding=_sentence(now, before),
        segments=_bar(now.states),
        parts=[] if waits else parts_of(by, now, before, called, people=people), reasons=_reasons(now),
        said=[] if now.said_waits else _said(now, before), sources=sorted({each.source for each in now.events} - {""}),
        people=people, recorded=before.recorded, cut_waits=waits, said_waits=now.said_waits,
    )  # fmt: skip
    found.bars, found.cut_finding = chart(found)
    return found


def offered(named) -> tuple:
    return tuple(CUTS) if named else tuple(by for by in CUTS if by != "agency")


def _totals(now, before) -> list[Line]:
    def of(label, state):
        return beside(label, *(year.states[state] for year in (now, before)))

    def beside(label, this, last):
        return Line(label, this, last, recorded=before.recorded)

    lines = [
        beside("Delegates", now.total(now.people), before.total(before.people)),
        beside("Events planned", now.states.total(), before.states.total()),
        of("Events delivered", DELIVERED),
        of("Events cancelled", CANCELLED),
        of("Events still to come", AHEAD),
        of("Events whose register is not complete", UNCLOSED),
        beside("E-learning courses completed", now.total(now.online), before.total(before.online)),
    ]
    return [line for line in lines if line.label not in WHERE_ANY or line.now or line.before]


def _bar(states) -> list:
    ahead = states[AHEAD] + states[UNCLOSED]
    return stack(
        [
            ("Delivered", "D", "good", states[DELIVERED]),
            ("To come, or register not complete", "T", "partly", ahead),
            ("Cancelled", "C", "bad", states[CANCELLED]),
        ]
    )


def _sentence(now, before) -> str:
    """What the year comes to, written from its numbers."""
    planned = sum(now.states.values())
    if not planned:
        return f"No event was planned in {words_of_year(now.year)}."
    many, then = now.total(now.people), before.total(before.people)
    took = f"{now.states[DELIVERED]:,} of {planned:,} events planned in {words_of_year(now.year)} were delivered"
    took += f" and {now.states[CANCELLED]:,} cancelled"
    if many is None:
        return f"{took}."
    said = f"{took}; {many:,} delegate{'' if many == 1 else 's'} took part"
    line = Line("", many, then)
    if then and line.change:
        way = "more" if line.change > 0 else "fewer"
        said += f", {abs(line.change):,} {way} than in {words_of_year(before.year)} ({line.percent})"
    return f"{said}."


def _reasons(now) -> list[tuple]:
    """[(why, how many events)], the most frequent first."""
    counted = Counter(each.why for each in now.events if each.state == CANCELLED)
    return sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))


def _said(now, before) -> list[Said]:
    """What only last year was asked is not named."""
    stages = dict(Evaluation.Stage.choices)
    then = {} if before.said_waits else before.replies
    return [
        Said(stages[stage], question.worded(stage), each, then.get((stage, question)), now.named)
        for (stage, question), each in now.replies.items()
    ]
