"""The story of what happened: events become sentences when they are read, by names that are looked up then."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from partnership.people.models import Agency, PartnerSeat, User
from partnership.people.roles import LABELS, Role
from partnership.trail.models import Event
from partnership.ui.dates import clock_time, repeated_suffix

PORTAL = "The portal"

# verb -> sentence. {user}, {agency}, {role} and {seat} are looked up; any other name is the event's own number, code
# or day.
_sentences: dict[str, str] = {
    "folder_opened": "opened the folder",
    "folder_agencies_set": "changed which agencies open the folder",
    "folder_sealed": "sealed the folder",
    "folder_renamed": "gave the folder another name",
    "access_granted": "let {user} in: {role}",
    "access_ended": "ended the access of {user}: {role}",
    "access_shortened": "gave the access of {user} an earlier last day: {role}",
    "emergency_opened": "opened it in an emergency, for 24 hours",
    "emergency_barred": "tried to open it in an emergency, and is barred",
    "emergency_missed": "tried to open a case in an emergency by a word that opens none",
    "person_barred": "recorded a conflict of interest for {user}",
    "conflict_declared": "declared a conflict of interest of their own",
    "bar_lifted": "lifted the conflict of interest of {user}",
    "read": "read a page of it",
    "listed": "saw it in a list",
    "downloaded": "downloaded a file",
    "refused": "was refused a page",
}
_words: dict[str, Callable] = {}
_subjects: dict[str, Callable] = {}
_saved_as_typed: set[str] = {"refused"}
_readings = {"read", "listed", "downloaded"}


@dataclass(frozen=True)
class Told:
    """One line of a story. `recorded_at` differs from `happened_at` where the portal was told later."""

    who: str
    what: str
    happened_at: datetime
    recorded_at: datetime
    reading: bool
    id: int
    about: tuple  # (verb, id of the row)
    times: int = 1  # how many saves were folded into this line
    kind: str = ""  # of that row
    subject: tuple = ()  # (words, address) of that row, for a reader who may see it

    @property
    def often(self):
        """Whether it is written so often, as a text saves itself, that a reader wants it folded."""
        return self.about[0] in _saved_as_typed

    @property
    def day(self):
        """The day in London on which the portal was told."""
        return timezone.localdate(self.recorded_at)


def register_sentences(sentences: dict[str, str], *, saved_as_typed=(), readings=()) -> None:
    """verb -> sentence, with the names that `_tell` looks up and those that the event itself carries.

    saved_as_typed: those verbs that one sitting writes many times. readings: those that change nothing. Raises
    ValueError where a verb says something else already: its events would be told in the words of another.
    """
    if twice := [verb for verb, said in sentences.items() if _sentences.get(verb, said) != said]:
        raise ValueError(f"these verbs have another sentence already: {', '.join(twice)}")
    _sentences.update(sentences)
    _saved_as_typed.update(saved_as_typed)
    _readings.update(readings)


def register_words(**words: Callable) -> None:
    """name -> words(data): what stands for {name} in a sentence, made from the event's own codes, without a query."""
    _words.update(words)


def readings_of_a_row() -> tuple:
    """The verbs of a reading of something itself: not of a list that it stands in."""
    return tuple(sorted(_readings - {"listed"}))


def what_was_done(verb) -> str:
    """The sentence of a verb that needs no names."""
    return _sentences.get(verb, verb.replace("_", " "))


PAGE = 200
# Who is barred, and who was turned away, is for those who let people in; the others on a case need not know.
FOR_GRANTERS = ("person_barred", "conflict_declared", "bar_lifted", "refused", "emergency_barred")


def story(*, folder_id=None, object_id=None, also=(), verbs=(), hide=(), readings=True, before=None) -> list[Told]:
    """The newest events of a folder, or of one row, as sentences; at most PAGE of them.

    also: the ids of what hangs on that row and belongs to its story. verbs: only these. hide: not these. readings: who
    read it too, and saw it in a list. before: only what came before this event's id. The page has asked for TRAIL_READ,
    or picks the verbs that its reader may know.
    """
    rows = Event.objects.exclude(verb__in=[*hide, *(() if readings else _readings)])
    if folder_id:
        about = Q(folder_id=folder_id)
        # A list names its folders in its data: where readings are asked for, the folder's own index is of no use.
        if readings and (not verbs or "listed" in verbs):
            about |= Q(verb="listed", data__contains={"folders": [str(folder_id)]})
        rows = rows.filter(about)
    else:
        rows = rows.filter(object_id__in=[object_id, *also])
    if verbs:
        rows = rows.filter(verb__in=verbs)
    if before:
        rows = rows.filter(pk__lt=before)
    return tell(list(rows[:PAGE]))


def tell(events) -> list[Told]:
    """Events as sentences; three queries at most whatever their number."""
    people = {event.actor_id for event in events} | {
        event.data.get("user") or event.data.get("author") for event in events
    }
    names = dict(User.objects.filter(pk__in=people - {None}).values_list("pk", "name"))
    agencies = {event.data["agency"] for event in events if event.data.get("agency")}
    agency_names = dict(Agency.objects.filter(pk__in=agencies).values_list("pk", "name")) if agencies else {}
    names = {str(key): name for key, name in names.items()}
    agency_names = {str(key): name for key, name in agency_names.items()}
    return [_tell(event, names, agency_names) for event in events]


def _tell(event, names, agency_names) -> Told:
    data = event.data
    words = data | {
        "user": names.get(str(data.get("user") or data.get("author")), "somebody"),
        "agency": agency_names.get(str(data.get("agency")), "an agency"),
        "role": LABELS.get(_role(data.get("role")), "").lower(),
        "seat": dict(PartnerSeat.choices).get(data.get("seat"), "").lower(),
    }
    words |= {name: say(data) for name, say in _words.items()}
    sentence = _sentences.get(event.verb, event.verb.replace("_", " "))
    return Told(
        who=names.get(str(event.actor_id), PORTAL),
        what=sentence.format_map(defaultdict(str, words)),
        happened_at=event.happened_at,
        recorded_at=event.recorded_at,
        reading=event.verb in _readings,
        id=event.pk,
        about=(event.verb, event.object_id),
        kind=event.object_kind,
    )


def register_subjects(kind, tell: Callable) -> None:
    """tell(user, ids) -> {id: (words, address)} of those rows of a kind that `user` may see; one query."""
    _subjects[kind] = tell


def with_subjects(user, told) -> list[Told]:
    """The same lines, each with the row that it tells of, where its kind is registered and this reader may see it."""
    ids = defaultdict(set)
    for each in told:
        if each.kind in _subjects and each.about[1]:
            ids[each.kind].add(each.about[1])
    found = {pk: said for kind, pks in ids.items() for pk, said in _subjects[kind](user, pks).items()}
    return [replace(each, subject=found.get(each.about[1], ())) for each in told]


def folded(told) -> list[Told]:
    """The story with what one person's text saved by itself, again and again, as one line: its newest save."""
    lines = []
    for each in told:
        last = lines[-1] if lines else None
        if last and last.often and (each.who, each.about, each.day) == (last.who, last.about, last.day):
            first, times = timezone.localtime(each.recorded_at), last.times + 1
            since = f"{clock_time(first)}{repeated_suffix(first)}"
            lines[-1] = replace(last, what=f"{each.what}, {times} times since {since}", times=times)
        else:
            lines.append(each)
    return lines


def _role(code):
    return Role(code) if code in set(Role) else None
