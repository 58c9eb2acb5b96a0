"""Demo material: answers as a careful school or agency gives them; nobody gave these."""

from datetime import timedelta

from audits.asking import scale_of, shown
from audits.models import Wording

Kind = Wording.Kind
NOTES = (
    "Looked at with the deputies in October; the date of the next look stands in the calendar.",
    "In place on the main site. The nursery follows after half term.",
    "Governors asked about this in the autumn meeting and were shown two examples.",
    "Written down, and new staff are walked through it in their first week.",
    "Two members of staff joined since the last training; their day is booked.",
    "The template of the partnership is used.",
)
GROUPS = (
    "Child protection plan", "Child in need plan", "Early help", "Looked after", "Young carer",
    "Education, health and care plan",
)  # fmt: skip
NOT_HERE = "There is nobody here whom this concerns."


def answers(asking, facts, random, *, share, today) -> dict:
    """wording -> the fields of its answer, of everything that such an organisation is asked but for files.

    share: about which part of its answers, 0 to 1, is one that a percentage counts.
    """
    codes, found = {}, {}
    for row in asking.wordings:
        if values := _value(row, random, share, today):
            found[row] = values
            codes[row.question_id] = values.get("code", "")
    asked = {row.pk for row in shown(asking, facts, codes)}
    return {row: values for row, values in found.items() if row.pk in asked}


def _value(row, random, share, today):
    if row.may_not_apply and random.random() < 0.04:
        return {"na_reason": NOT_HERE}
    if row.kind in Wording.CHOSEN:
        good = [code for code, _, counts in scale_of(row) if counts]
        rest = [code for code, _, counts in scale_of(row) if not counts]
        code = random.choice(good) if not rest or random.random() < share else rest[-1 if random.random() > 0.8 else 0]
        return {"code": code, "text": random.choice(NOTES) if random.random() < 0.15 else ""}
    if row.kind == Kind.PERCENT:
        return {"number": min(100, 70 + random.randrange(45))}
    if row.kind == Kind.NUMBER:
        return {"number": random.randrange(12)}
    if row.kind == Kind.DATE:
        return {"day": today - timedelta(days=random.randrange(20, 340))}
    if row.kind == Kind.TABLE:
        more = [""] * (len(row.columns) - 2)
        return {"rows": [[name, str(random.randrange(14)), *more][: len(row.columns)] for name in GROUPS]}
    return {"text": random.choice(NOTES)} if row.kind == Kind.TEXT else {}
