"""All that one reader sees of one action. What hangs on it opens with it; parts and whole have their own rule."""

from dataclasses import dataclass, field

from django.core.paginator import Paginator
from django.urls import reverse

from partnership.access.context import folder_page
from partnership.access.models import FolderKind
from partnership.access.rows import powers
from partnership.access.scope import show_folders
from partnership.access.story import FOR_GRANTERS, story
from partnership.actions import evidence, rag
from partnership.actions.answering.next_steps import next_for, why_nothing
from partnership.actions.answering.owners import has_gone
from partnership.actions.flow import ACTION
from partnership.actions.models import Action, DateChange, Evidence, RagOverride, Update
from partnership.actions.reads import standing_of, with_facts
from partnership.actions.sources import Told, sources_of
from partnership.documents.reads import Enclosure
from partnership.people.roles import Perm

S = Action.Status
SHAPES = {rag.RED: "red", rag.AMBER: "orange", rag.GREEN: "green", rag.GREY: "grey", rag.BLUE: "blue"}


@dataclass(frozen=True)
class Rating:
    """A rating as it is drawn: a sign and a word first, the colour last, so that nobody needs to see the colour."""

    standing: rag.Standing

    @property
    def words(self):
        return f"{self.standing.sign} {self.standing.word}"

    @property
    def colour(self):
        return SHAPES[self.standing.colour]

    @property
    def why(self):
        return self.standing.why


@dataclass(frozen=True)
class Place:
    """Whose an action is, as this reader may know it. url: empty where the place is not theirs to open."""

    words: str
    url: str = ""


ON_A_PAGE = 50
NO_MORE = "A case. You see this action, and nothing else of it."


def place_of(user, folder) -> Place:
    """A group and an audit are published, by their names; a sealed folder is named by its code word, and only to those
    who see it."""
    seen = Perm.FOLDER_VIEW in powers(user, [folder])[folder.pk]
    url = folder_page(folder) if seen else ""
    if folder.kind in (FolderKind.GROUP, FolderKind.AUDIT) and not folder.sealed:
        return Place(folder.title, url)
    if folder.sealed:
        return Place(folder.reference, url) if seen else Place(NO_MORE)
    return Place(folder.title if seen else "The partnership’s business", url)


@dataclass(frozen=True)
class Shown:
    """Evidence with its file, if it has one."""

    row: Evidence
    file: Enclosure | None


def evidence_of(user, row) -> list[Shown]:
    """What shows that an action was done, the oldest first; two questions however much there is."""
    rows = Evidence.objects.visible_to(user).filter(action=row, removed_at=None).select_related("added_by")
    found = list(rows)
    files = evidence.newest_of(found)
    return [Shown(each, _file(each, files[each.document_id]) if each.document_id else None) for each in found]


def _file(each, version) -> Enclosure:
    return Enclosure.of(version, reverse("actions:evidence_file", args=[each.pk]))


@dataclass
class ActionPage:
    """What one reader sees. steps: the URL names of what they can do now, and that can succeed."""

    row: Action
    held: frozenset
    rating: Rating
    place: Place
    mine: bool
    owner_gone: bool
    own_closing: bool
    updates: list = field(default_factory=list)
    evidence: list = field(default_factory=list)
    dates: list = field(default_factory=list)
    rated: RagOverride | None = None
    whole: Action | None = None
    parts: list = field(default_factory=list)
    source: Told | None = None
    story: list = field(default_factory=list)
    steps: set = field(default_factory=set)
    next: object = None
    why_nothing: str = ""

    @property
    def is_split(self):
        return bool(self.row.part_count)

    @property
    def waiting_date(self):
        return next((each for each in self.dates if each.status == DateChange.Status.WAITING), None)

    @property
    def over(self):
        return self.row.status in Action.OVER


ALL = ("folder", "owner", "agency", "priority", "duty", "added_by", "close_asked_by", "closed_by")


def read(user, pk) -> Action:
    """An action with its facts, as the row rule lets it through; the page has asked for it."""
    return with_facts(Action.objects.visible_to(user)).select_related(*ALL).get(pk=pk)


