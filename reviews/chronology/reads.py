"""The chronology as people read it. Every function takes the user first and shows what the row rule allows."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, DateField, Exists, F, Max, OuterRef, Q, RowRange, When, Window
from django.db.models.functions import JSONObject

from partnership.documents.tables.days import Day
from partnership.ui.listing import page_number
from reviews.after import Moments, columns
from reviews.models import AgencyReturn, Child, Entry, EntryNote, Intake, Review

PAGE = 50
MOST_ALIKE = 20
NEAR = timedelta(days=31)


@dataclass(frozen=True)
class Alike:
    """An entry of another source, by its date and its source."""

    when: str
    source_name: str


@dataclass
class Shown:
    """One line of the page. gap: days before it for which nothing is recorded, 0 where there is no gap to show."""

    entry: Entry
    gap: int = 0
    about: str = ""
    after: str = ""  # that its return, or it itself, came after the decision or the sending
    wrong: EntryNote | None = None
    notes: list = field(default_factory=list)
    against: list = field(default_factory=list)  # (note, the other entry)
    alike: list = field(default_factory=list)  # Alike: of other sources with these words and another date


def _owed(user):
    return AgencyReturn.objects.visible_to(user).filter(author_id=user.pk, status__in=AgencyReturn.OWED)


def owes(user, review) -> bool:
    """Whether this person still owes a return: until it is in, it is written without the other agencies' accounts."""
    return _owed(user).filter(review=review).exists()


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


@dataclass
class Frame:
    """What stands around the rows. sources: (value, name) of the filter; some are outside the directory."""

    owes: bool
    children: list
    sources: list
    waiting: list
    moments: Moments


def frame(user, review) -> Frame:
    """In one question, whoever asks."""
    found = Entry.objects.visible_to(user).filter(review=OuterRef("pk")).order_by()
    named = {"agency": "agency_id", "name": "agency__name", "source": "source"}
    row = (
        Review.objects.visible_to(user)
        .filter(pk=review.pk)
        .order_by()
        .values(
            owed=Exists(_owed(user).filter(review=OuterRef("pk"))),
            child_rows=ArraySubquery(
                Child.objects.visible_to(user)
                .filter(review=OuterRef("pk"))
                .order_by("pseudonym")
                .values(data=JSONObject(id="pk", name="pseudonym"))
            ),
            source_rows=ArraySubquery(found.values(data=JSONObject(**named)).distinct()),
            waiting_rows=ArraySubquery(
                Intake.objects.visible_to(user)
                .filter(review=OuterRef("pk"), status=Intake.Status.WAITING)
                .order_by("-at")
                .values(data=JSONObject(pk="pk", name="name", count="count", at="at"))
            ),
            **columns(user),
        )
        .get()
    )
    waiting = row["waiting_rows"] or []  # None: nobody asks the database for what this person can never see
    for each in waiting:
        each["at"] = datetime.fromisoformat(each["at"])
    sources = [
        (f"a:{each['agency']}", each["name"])
        if each["agency"]
        else (f"w:{each['source']}", f"{each['source']} (not in the directory)")
        for each in row["source_rows"]
    ]
    children = [Child(pk=UUID(each["id"]), pseudonym=each["name"]) for each in row["child_rows"]]
    moments = Moments(row["decided"], row["sent"])
    return Frame(row["owed"], children, sorted(sources, key=lambda each: each[1].casefold()), waiting, moments)


def children(user, review) -> list:
    return list(Child.objects.visible_to(user).filter(review=review))


def returns(user, review):
    """The returns to which rows may belong."""
    rows = AgencyReturn.objects.visible_to(user).filter(review=review).exclude(status="withdrawn")
    return rows.select_related("agency", "subject")


def unknown_sources(intake) -> list:
    """Sources of waiting rows that are neither of the directory nor a body of the review, as they were written."""
    found = (row["facts"]["source"] for row in intake.rows if not row["problem"] and not row.get("answer"))
    return list(dict.fromkeys(filter(None, found)))


