"""What organisations answered, read as codes in bulk: no word of an answer leaves the database here."""

from dataclasses import replace

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import BooleanField, Case, Count, Exists, F, Func, OuterRef, Q, TextField, Value, When
from django.db.models.functions import Cast, Concat

from audits.asking import asked_by
from audits.figures.counting import CODE, DAY, FILE, NA, NUMBER, ROWS, TEXT, Answered, Kind, One, Plan
from audits.models import Answer, AuditReturn, Shown
from audits.population import area_words
from partnership.access.reach import reach_of
from partnership.access.rows import powers
from partnership.people.roles import Perm

WHY = "counts of all returns for readers of figures: no name and no small number leaves here (ui.small_numbers)"
S = AuditReturn.Status
KEY = 36  # characters of a question's id
BETWEEN = "\n"  # no code of a scale holds one
NAMED = ("agency__name", "phase", "establishment", "district", "area__name", "trust__name", "window__name", "status")


def reads_names(user, round) -> bool:
    """Whether `user` reads the answers of all organisations of a round: the business unit, by its folder."""
    return Perm.ANSWERS_VIEW in powers(user, [round.folder])[round.folder_id]


def counts_here(user, round) -> bool:
    """Whether the figures of this partnership's rounds are for `user`."""
    return round.folder.partnership_id in reach_of(user).places(Perm.AUDIT_FIGURES)


def returns_of(user, round):
    """The returns of a round that count, or may come to: for a reader of names by the row rule."""
    return AuditReturn.objects.visible_to(user).filter(round=round).exclude(status=S.EXCUSED)


def every_return(round):
    """The same for figures without names."""
    return AuditReturn.objects.unscoped(WHY).filter(round=round).exclude(status=S.EXCUSED)


def how_many(rounds) -> dict:
    """Id of a round -> (how many owe or gave a return, how many gave it); one question."""
    rows = AuditReturn.objects.unscoped(WHY).filter(round__in=[row.pk for row in rounds]).exclude(status=S.EXCUSED)
    counted = (
        rows.order_by()
        .values_list("round")
        .annotate(asked=Count("pk"), returned=Count("pk", filter=Q(status=S.SUBMITTED)))
    )
    return {pk: (asked, returned) for pk, asked, returned in counted}


def ones(rows, plan, *, only=None) -> list[One]:
    """Returns with what each of them said, by name; two questions. rows: of `returns_of`, or of `every_return`. only:
    the key of the one question that is looked at."""
    return filled(bare(rows), plan, only=only)


def bare(rows) -> list[One]:
    """Returns without what they answered, by name; one question."""
    found = rows.order_by("agency__name", "pk").values_list("pk", "agency_id", "facts", *NAMED)
    return [
        One(pk, agency, name, facts, {}, phase, establishment, district, area_words(area, facts.get("area")),
            trust or "", window, status)
        for pk, agency, facts, name, phase, establishment, district, area, trust, window, status in found
    ]  # fmt: skip


def filled(found: list[One], plan, *, only=None) -> list[One]:
    """The same with what they answered; one question."""
    said = answers_of([one.pk for one in found], plan, only=only)
    return [replace(one, said=said.get(one.pk, {})) for one in found]


def answers_of(returns, plan, *, only=None) -> dict:
    """Id of a return -> {key of a question: what was said}; one question. What was taken over from last year and waits
    to be confirmed is not said yet. returns: ids that the caller has read by its reader's rule."""
    rows = Answer.objects.unscoped("of returns that were read by the rule of whoever asks").filter(
        audit_return__in=list(returns), to_confirm=False
    )
    if only is not None:
        rows = rows.filter(question__in=plan.needed(only))
    pair = Concat(Cast("question_id", TextField()), _said(plan), output_field=TextField())
    lines = rows.order_by().values_list("audit_return_id").annotate(said=StringAgg(pair, BETWEEN))
    return {pk: {line[:KEY]: line[KEY:] for line in said.split(BETWEEN)} for pk, said in lines}


def _said(plan):
    """An answer as `counting` reads it: one sign for its kind, and its code or number."""
    whens = [
        When(~Q(code=""), then=Concat(Value(CODE), F("code"), output_field=TextField())),
        When(na_reason__regex=r"\S", then=Value(NA)),  # a code has none beside it
        When(number__isnull=False, then=Concat(Value(NUMBER), Cast("number", TextField()), output_field=TextField())),
        When(day__isnull=False, then=Concat(Value(DAY), Cast("day", TextField()), output_field=TextField())),
    ]
    kinds = {column.kind for column in plan.columns}
    if Kind.FILE in kinds:
        shown = Shown.objects.unscoped("whether there is any").filter(answer=OuterRef("pk"))
        whens.append(When(Exists(shown), then=Value(FILE)))
    if Kind.TABLE in kinds:
        whens.append(When(_Filled(F("rows"), output_field=BooleanField()), then=Value(ROWS)))
    return Case(*whens, When(text__regex=r"\S", then=Value(TEXT)), default=Value(""), output_field=TextField())


class _Filled(Func):
    """Whether a cell of a table has more than spaces in it."""

    template = """jsonb_path_exists(%(expressions)s, '$[*][*] ? (@.type() != "string" || @ like_regex "\\\\S")')"""
    conditional = True


def plan_of(round) -> Plan:
    return Plan(asked_by(round.set_version))


def answered(rows, plan, *, as_they_stand=False, only=None) -> Answered:
    """Two questions. as_they_stand: answers that were not submitted yet count too. only: as `ones`."""
    if not as_they_stand:
        rows = rows.filter(status=S.SUBMITTED)
    return Answered(plan, ones(rows, plan, only=only), only)