def page_of(user, row) -> ActionPage:
    """row: of `read`. As many questions for an action with fifty updates as for one with none."""
    day, held = rag.day(), powers(user, [row])[row.pk]
    page = ActionPage(
        row=row,
        held=held,
        rating=Rating(standing_of(row, day)),
        place=place_of(user, row.folder),
        mine=row.owner_id == user.pk,
        owner_gone=has_gone(row),
        own_closing=user.pk in (row.owner_id, row.close_asked_by_id),
        updates=list(Update.objects.visible_to(user).filter(action=row).select_related("by")),
        evidence=evidence_of(user, row),
        dates=list(DateChange.objects.visible_to(user).filter(action=row).select_related("asked_by", "decided_by")),
    )
    if page.rating.standing.by_hand:
        page.rated = RagOverride.objects.visible_to(user).filter(action=row).select_related("by").first()
    seen = with_facts(Action.objects.visible_to(user)).select_related("owner", "agency")
    page.whole = seen.filter(pk=row.parent_id).first() if row.parent_id else None
    if page.is_split:
        page.parts = [(each, Rating(standing_of(each, day))) for each in seen.filter(parent=row)]
    page.source = sources_of(user, [row]).get(row.pk)
    page.story = _story(page)
    page.steps = steps_of(page, user)
    page.next = next_for(page, day)
    page.why_nothing = "" if page.next else why_nothing(page)
    return page


def _story(page):
    """Who did what, for those who run it or read the trail of its folder."""
    if not page.held & {Perm.TRAIL_READ, Perm.ACTION_MANAGE}:
        return []
    hide = () if Perm.FOLDER_GRANT in page.held else FOR_GRANTERS
    also = [each.pk for each in page.dates]
    return story(object_id=page.row.pk, also=also, hide=(*hide, "refused"), readings=False)


def steps_of(page, user) -> set:
    """What this reader can do on an action now: by the flow, and by what the services refuse besides."""
    row, held = page.row, page.held
    found = {code for code, _ in ACTION.open_with(held, row)} - {"complete", "take_back"}
    if page.is_split:
        found -= {"ask_close", "park"}
    if row.parent_id:
        found -= {"park"}
    if page.own_closing:
        found -= {"approve"}
    runs, answers = Perm.ACTION_MANAGE in held, Perm.ACTION_ANSWER in held
    live = row.status in Action.LIVE
    if runs and row.status not in Action.OVER:
        found.add("edit")
    if runs and row.status == S.OPEN and not row.parent_id:
        found.add("split")
    if live and (runs or Perm.ACTION_GIVE in held):
        found.add("give")
    if live and not page.is_split:
        found |= _of_one_that_goes_on(page, user, runs, answers)
    if page.waiting_date and runs and user.pk not in (page.waiting_date.asked_by_id, row.owner_id):
        found.add("decide_date")
    if page.waiting_date and answers:
        found.add("withdraw_date")
    return found


def _of_one_that_goes_on(page, user, runs, answers) -> set:
    row, found = page.row, set()
    if runs or answers:
        found |= {"update", "evidence_add"}
        if row.status == S.OPEN:
            found.add("evidence_remove")
    if answers and row.status == S.OPEN and page.waiting_date is None:
        found.add("ask_date")
    if runs and row.owner_id != user.pk:
        found.add("set_due")
    if runs and not page.own_closing:
        found.add("rate")
    return found


def steps_on(user, row) -> set:
    """The same for the page of one step, of which only the outcome is wanted: at most four questions."""
    row = read(user, row.pk)
    dates = list(DateChange.objects.visible_to(user).filter(action=row, status=DateChange.Status.WAITING))
    page = ActionPage(
        row=row, held=powers(user, [row])[row.pk], rating=None, place=None, mine=row.owner_id == user.pk,
        owner_gone=False, own_closing=user.pk in (row.owner_id, row.close_asked_by_id), dates=dates,
    )  # fmt: skip
    return steps_of(page, user)


@dataclass(frozen=True)
class Waiting:
    """One action whose closing waits for this reader's word. own: somebody else's word is needed."""

    row: Action
    place: Place
    evidence: list
    own: bool


def to_approve(user, number):
    """A page of what waits for this person's approval, as Waiting, the oldest first."""
    rows = Action.objects.allowing(user, Perm.ACTION_APPROVE).filter(status=S.TO_APPROVE)
    rows = rows.select_related("folder", "owner", "agency", "close_asked_by").order_by("close_asked_at", "pk")
    page = Paginator(rows, ON_A_PAGE).get_page(number)
    rows = list(page.object_list)
    found = Evidence.objects.visible_to(user).filter(action__in=rows, removed_at=None).select_related("added_by")
    found = list(found)
    files = evidence.newest_of(found)
    of = {}
    for each in found:
        file = _file(each, files[each.document_id]) if each.document_id else None
        of.setdefault(each.action_id, []).append(Shown(each, file))
    folders = {row.folder_id: place_of(user, row.folder) for row in rows}
    show_folders({row.folder_id for row in rows if row.sensitive})
    page.object_list = [
        Waiting(row, folders[row.folder_id], of.get(row.pk, []), user.pk in (row.owner_id, row.close_asked_by_id))
        for row in rows
    ]
    return page