class _Counted(Paginator):
    """Its count comes with the rows of the page; it is asked for apart only where the page has none."""

    def get_page(self, number):
        number = page_number(number)
        rows = self.object_list.annotate(total=Window(Count("pk")))
        rows = rows.values_list("pk", "starts", "before", "total")
        found = list(rows[(number - 1) * PAGE : number * PAGE])
        if not found and number > 1:
            return super().get_page(number)
        self.count = found[0][3] if found else 0
        return Page([row[:3] for row in found], number, self)


def page(user, review, *, number="", gap=90, names=None, moments=None, **asked):
    """A Page of Shown. moments: of the review, as `frame` gives them."""
    found = _Counted(in_order(entries(user, review, **asked)), PAGE).get_page(number)
    found.object_list = dressed(user, list(found.object_list), gap=gap, names=names or {}, moments=moments)
    return found


def dressed(user, ordered, *, gap, names, moments=None) -> list:
    """Shown rows of what `in_order` gave. names: child's id -> pseudonym. moments: of the review; None asks nothing."""
    moments = moments or Moments()
    ids = [pk for pk, _, _ in ordered]
    rows = Entry.objects.visible_to(user).filter(pk__in=ids).select_related("agency", "recorded_by")
    rows = rows.annotate(same=ArraySubquery(_same(user)), answered_at=F("answer__submitted_at"))
    rows = {row.pk: row for row in rows}
    shown = {}
    for pk, starts, before in ordered:
        days = (starts - before).days - 1 if starts and before else 0
        about = ", ".join(sorted(names.get(each, "") for each in rows[pk].children)) or "All children"
        came = rows[pk].answered_at
        after = moments.words(came, "Its return came") if came else moments.words(rows[pk].recorded_at)
        shown[pk] = Shown(rows[pk], days if days > gap else 0, about, after)
    if shown:
        _put_notes(user, shown)
    for each in shown.values():
        each.alike = _alike(each)
    return list(shown.values())


def _same(user):
    """Entries with the words of an outer one, as facts. What was withdrawn says nothing any more."""
    wrong = EntryNote.objects.unscoped("of entries that are asked for").filter(entry=OuterRef("pk"), kind="wrong")
    same = Entry.objects.visible_to(user).filter(review=OuterRef("review"), alike=OuterRef("alike"))
    same = same.exclude(alike="").exclude(pk=OuterRef("pk")).exclude(Exists(wrong)).order_by(*Entry.ORDER)
    facts = ("id", "precision", "about", "starts", "ends", "source", "agency_id")
    return same.values(data=JSONObject(**{name: name for name in facts}, name="agency__name"))[:MOST_ALIKE]


def _alike(each) -> list:
    """Two sources that give different dates for an event in the same words: a hint for people, no more."""
    mine, said = each.entry, {other.pk for _, other in each.against}
    found = []
    for facts in () if each.wrong else mine.same:
        days = [facts[name] and date.fromisoformat(facts[name]) for name in ("starts", "ends")]
        other = Alike(Day(facts["precision"], *days, facts["about"]).words, facts["name"] or facts["source"])
        from_mine = (facts["agency_id"], facts["source"]) == (mine.agency_id and str(mine.agency_id), mine.source)
        if not from_mine and days != [mine.starts, mine.ends] and UUID(facts["id"]) not in said:
            found.append(other)
    return found[:5]


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


def contradictable(user, entry):
    """The entries near to this one in time, or with the same words, from which the contradicted one is chosen."""
    near = Q(starts=None) if entry.starts is None else Q(starts__lte=entry.ends + NEAR, ends__gte=entry.starts - NEAR)
    if entry.alike:
        near |= Q(alike=entry.alike)
    rows = Entry.objects.visible_to(user).filter(near, review_id=entry.review_id).exclude(pk=entry.pk)
    return list(rows.order_by(*Entry.ORDER).values_list("pk", flat=True)[:300])
