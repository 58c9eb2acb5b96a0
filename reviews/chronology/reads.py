"""The chronology as people read it. Every function takes the user first and shows what the row rule allows."""

from dataclasses import dataclass, field
from datetime import timedelta

from django.core.paginator import Paginator
from django.db.models import Case, DateField, Exists, F, Max, OuterRef, Q, RowRange, When, Window

from reviews.models import AgencyReturn, Child, Entry, EntryNote, Intake

PAGE = 50
MOST_ALIKE = 200
NEAR = timedelta(days=31)


@dataclass
class Shown:
    """One line of the page. gap: days before it for which nothing is recorded, 0 where there is no gap to show."""

    entry: Entry
    gap: int = 0
    about: str = ""
    wrong: EntryNote | None = None
    notes: list = field(default_factory=list)
    against: list = field(default_factory=list)  # (note, the other entry)
    alike: list = field(default_factory=list)  # entries of other sources with these words and another date


def owes(user, review) -> bool:
    """Whether this person still owes a return: until it is in, it is written without the other agencies' accounts."""
    mine = AgencyReturn.objects.visible_to(user).filter(review=review, author_id=user.pk)
    return mine.filter(status=AgencyReturn.Status.ASKED).exists()


def entries(user, review, *, source="", child="", q=""):
    rows = Entry.objects.visible_to(user).filter(review=review)
    kind, _, which = source.partition(":")
    if kind == "a":
        rows = rows.filter(agency_id=which)
    elif kind == "w":
        rows = rows.filter(agency=None, source=which)
    if child:
        rows = rows.filter(Q(children=[]) | Q(children__contains=[child]))
    for word in q.split()[:8]:
        rows = rows.filter(
            Q(event__icontains=word)
            | Q(analysis__icontains=word)
            | Q(voice__icontains=word)
            | Q(source__icontains=word)
        )
    return rows


def in_order(rows):
    """(pk, first day, the latest day that what stands before it reaches), in the order of the chronology."""
    wrong = EntryNote.objects.unscoped("of entries that are asked for").filter(entry=OuterRef("pk"), kind="wrong")
    rows = rows.annotate(
        # What was withdrawn fills no gap.
        reaches=Case(When(~Exists(wrong), then=F("ends")), default=None, output_field=DateField()),
    ).annotate(
        before=Window(Max("reaches"), order_by=list(Entry.ORDER), frame=RowRange(start=None, end=-1)),
    )
    return rows.order_by(*Entry.ORDER).values_list("pk", "starts", "before")


def sources(user, review) -> list:
    """(value, name) of the filter: the agencies, then the sources outside the directory."""
    found = Entry.objects.visible_to(user).filter(review=review).order_by()
    rows = found.values_list("agency_id", "agency__name", "source").distinct()
    named = {(f"a:{pk}", name) if pk else (f"w:{words}", f"{words} (not in the directory)") for pk, name, words in rows}
    return sorted(named, key=lambda each: each[1].casefold())


def children(user, review) -> list:
    return list(Child.objects.visible_to(user).filter(review=review))


def waiting(user, review):
    return (
        Intake.objects.visible_to(user)
        .filter(review=review, status=Intake.Status.WAITING)
        .defer("rows")
        .order_by("-at")
    )


def returns(user, review):
    """The returns to which rows may belong."""
    return AgencyReturn.objects.visible_to(user).filter(review=review).exclude(status="withdrawn")


def page(user, review, *, number="", gap=90, names=None, **asked):
    """A Page of Shown."""
    found = Paginator(in_order(entries(user, review, **asked)), PAGE).get_page(number)
    found.object_list = dressed(user, list(found.object_list), gap=gap, names=names or {})
    return found


def dressed(user, ordered, *, gap, names) -> list:
    """Shown rows of what `in_order` gave. names: child's id -> pseudonym."""
    ids = [pk for pk, _, _ in ordered]
    rows = Entry.objects.visible_to(user).filter(pk__in=ids).select_related("agency", "recorded_by")
    rows = {row.pk: row for row in rows}
    shown = {}
    for pk, starts, before in ordered:
        days = (starts - before).days - 1 if starts and before else 0
        about = ", ".join(sorted(names.get(each, "") for each in rows[pk].children)) or "All children"
        shown[pk] = Shown(rows[pk], days if days > gap else 0, about)
    _put_notes(user, shown)
    _put_alike(user, shown)
    return list(shown.values())


def _put_notes(user, shown):
    notes = EntryNote.objects.visible_to(user).filter(Q(entry__in=shown) | Q(other__in=shown))
    for note in notes.select_related("by", "entry__agency", "other__agency"):
        if note.kind == EntryNote.Kind.CONTRADICTS:
            if note.entry_id in shown:
                shown[note.entry_id].against.append((note, note.other))
            if note.other_id in shown:
                shown[note.other_id].against.append((note, note.entry))
        elif note.kind == EntryNote.Kind.WRONG:
            shown[note.entry_id].wrong = note
        else:
            shown[note.entry_id].notes.append(note)


def _put_alike(user, shown):
    """Two sources that give different dates for an event in the same words: a hint for people, no more."""
    keys = {each.entry.alike: [] for each in shown.values() if each.entry.alike and not each.wrong}
    if not keys:
        return
    review_id = next(iter(shown.values())).entry.review_id
    same = Entry.objects.visible_to(user).filter(review_id=review_id, alike__in=list(keys))
    wrong = EntryNote.objects.unscoped("of entries that are asked for").filter(entry=OuterRef("pk"), kind="wrong")
    same = same.exclude(Exists(wrong)).defer("event", "analysis", "voice").select_related("agency")
    for row in same.order_by(*Entry.ORDER)[: MOST_ALIKE + PAGE]:
        keys[row.alike].append(row)
    for each in shown.values():
        if each.wrong:
            continue
        mine = each.entry
        said = {other.pk for _, other in each.against}
        each.alike = [
            row
            for row in keys.get(mine.alike, ())
            if (row.agency_id, row.source) != (mine.agency_id, mine.source)
            and (row.starts, row.ends) != (mine.starts, mine.ends)
            and row.pk not in said
        ][:5]


def contradictable(user, entry):
    """The entries near to this one in time, or with the same words, from which the contradicted one is chosen."""
    near = Q(starts=None) if entry.starts is None else Q(starts__lte=entry.ends + NEAR, ends__gte=entry.starts - NEAR)
    if entry.alike:
        near |= Q(alike=entry.alike)
    rows = Entry.objects.visible_to(user).filter(near, review_id=entry.review_id).exclude(pk=entry.pk)
    return list(rows.order_by(*Entry.ORDER).values_list("pk", flat=True)[:300])
