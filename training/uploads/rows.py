"""The rows of an upload as they would come in, read anew at every look: who it is, which course, which day.

People are found by the address within the organisation. Whatever else could be somebody (a name without an address, a
known name with another address, a known address with another name) is asked about, once for all rows that say it.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from partnership.documents.tables.days import NoDate, read_day
from partnership.ui.dates import plain
from training.models import Completion, Course, Learner, WorkforceRole
from training.people.matching import key_of

WHY = "the page or service asked whether this organisation's people are the reader's to keep"
NEW, ASKED, WRONG, THERE, DOUBLE, OUT = "new", "asked", "wrong", "there", "double", "out"
# state -> (how it is counted, its tag)
STATES = {
    NEW: ("to be taken in", ("To take in", "green")),
    ASKED: ("held back until a question is answered", ("Asked", "yellow")),
    WRONG: ("cannot be taken in", ("Wrong", "red")),
    DOUBLE: ("say the same as another line of the file", ("Twice", "grey")),
    THERE: ("are on the record already", ("Already there", "grey")),
    OUT: ("left out, as you said", ("Left out", "grey")),
}
SOMEBODY_NEW, LEAVE = "new", "out"  # answers; every other one is an id
COURSE, PERSON = "course", "person"
EARLIEST = date(1990, 1, 1)
MOST_HOURS = Decimal("999.99")


@dataclass(frozen=True)
class Question:
    """kind: COURSE or PERSON. key: its key in `Upload.answers`. words: what the file says. choices: (answer, words)."""

    kind: str
    key: str
    words: str
    choices: tuple


@dataclass
class Row:
    """One line of the file. learner: of somebody who is known; None with state NEW is somebody new, told apart by
    `who` from the others of the file. questions: what has to be answered first. remark: how it was read."""

    line: int
    state: str = NEW
    why: str = ""
    remark: str = ""
    name: str = ""
    email: str = ""
    post: str = ""
    role: WorkforceRole | None = None
    course: Course | None = None
    course_words: str = ""
    day: date | None = None
    hours: Decimal | None = None
    provider: str = ""
    who: str = ""
    learner: Learner | None = None
    questions: list = field(default_factory=list)

    @property
    def tag(self):
        return STATES[self.state][1]


def folded(text) -> str:
    return " ".join(key_of(text).split())


def rows_of(upload) -> list[Row]:
    """Five questions of the database, however many lines there are."""
    known = _Known(upload)
    found = [_row(line, cells, problem, upload, known) for line, cells, problem in upload.lines]
    _names_of_one_address(found)
    for row in found:
        if row.state != WRONG:
            _whose(row, upload, known)
    _twice(found)
    _there(found)
    return found


def questions(rows) -> list[tuple[Question, int]]:
    """What must be answered first, courses before people, with how many lines wait for it."""
    asked, many = {}, defaultdict(int)
    for row in rows:
        for each in row.questions if row.state == ASKED else ():
            asked[each.key] = each
            many[each.key] += 1
    order = sorted(asked.values(), key=lambda each: (each.kind != COURSE, each.words.casefold()))
    return [(each, many[each.key]) for each in order]


class _Known:
    """What the organisation and the catalogue have, asked for once."""

    def __init__(self, upload):
        courses = Course.objects.exclude(status=Course.Status.DRAFT).order_by("title")
        self.courses = {str(row.pk): row for row in courses}
        # A title beats the catalogue's short names; one that two courses have means neither, and is asked about.
        titles = Counter(folded(row.title) for row in self.courses.values())
        self.by_title = {row.ref.casefold(): row for row in self.courses.values() if row.ref}
        self.by_title |= {title: row for row in self.courses.values() if titles[title := folded(row.title)] == 1}
        self.by_title = {words: row for words, row in self.by_title.items() if titles[words] < 2}
        roles = list(WorkforceRole.objects.all())
        self.roles = {folded(row.name): row for row in roles} | {row.code: row for row in roles}
        people = Learner.objects.unscoped(WHY).filter(agency=upload.agency_id, invented=False).select_related("role")
        self.people = {str(row.pk): row for row in people.order_by("name", "pk")}
        self.by_key = {row.key: row for row in self.people.values() if row.key}
        self.by_name = defaultdict(list)
        for row in self.people.values():
            self.by_name[folded(row.name)].append(row)


def _row(line, cells, problem, upload, known) -> Row:
    row = Row(line, name=" ".join(cells.get("name", "").split())[:200], email=cells.get("email", "").strip())
    if problem:
        row.state, row.why = WRONG, problem
        return row
    row.post, row.provider = cells.get("post", "")[:200], cells.get("provider", "")[:200]
    row.course_words = " ".join(cells.get("course", "").split())
    try:
        row.day, row.remark = _day(cells.get("day", ""), upload.day_zero)
        row.hours = _hours(cells.get("hours", ""))
        _address(row.email)
        row.role = _role(cells.get("role", ""), known)
        if not row.name and key_of(row.email) not in known.by_key:
            raise ValidationError("There is no name, and nobody is known by an address. Enter the name.")
        if not row.course_words:
            raise ValidationError("There is no course. Enter it, and upload the file again.")
    except ValidationError as error:
        row.state, row.why = WRONG, error.messages[0]
        return row
    _course(row, upload, known)
    return row


def _day(text, day_zero) -> tuple[date, str]:
    try:
        found = read_day(text, day_zero=day_zero)
    except NoDate as error:
        raise ValidationError(str(error)) from None
    if found.precision != "day" or found.about:
        raise ValidationError(f"‘{text[:60]}’ is no single day. Write the day like 3 April 2025.")
    if found.starts < EARLIEST:
        raise ValidationError(
            f"‘{text[:60]}’ is read as {plain(found.starts)}, too far back to count. Look at the year."
        )
    return found.starts, found.remark


def _hours(text) -> Decimal | None:
    if not text.strip():
        return None
    try:
        hours = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        hours = None
    if hours is None or not hours.is_finite() or not 0 <= hours <= MOST_HOURS:
        raise ValidationError(f"‘{text[:30]}’ is no number of hours. Write it like 1.5, or leave it empty.")
    return hours.quantize(Decimal("0.01"))


def _address(text):
    try:
        if text:
            validate_email(text)
    except ValidationError:
        raise ValidationError(f"‘{text[:100]}’ is not an email address.") from None
    if len(text) > 254:
        raise ValidationError("The email address is too long.")


def _role(text, known) -> WorkforceRole | None:
    """Only for somebody new; words that are no role of the matrix leave it to be said on the page of people."""
    return known.roles.get(folded(text))


def _course(row, upload, known):
    row.course = known.by_title.get(folded(row.course_words))
    if row.course:
        return
    key = f"{COURSE} {folded(row.course_words)}"
    said = upload.answers.get(key, "")
    if said == LEAVE:
        row.state = OUT
    elif said in known.courses:
        row.course = known.courses[said]
    else:
        row.state = ASKED
        choices = tuple((pk, each.title) for pk, each in known.courses.items())
        row.why = f"‘{row.course_words[:100]}’ is no course of the catalogue."
        row.questions.append(Question(COURSE, key, row.course_words, (*choices, (LEAVE, "None: leave these rows out"))))


def _names_of_one_address(rows):
    """One address under two names of a file is nobody: each of these lines says which other one it is."""
    first = {}
    for row in rows:
        if row.email and row.name:
            first.setdefault(key_of(row.email), {}).setdefault(folded(row.name), row)
    for row in rows:
        names = first.get(key_of(row.email), {}) if row.email else {}
        if len(names) > 1 and row.state != WRONG:
            other = next(each for name, each in names.items() if name != folded(row.name))
            row.state = WRONG
            row.why = (
                f"Line {other.line} has this address with another name, ‘{other.name[:60]}’. Put one of them right."
            )
            row.questions = []


def _whose(row, upload, known):
    key = key_of(row.email)
    row.who = f"address {key}" if key else f"name {folded(row.name)}"
    there = known.by_key.get(key) if key else None
    if there and folded(there.name) == (folded(row.name) or folded(there.name)):
        row.learner, row.name = there, row.name or there.name
        return
    if row.state == OUT:
        return
    # Of somebody with an address who is known by it, nobody else of that name can be meant.
    named = [there] if there else known.by_name.get(folded(row.name), [])
    if key and not named:
        return
    question = _asked_about(row, there, named)
    said = upload.answers.get(question.key, "")
    if said == LEAVE:
        row.state = OUT
    elif said in {pk for pk, _ in question.choices} and said != SOMEBODY_NEW:
        row.learner = known.people[said]
        row.who = f"record {said}"
    elif said != SOMEBODY_NEW or there:
        row.state = ASKED
        row.why = row.why or _why(row, there, named)
        row.questions.append(question)


def _asked_about(row, there, named) -> Question:
    choices = [(str(each.pk), _called(each)) for each in named]
    if not there:
        choices.append((SOMEBODY_NEW, "Somebody new of this name"))
    choices.append((LEAVE, "Leave these rows out"))
    words = f"{row.name}, {row.email}" if row.email else f"{row.name}, without an address"
    return Question(PERSON, f"{PERSON} {row.who}", words, tuple(choices))


def _why(row, there, named) -> str:
    if there:
        return f"This address is recorded with another name, ‘{there.name[:60]}’."
    if row.email:
        return "Somebody of this name is recorded with another address, or without one."
    return "There is no address, and a name alone is nobody’s."


def _called(row) -> str:
    left = f", left on {row.left_on:%-d %B %Y}" if row.left_on else ""
    return ", ".join(filter(None, [row.name, row.post, row.email or "no email address"])) + left


def _twice(rows):
    first = {}
    for row in rows:
        if row.state != NEW:
            continue
        who = str(row.learner.pk) if row.learner else row.who
        before = first.setdefault((who, row.course.pk, row.day), row)
        if before is not row:
            same = "" if before.email == row.email else f", where the address is written ‘{before.email[:100]}’"
            row.state, row.why = DOUBLE, f"The same as line {before.line}{same}."


def _there(rows):
    """What is on the record already: the same course of the same person on the same day."""
    wanted = [row for row in rows if row.state == NEW and row.learner]
    done = Completion.objects.unscoped(WHY).filter(
        learner__in={row.learner.pk for row in wanted}, course__in={row.course.pk for row in wanted}
    )
    have = set(done.values_list("learner", "course", "completed_on"))
    for row in wanted:
        if (row.learner.pk, row.course.pk, row.day) in have:
            row.state = THERE
